"""One studio for all that is broken in it: the rounds are long, and each goes on with what the one before it left."""

import asyncio
from collections.abc import Iterator

import pytest

from services.studio.chaos.genesis_work import WORKLOAD
from services.studio.chaos.rounds import Trial
from services.studio.chaos.studio_under_test import studio_under_test


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """The event loop that the studio's clients live in, over several tests."""
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="module")
def trial(runner: asyncio.Runner) -> Iterator[Trial]:
    """A running studio to break."""
    context = studio_under_test()
    studio = runner.run(context.__aenter__())
    try:
        yield Trial(studio, WORKLOAD, print)
    finally:
        runner.run(context.__aexit__(None, None, None))
