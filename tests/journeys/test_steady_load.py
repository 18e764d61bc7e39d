"""A hundred commands a second on a hundred flows; what it takes is measured by the benchmark of the same load."""

import asyncio
import random

import pytest

from tests.kit.steady_load import Desk, SteadyReport, open_desks, work_steadily
from tests.kit.studio import Studio
from tests.kit.waiting import eventually_sync

FLOWS = 100
PER_SECOND = 100.0
CAUGHT_UP_SECONDS_MAX = 60.0


def test_ac101_a_steady_load_on_many_flows_is_answered_and_shown(studio: Studio) -> None:
    _is_answered_and_shown(studio, seconds=6, seed=1)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_ac101_a_minute_of_a_steady_load_on_many_flows_is_answered_and_shown(studio: Studio) -> None:
    _is_answered_and_shown(studio, seconds=60, seed=2)


def _is_answered_and_shown(studio: Studio, *, seconds: float, seed: int) -> None:
    desks = open_desks(studio, FLOWS)
    load = work_steadily(studio, desks, per_second=PER_SECOND, seconds=seconds, chance=random.Random(seed))
    report = asyncio.run(load)
    assert report.statuses == {201: PER_SECOND * seconds}
    eventually_sync(
        lambda: _shown(studio, desks) == _acknowledged(desks, report),
        what="everything is shown",
        seconds=CAUGHT_UP_SECONDS_MAX,
    )


def _shown(studio: Studio, desks: list[Desk]) -> dict[str, list[str]]:
    rows = studio.rows(
        "SELECT session_id::TEXT, array_agg(input ->> 'content' ORDER BY sequence_number)"
        " FROM conversation_rounds WHERE session_id = ANY(%s::UUID[]) GROUP BY session_id",
        [desk.session_id for desk in desks],
    )
    return dict(rows)


def _acknowledged(desks: list[Desk], report: SteadyReport) -> dict[str, list[str]]:
    said = {desk.session_id: report.said_in_order(desk.session_id) for desk in desks}
    return {session_id: words for session_id, words in said.items() if words}
