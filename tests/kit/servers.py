"""The real servers that tests run against: one PostgreSQL and one Kafka a run, shared by all its workers.

The first worker that needs a server starts it; it stops it again when no worker uses it any more. What a killed run
left behind is ended by the next start on the same directory.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import orjson
import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services.runtime.migrations import migrate, read_migrations
from services.studio.embedded_kafka import EmbeddedKafka
from services.studio.embedded_postgres import EmbeddedPostgres
from services.studio.kafka_jars import default_jars_directory
from services.studio.ports import free_port, free_ports
from services.studio.process_identity import ProcessIdentity
from tests.kit.waiting import eventually_sync

STOP_SECONDS_MAX = 600.0


@contextmanager
def shared_postgres() -> Iterator[str]:
    """The libpq URL of a server; its databases are made with `fresh_database`."""
    with _shared("postgres", _start_postgres) as url:
        yield url


@contextmanager
def shared_kafka() -> Iterator[str]:
    """The address of a broker; topics and groups need names of their own."""
    with _shared("kafka", _start_kafka) as bootstrap:
        yield bootstrap


@contextmanager
def own_kafka() -> Iterator[EmbeddedKafka]:
    """A broker, not started yet, for a test that takes it away."""
    with tempfile.TemporaryDirectory(prefix="studio-kafka-") as directory:
        broker = _broker(Path(directory))
        try:
            yield broker
        finally:
            broker.stop()


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """The URL of a migrated database that nobody else uses; it is dropped afterwards."""
    template, name = _template_name(), f"test_{uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        _make_template(connection, server_url, template)
        _create_database(connection, name, template)
        try:
            yield _database_url(server_url, name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _shared(name: str, start: Callable[[Path], tuple[str, Callable[[], None]]]) -> Iterator[str]:
    directory = _run_directory() / name
    directory.mkdir(parents=True, exist_ok=True)
    stop: Callable[[], None] | None = None
    with _locked(directory):
        users = _users(directory)
        # Whoever has started it stays until it is the last: while there are users the server is up.
        if users:
            address = (directory / "address").read_text()
        else:
            address, stop = start(directory)
            (directory / "address").write_text(address)
        _write_users(directory, [*users, ProcessIdentity.of_this_process()])
    try:
        yield address
    finally:
        _leave(directory, stop)


def _leave(directory: Path, stop: Callable[[], None] | None) -> None:
    me = ProcessIdentity.of_this_process()
    if stop is None:
        with _locked(directory):
            _write_users(directory, [user for user in _users(directory) if user.pid != me.pid])
        return

    def only_us() -> bool:
        with _locked(directory):
            alone = all(user.pid == me.pid for user in _users(directory))
            if alone:
                _write_users(directory, [])
                stop()
            return alone

    eventually_sync(only_us, what="the other workers are done with the server", seconds=STOP_SECONDS_MAX)


def _start_postgres(directory: Path) -> tuple[str, Callable[[], None]]:
    server = EmbeddedPostgres(directory / "data", port=free_port())
    server.start()
    with psycopg.connect(server.url, autocommit=True) as connection:
        left = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'").fetchall()
        for (name,) in left:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    return server.url, server.stop


def _start_kafka(directory: Path) -> tuple[str, Callable[[], None]]:
    data = directory / "data"
    if not (data / "broker.json").exists():
        shutil.rmtree(data, ignore_errors=True)
    broker = _broker(data)
    broker.start()
    return broker.bootstrap, broker.stop


def _broker(directory: Path) -> EmbeddedKafka:
    port, controller_port = free_ports(2)
    return EmbeddedKafka(directory, port=port, controller_port=controller_port, jars_directory=default_jars_directory())


def _template_name() -> str:
    texts = "".join(migration.checksum for migration in read_migrations())
    return f"template_{hashlib.sha256(texts.encode()).hexdigest()[:16]}"


def _make_template(connection: psycopg.Connection, server_url: str, template: str) -> None:
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
    try:
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if made is None:
            unfinished = f"test_{uuid4().hex}"
            _create_database(connection, unfinished, "template0")
            migrate(_database_url(server_url, unfinished))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(template))
            )
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [template])


def _create_database(connection: psycopg.Connection, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _database_url(server_url: str, name: str) -> str:
    return make_conninfo(server_url, dbname=name)


def _run_directory() -> Path:
    """One per checkout and user, the same in every run, so that a killed run's servers are found again."""
    checkout = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"genesis-studio-tests-{os.getuid()}-{checkout}"


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _users(directory: Path) -> list[ProcessIdentity]:
    recorded: list[dict[str, float]] = []
    with suppress(FileNotFoundError, ValueError):
        recorded = orjson.loads((directory / "users.json").read_bytes())
    users = [ProcessIdentity(int(user["pid"]), user["create_time"]) for user in recorded]
    return [user for user in users if user.is_alive()]


def _write_users(directory: Path, users: list[ProcessIdentity]) -> None:
    (directory / "users.json").write_bytes(orjson.dumps(users))
