"""Fixtures of the tests that need a database: one server for the run, one migrated database a module."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from services.runtime.migrations import migrate
from services.studio.embedded_postgres import EmbeddedPostgres
from services.studio.ports import free_port
from tests.runtime.query_side import Log, QueryApi, running_query_api


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server for this run."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), port=free_port())
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


@pytest.fixture(scope="module")
def database_url(postgres_url: str) -> Iterator[str]:
    """A database of its own with the current schema."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = make_conninfo(postgres_url, dbname=name)
    migrate(url)
    yield url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def log(database_url: str) -> Iterator[Log]:
    """The write side, played by hand."""
    log = Log(database_url)
    yield log
    log.close()


@pytest.fixture(scope="module")
def api(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[QueryApi]:
    """The query API on that database."""
    with running_query_api(database_url, tmp_path_factory.mktemp("query-api")) as api:
        yield api


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Room for a process of the test's own."""
    return tmp_path
