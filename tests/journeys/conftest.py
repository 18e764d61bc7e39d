"""Journeys share one studio with two of every process; each test is a user of its own."""

from collections.abc import Iterator

import pytest

from tests.kit.replaying import snapshots_equal_replay
from tests.kit.studio import Client, Studio, running_studio


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """A running studio. Whatever the journeys have done in it, its snapshots are what its events come to."""
    with running_studio() as running:
        yield running
        assert snapshots_equal_replay(running.database_url)


@pytest.fixture
def user(studio: Studio) -> Client:
    """A user that nobody else is."""
    return studio.user()
