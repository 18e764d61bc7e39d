"""Streams that are cut again and again, at their full number in the long run."""

from pathlib import Path

import pytest

from tests.runtime.query_side.by_hand import Log
from tests.runtime.query_side.reconnecting import cut_again_and_again


@pytest.mark.anyio
async def test_clients_that_are_cut_again_and_again_see_every_event_once_and_in_order(log: Log, tmp_path: Path) -> None:
    await cut_again_and_again(log, tmp_path, clients=40, reconnects=25, kills=2, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@pytest.mark.anyio
@pytest.mark.parametrize("seed", range(3))
async def test_two_hundred_clients_cut_a_hundred_times_each_see_every_event_once_and_in_order(
    log: Log, tmp_path: Path, seed: int
) -> None:
    await cut_again_and_again(log, tmp_path, clients=200, reconnects=100, kills=20, seed=seed)
