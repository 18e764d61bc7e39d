"""A database with a history and its read models, told once and copied for each test."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.kit.histories import Story, tell_story, write_histories
from tests.kit.servers import fresh_database
from tests.runtime.rebuilding.sight import project


@pytest.fixture(scope="session")
def story() -> Story:
    """A novel from its first prompt to its finish."""
    return tell_story(rounds=2)


@pytest.fixture(scope="session")
def told_once(postgres: str, story: Story) -> Iterator[str]:
    """What `told` is a copy of."""
    with fresh_database(postgres) as url:
        write_histories(url, story, scopes=6)
        write_histories(url, tell_story(rounds=1, deleted=True), scopes=2, seed=2)
        project(url)
        yield url


@pytest.fixture
def told(postgres: str, told_once: str) -> Iterator[str]:
    """A database whose read models show a history: novels that are finished, and some that were deleted."""
    name, template = f"test_{uuid4().hex}", str(conninfo_to_dict(told_once)["dbname"])
    with psycopg.connect(postgres, autocommit=True) as connection:
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template}").format(**names))
        try:
            yield make_conninfo(postgres, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**names))
