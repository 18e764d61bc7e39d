"""Servers, a database and a topic for each test of the machinery."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from services.runtime.database import Pool, open_pool
from tests.kit import counters
from tests.kit.servers import fresh_database


@pytest.fixture
def database_url(postgres: str) -> Iterator[str]:
    """A migrated database with the counters' read model."""
    with fresh_database(postgres) as url:
        counters.make_tables(url)
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections to the test's database."""
    async with open_pool(database_url, size=8, name="test") as pool:
        yield pool


@pytest.fixture
def topic() -> str:
    """A topic that only this test uses."""
    return f"test.{uuid4().hex}"
