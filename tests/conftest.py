"""Servers that tests of any folder may ask for."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.kit.servers import fresh_database, shared_kafka, shared_postgres

# Continuous integration is no lottery; `make explore` looks elsewhere each time, and longer.
settings.register_profile("ci", derandomize=True)
settings.register_profile("explore", max_examples=1_000, derandomize=False, print_blob=True)
settings.load_profile("ci")


@pytest.fixture
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of the run's PostgreSQL server."""
    with shared_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """Address of the run's broker."""
    with shared_kafka() as bootstrap:
        yield bootstrap


@pytest.fixture
def migrated(postgres: str) -> Iterator[str]:
    """URL of a migrated database that only this test uses."""
    with fresh_database(postgres) as url:
        yield url
