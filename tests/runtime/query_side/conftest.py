"""One database a module, and the query API on it."""

from collections.abc import Iterator

import pytest

from tests.kit.servers import fresh_database
from tests.runtime.query_side.by_hand import Log, Person, QueryApi, new_person, running_query_api


@pytest.fixture(scope="module")
def database_url(postgres: str) -> Iterator[str]:
    """A migrated database: events of different tests are kept apart by their users."""
    with fresh_database(postgres) as url:
        yield url


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
def person() -> Person:
    """A user of the test's own."""
    return new_person()
