"""Nobody who reads ever sees an empty table, or one table as it was beside another as it will be."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from services.runtime.database import open_pool
from services.runtime.reading import _in_one_snapshot
from services.runtime.rebuilding import swapping
from services.runtime.rebuilding.errors import RebuildError
from services.runtime.rebuilding.rebuilder import Rebuilder
from tests.kit.waiting import eventually_sync
from tests.runtime.rebuilding.sight import CONTEXTS_NAME, change, rows

THEME = "守望与放手"
"""What the story ends with."""

# Tables of two projections and a view: each shows another value before and after the swap, the same in all rows.
READS: Sequence[tuple[bytes, Mapping[str, Any]]] = (
    (b"SELECT DISTINCT mode AS seen FROM genesis_flows", {}),
    (b"SELECT DISTINCT theme AS seen FROM novels", {}),
    (b"SELECT DISTINCT session_metadata ->> 'side' AS seen FROM genesis_sessions", {}),
)
OLD = (("refinement",), ("old",), ("old",))
NEW = (("inspiration",), (THEME,), (None,))

Seen = tuple[tuple[str | None, ...], ...]


@pytest.fixture
def two_sided(told: str) -> str:
    """Live tables that show other values than the rebuilt ones will."""
    change(told, "UPDATE novels SET theme = 'old'")
    change(told, "UPDATE genesis_flows SET mode = 'refinement', state = '{\"side\": \"old\"}'")
    return told


@contextmanager
def reading(database_url: str, readers: int = 2) -> Iterator[Counter[Seen]]:
    """Reads all the time while the block runs, as the query API does; what was seen, and how often."""
    seen: Counter[Seen] = Counter()
    stop = threading.Event()

    async def read() -> None:
        async with open_pool(database_url, size=readers, name="test") as pool:

            async def read_again() -> None:
                while not stop.is_set():
                    found = await _in_one_snapshot(pool, READS, ("", ""))
                    seen[tuple(tuple(row["seen"] for row in one) for one in found)] += 1

            await asyncio.gather(*(read_again() for _ in range(readers)))

    thread = threading.Thread(target=lambda: asyncio.run(read()))
    thread.start()
    try:
        eventually_sync(lambda: seen, what="something is read")
        yield seen
    finally:
        stop.set()
        thread.join(30)


def test_readers_see_the_old_rows_or_the_new_ones_and_never_both_or_none(two_sided: str) -> None:
    rebuilder = Rebuilder(two_sided, CONTEXTS_NAME, workers=1)
    with reading(two_sided) as seen:
        assert rebuilder.run([], accept_differences=True).swapped
        _await_more(seen, NEW)
        rebuilder.undo()
        _await_more(seen, OLD)
    assert set(seen) == {OLD, NEW}


def test_a_reader_that_does_not_end_puts_the_swap_off_and_nobody_else(
    two_sided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(swapping, "ATTEMPTS_MAX", 2)
    rebuilder, before = Rebuilder(two_sided, CONTEXTS_NAME, workers=1), rows(two_sided)
    with psycopg.connect(two_sided) as slow, reading(two_sided) as seen:
        slow.execute("LOCK TABLE projection_checkpoints IN ACCESS SHARE MODE")
        with pytest.raises(RebuildError, match="There was no quiet moment in 2 attempts"):
            rebuilder.run([], accept_differences=True)
        _await_more(seen, OLD)
    assert set(seen) == {OLD}
    assert rows(two_sided) == before
    assert rebuilder.run([], accept_differences=True).swapped


def _await_more(seen: Counter[Seen], wanted: Seen) -> None:
    before = seen[wanted]
    eventually_sync(lambda: seen[wanted] > before, what=f"{wanted} is read again")
