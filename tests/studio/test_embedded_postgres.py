"""The embedded PostgreSQL, the real one: its first start, restarts, crashes and refusals."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from services.studio.embedded_postgres import EmbeddedPostgres, postgres_binary
from services.studio.errors import StudioError
from services.studio.ports import LOOPBACK, free_port


@contextmanager
def running(directory: Path) -> Iterator[EmbeddedPostgres]:
    """A started server, stopped at the end."""
    server = EmbeddedPostgres(directory, port=free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


def keep_a_row(server: EmbeddedPostgres) -> None:
    """Commit something that a later server must still have."""
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")


def ask(server: EmbeddedPostgres, query: str) -> object:
    """First value of a query's answer; committed."""
    with psycopg.connect(server.url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def test_a_first_start_makes_a_utf8_database_with_checksums(open_path: Path) -> None:
    with running(open_path) as server:
        assert ask(server, "SELECT current_database()") == "studio"
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'studio'") == "C.UTF-8"
        assert ask(server, "SHOW data_checksums") == "on"
        assert ask(server, "SHOW wal_segment_size") == "1MB"
        assert ask(server, "SHOW shared_preload_libraries") == "pg_stat_statements"


def test_the_password_is_private_and_needed(open_path: Path) -> None:
    with running(open_path) as server:
        assert stat.S_IMODE((open_path / "password").stat().st_mode) == 0o600
        without = server.url.replace((open_path / "password").read_text(), "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(without)


def test_it_listens_on_loopback_only(open_path: Path) -> None:
    with running(open_path) as server:
        listening = [
            one.laddr.ip
            for one in psutil.Process(server.pid).net_connections(kind="all")
            if one.status == psutil.CONN_LISTEN
        ]
    assert listening == [LOOPBACK]


def test_a_restart_on_another_port_keeps_the_data(open_path: Path) -> None:
    with running(open_path) as server:
        keep_a_row(server)
    with running(open_path) as server:
        assert ask(server, "SELECT n FROM kept") == 42


def test_a_server_left_behind_by_a_killed_owner_is_ended_and_its_data_kept(open_path: Path) -> None:
    abandoned = EmbeddedPostgres(open_path, port=free_port())
    abandoned.start()
    keep_a_row(abandoned)
    with running(open_path) as server:
        assert abandoned.pid is None
        assert ask(server, "SELECT n FROM kept") == 42


def test_a_server_that_was_killed_recovers(open_path: Path) -> None:
    killed = EmbeddedPostgres(open_path, port=free_port())
    killed.start()
    keep_a_row(killed)
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    with running(open_path) as server:
        assert ask(server, "SELECT n FROM kept") == 42
    killed.stop()


def test_a_stale_pid_file_that_names_a_stranger_is_ignored_and_the_stranger_spared(open_path: Path) -> None:
    with running(open_path):
        pid_file = open_path / "cluster" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with running(open_path) as server:
            assert ask(server, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_an_initialisation_cut_short_is_begun_again(open_path: Path) -> None:
    (open_path / "cluster.unfinished" / "base").mkdir(parents=True)
    with running(open_path) as server:
        assert ask(server, "SELECT 1") == 1


def test_data_of_another_major_version_is_refused_with_a_sentence(open_path: Path) -> None:
    with running(open_path):
        pass
    (open_path / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(StudioError, match="was written by PostgreSQL 16; this installation has 18"):
        EmbeddedPostgres(open_path, port=free_port()).start()


def test_a_start_that_fails_shows_the_end_of_the_log(open_path: Path) -> None:
    with running(open_path):
        pass
    (open_path / "cluster" / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(StudioError, match="no_such_setting"):
        EmbeddedPostgres(open_path, port=free_port()).start()


def test_its_programs_are_found_in_the_wheel() -> None:
    answer = subprocess.run([postgres_binary("pgbench"), "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("pgbench (PostgreSQL) 18")
