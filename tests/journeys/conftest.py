"""Journeys share one studio with two of every process; each test is a user of its own."""

from collections.abc import Iterator

import pytest

from tests.kit.studio import Client, Studio, running_studio


@pytest.fixture(scope="session")
def studio() -> Iterator[Studio]:
    """A running studio."""
    with running_studio() as running:
        yield running


@pytest.fixture
def user(studio: Studio) -> Client:
    """A user that nobody else is."""
    return studio.user()
