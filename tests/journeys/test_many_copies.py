"""Several of every process on many scopes: order and completeness everywhere, at the full number in the long run."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.many_copies import (
    check_broker,
    check_read_models,
    check_store,
    projectors_coming_and_going,
    write_to_many_scopes,
)
from tests.kit.studio import Studio, running_studio

COPIES = {"command_api": 2, "message_relay": 3, "projector": 3}


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """Where the studio's data are."""
    with tempfile.TemporaryDirectory(prefix="studio-") as temporary:
        yield Path(temporary)


@pytest.fixture(scope="module")
def copies(directory: Path) -> Iterator[Studio]:
    """A studio with several of every process that writes."""
    with running_studio(directory, replicas=COPIES) as studio:
        yield studio


def _each_command_is_everywhere_once_and_in_order(
    studio: Studio, directory: Path, *, scopes: int, commands: int, seed: int
) -> None:
    chance = random.Random(seed)
    user = studio.user()
    with projectors_coming_and_going(directory, random.Random(seed)) as ends:
        told = write_to_many_scopes(user, scopes=scopes, commands=commands, chance=chance)
    assert sum(len(scope.positions) for scope in told) == commands
    assert ends, "a projector came and went"
    check_store(studio, told)
    check_broker(studio, told)
    check_read_models(user, told)


def test_commands_on_many_scopes_are_everywhere_once_and_in_order(copies: Studio, directory: Path) -> None:
    _each_command_is_everywhere_once_and_in_order(copies, directory, scopes=50, commands=2_000, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("seed", range(3))
def test_twenty_thousand_commands_on_fifty_scopes_are_everywhere_once_and_in_order(
    copies: Studio, directory: Path, seed: int
) -> None:
    _each_command_is_everywhere_once_and_in_order(copies, directory, scopes=50, commands=20_000, seed=seed)
