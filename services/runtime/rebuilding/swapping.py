"""The two moments at which everybody has to wait: to compare, and to exchange the tables.

Both take a lock on `projection_checkpoints`, which every projector writes to and every reader of read models locks
before it takes its snapshot. Whoever waits for a lock makes all later ones wait too, so it is never waited for long:
after a moment the attempt is given up and made again.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

import psycopg

from services.runtime.crash_points import reached
from services.runtime.pacing import Backoff
from services.runtime.rebuilding.errors import RebuildError
from services.runtime.rebuilding.following import Follower
from services.runtime.rebuilding.record import Connection, Rebuild, State, connected, enter
from services.runtime.rebuilding.tables import exchange
from services.runtime.sql_files import read_sql

ATTEMPTS_MAX = 60
LOCKED_SECONDS_MAX = 5
"""Longer than this nobody waits for us, even if we are stopped in the middle: the server ends our transaction."""
LOCKED_STEPS_MAX = 2
"""So many steps of catching up are made while everybody waits; when there is more, it is done before."""

_SQL = read_sql("services.runtime.rebuilding", "swapping.sql")

_BUSY = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
)

Value = TypeVar("Value")


class TooFarBehind(Exception):
    """More has happened than may be caught up with while everybody waits."""


@contextmanager
def same_moment(
    database_url: str, follower: Follower, schema: str, between: Callable[[], None]
) -> Iterator[Connection]:
    """A snapshot in which the tables in the schema stand exactly where the live ones do, for as long as the block.

    `between` runs between the attempts to get one, to catch up.
    """
    with ExitStack() as stack:
        gate = stack.enter_context(connected(database_url, idle_seconds_max=LOCKED_SECONDS_MAX))
        writer = stack.enter_context(connected(database_url, one_snapshot=True))
        reader = stack.enter_context(connected(database_url, one_snapshot=True))

        def step() -> int:
            with writer.transaction():
                return follower.step(writer, schema)

        def attempt() -> None:
            with gate.transaction():
                _lock(gate, "lock_out_projectors")
                _catch_up(step)
                reader.execute(_SQL["look"])
                # Had the server lost patience with us, there would be no lock any more, and this no common moment.
                gate.execute(_SQL["look"])

        with reader.transaction():
            _when_possible(attempt, between)
            yield reader


def swap(
    database_url: str,
    rebuild: Rebuild,
    follower: Follower,
    between: Callable[[], None],
    *,
    incoming: str,
    outgoing: str,
    becomes: State,
) -> Rebuild:
    """Exchanges the live tables for those in the schema `incoming`, all in one transaction, when both are alike."""
    with connected(database_url, idle_seconds_max=LOCKED_SECONDS_MAX, one_snapshot=True) as connection:

        def attempt() -> Rebuild:
            with connection.transaction():
                _lock(connection, "lock_out_everybody")
                _catch_up(lambda: follower.step(connection, incoming))
                exchange(connection, rebuild.tables, incoming=incoming, outgoing=outgoing)
                reached("rebuild.before_swap")
                return enter(connection, rebuild, becomes)

        swapped = _when_possible(attempt, between)
        reached("rebuild.after_swap")
        return swapped


def _when_possible(attempt: Callable[[], Value], between: Callable[[], None]) -> Value:
    backoff = Backoff(0.05, 1.0)
    for _ in range(ATTEMPTS_MAX):
        try:
            return attempt()
        except (*_BUSY, TooFarBehind) as error:
            reason = error
        time.sleep(backoff.next_seconds())
        between()
    raise RebuildError(
        f"There was no quiet moment in {ATTEMPTS_MAX} attempts; the last failed with: {reason}",
        remedy="Run the same command again when there is less going on, or look for a transaction that does not end.",
    )


def _catch_up(step: Callable[[], int]) -> None:
    for _ in range(LOCKED_STEPS_MAX):
        if step() == 0:
            return
    raise TooFarBehind(f"more happened than {LOCKED_STEPS_MAX} steps could catch up with")


def _lock(connection: Connection, mode: str) -> None:
    for statement in ("wait_briefly", "work_briefly", mode):
        connection.execute(_SQL[statement])
