"""The `studio` command as a user types it, without a running studio and beside one."""

import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner, Result

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.main import app
from services.studio.ports import LOOPBACK, free_ports
from services.studio.process_plan import kind_named
from services.studio.single_process import environment_for
from tests.studio.conftest import FakeStudio

MakeStudio = Callable[..., FakeStudio]


def studio(*arguments: str | Path | int) -> Result:
    """Run the command in this process, in a wide terminal so that nothing is folded."""
    return CliRunner(env={"COLUMNS": "300"}).invoke(app, [str(argument) for argument in arguments])


def test_dead_letters_needs_a_running_studio_and_to_be_told_what_to_redrive(tmp_path: Path) -> None:
    listed = studio("dead-letters", "list", "--data", tmp_path)
    assert (listed.exit_code, "No studio is running" in listed.stderr) == (1, True)
    for arguments in ([], ["--scope", "one", "--all"]):
        answer = studio("dead-letters", "redrive", *arguments, "--data", tmp_path)
        assert (answer.exit_code, "Name a --scope, or say --all." in answer.stderr) == (2, True)


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    first = Installation(tmp_path).ensure_secret()
    assert Installation(tmp_path).ensure_secret() == first


def test_status_without_a_running_studio_says_so_and_fails(tmp_path: Path) -> None:
    answer = studio("status", "--data", tmp_path)
    assert (answer.exit_code, "No studio is running" in answer.stdout) == (1, True)


def test_down_without_a_running_studio_is_content(tmp_path: Path) -> None:
    answer = studio("down", "--data", tmp_path)
    assert (answer.exit_code, answer.stdout) == (0, "Nothing was running.\n")


def test_status_shows_every_process_and_down_stops_them(fake_studio: MakeStudio) -> None:
    running = fake_studio()
    running.start_and_await_ready()
    answer = studio("status", "--data", running.installation.directory)
    assert answer.exit_code == 0, answer.stdout
    assert all(name in answer.stdout for name in ("postgres", "command-api-1", "projector-1"))
    assert studio("down", "--data", running.installation.directory).exit_code == 0
    assert running.await_end() == 0
    assert running.running_processes() == []


def test_down_ends_what_a_killed_up_left_behind(fake_studio: MakeStudio) -> None:
    killed = fake_studio()
    killed.start_and_await_ready()
    killed.signal(signal.SIGKILL)
    killed.await_end()
    assert "Left behind by an earlier run" in studio("status", "--data", killed.installation.directory).stdout
    answer = studio("down", "--data", killed.installation.directory)
    assert "Ended what an earlier run had left behind: postgres, command-api-1, projector-1" in answer.stdout
    assert killed.running_processes() == []


def test_doctor_is_content_with_a_fresh_machine(tmp_path: Path) -> None:
    command_port, query_port = free_ports(2)
    answer = studio("doctor", "--data", tmp_path / "new", "--command-port", command_port, "--query-port", query_port)
    assert answer.exit_code == 0, answer.stdout
    assert "PostgreSQL" in answer.stdout


def test_doctor_fails_for_a_taken_port_and_says_how_to_choose_another(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        answer = studio("doctor", "--data", tmp_path, "--command-port", server.getsockname()[1])
    assert answer.exit_code == 1
    assert "taken by" in answer.stdout
    assert "--command-port" in answer.stdout


def test_doctor_fails_for_a_secret_that_others_may_read(tmp_path: Path) -> None:
    Installation(tmp_path).prepare()
    (tmp_path / "secret").chmod(0o644)
    answer = studio("doctor", "--data", tmp_path)
    assert answer.exit_code == 1
    assert "chmod 600" in answer.stdout


def test_doctor_looks_into_a_running_studio(fake_studio: MakeStudio) -> None:
    running = fake_studio()
    running.start_and_await_ready()
    answer = studio("doctor", "--data", running.installation.directory)
    assert "accepts connections" in answer.stdout
    assert answer.exit_code == 1, "the stand-in studio's broker address leads nowhere"


def test_up_with_little_space_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(total=0, used=0, free=100 * 1024**2))
    answer = studio("up", "--data", tmp_path)
    assert answer.exit_code == 1
    assert "Only 100 MiB are free" in answer.stderr


def test_up_with_a_database_that_is_away_says_so(tmp_path: Path) -> None:
    command_port, query_port, nobody = free_ports(3)
    answer = studio(
        "up", "--data", tmp_path, "--command-port", command_port, "--query-port", query_port,
        "--database-url", f"postgresql://{LOOPBACK}:{nobody}/studio", "--kafka-bootstrap", f"{LOOPBACK}:{nobody}",
    )  # fmt: skip
    assert answer.exit_code == 1
    assert "The database can't be reached" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_data_directory_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "layout_version").write_text("99\n")
    answer = studio("up", "--data", tmp_path)
    assert answer.exit_code == 1
    assert "made by a newer version" in answer.stderr


def test_a_data_directory_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    answer = studio("up", "--data", tmp_path / "file")
    assert answer.exit_code == 1
    assert "can't be used" in answer.stderr


def test_migrate_needs_a_database(tmp_path: Path) -> None:
    answer = studio("migrate", "--data", tmp_path)
    assert answer.exit_code == 1
    assert "No studio is running" in answer.stderr


def test_run_takes_its_settings_from_the_environment_or_says_what_is_missing(tmp_path: Path) -> None:
    given = {"STUDIO_DATABASE_URL": "postgresql:///elsewhere", "STUDIO_PORT": "1234"}
    environment = environment_for(kind_named("command-api"), Installation(tmp_path), given)
    assert environment["STUDIO_DATABASE_URL"] == "postgresql:///elsewhere"
    assert environment["STUDIO_PORT"] == "1234"
    assert environment["STUDIO_INSTANCE"] == f"command-api-{os.getpid()}"
    with pytest.raises(StudioError, match="STUDIO_KAFKA_BOOTSTRAP is not set"):
        environment_for(kind_named("projector"), Installation(tmp_path), given)


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_prompts_are_listed_and_shown_as_they_are_written() -> None:
    listed, shown = studio("prompts"), studio("prompts", "show", "theme.revise.zh")
    assert "theme.revise.zh" in listed.stdout
    assert "Revises the theme of a novel by feedback." in listed.stdout
    assert shown.stdout.startswith("根据反馈修订小说主题。\n---\n")


def test_a_prompt_that_is_not_there_names_those_that_are_near() -> None:
    answer = studio("prompts", "show", "theme.revise")
    assert (answer.exit_code, "theme.revise.en" in answer.stderr) == (1, True)
