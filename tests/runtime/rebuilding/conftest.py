"""A database with a history and its read models."""

from collections.abc import Iterator

import pytest

from tests.kit.histories import Story, tell_story, write_histories
from tests.kit.servers import fresh_database
from tests.runtime.rebuilding.sight import project


@pytest.fixture(scope="session")
def story() -> Story:
    """A novel from its first prompt to its finish."""
    return tell_story(rounds=2)


@pytest.fixture(scope="session")
def deleted_story() -> Story:
    """The same, and in the end it is deleted."""
    return tell_story(rounds=1, deleted=True)


@pytest.fixture
def told(postgres: str, story: Story, deleted_story: Story) -> Iterator[str]:
    """A database whose read models show a history."""
    with fresh_database(postgres) as url:
        write_histories(url, story, scopes=6)
        write_histories(url, deleted_story, scopes=2, seed=2)
        project(url)
        yield url
