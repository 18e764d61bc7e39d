"""Settling what is parked: tried again once its cause is mended, or given up so that what waits behind it flows.

Only the one in front of its scope can be settled; those behind it follow in order, as far as they can. What is given
up is an event's effect on one consumer, never the event: it stays in the store, and decisions still count it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.kernel.context import Context
from services.kernel.decider import Rejected
from services.runtime.database import Connection, Pool
from services.runtime.dead_letters import RELAY, Parked, find_parked, list_parked
from services.runtime.logs import get_logger
from services.runtime.metrics import DEAD_LETTERS_SETTLED_TOTAL
from services.runtime.outbox import redrive_outbox, skip_outbox
from services.runtime.read_models import Poison, ReadModels, refusals_as_poison
from services.runtime.recorded_events import event_of_row
from services.runtime.sql_files import read_sql

EVENTS_MAX = 1_000
"""Events that one request applies: a few seconds' work, during which projectors get their turns in the lane."""

_SQL = read_sql("services.runtime", "redriving.sql")

log = get_logger(__name__)


class Refusal(NamedTuple):
    """An event that still cannot be applied: it stays parked, in front of its scope."""

    position: int
    reason: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of a request.

    `redriven` events were applied, or messages put back to be sent; `refused` is where that ended. `waiting` is
    how many of the scope are parked still; a thousand or so stand for more.
    """

    redriven: int
    refused: Refusal | None
    waiting: int


class Redriving:
    """What an operator may do about every consumer's parked events; `actor` is who it is.

    That is logged before anything is done, so that nothing is done without it.
    """

    def __init__(self, pool: Pool, contexts: Sequence[Context]) -> None:
        self._pool = pool
        groups = {projection.group for context in contexts for projection in context.projections}
        self._read_models = {group: ReadModels(group, contexts, pool) for group in groups}

    async def redrive(self, consumer: str, position: int, *, actor: str) -> Settled:
        """Tries the event again, and those behind it.

        Raises Rejected; REDRIVE_FAILED when nothing but the number of attempts has changed.
        """
        front = await self._front(consumer, position)
        log.info("dead_letter.redrive", actor=actor, **_named(front))
        if consumer == RELAY:
            redriven, refused = _put_back(await redrive_outbox(self._pool, front.scope_id)), None
        else:
            redriven, refused = await self._apply_all(await self._opened(consumer), front)
        settled = await self._settled(front, redriven, refused)
        if refused is not None and refused.position == position:
            raise Rejected(
                "REDRIVE_FAILED",
                f"The event at position {position} still cannot be applied: {refused.reason}",
                position=str(position),
                reason=refused.reason,
                attempts=refused.attempts,
            )
        if redriven == 0 and refused is None:
            raise _not_there(consumer, position)
        return settled

    async def skip(self, consumer: str, position: int, *, actor: str) -> Settled:
        """Gives up the event's effect on the consumer, and applies those that waited behind it. Raises Rejected."""
        front = await self._front(consumer, position)
        log.info("dead_letter.skip", actor=actor, reason=front.reason, **_named(front))
        if consumer == RELAY:
            redriven, refused = _put_back(await self._skip_message(position)), None
        else:
            models = await self._opened(consumer)
            await self._give_up(models, front)
            redriven, refused = await self._apply_all(models, front)
        return await self._settled(front, redriven, refused)

    async def _opened(self, group: str) -> ReadModels:
        models = self._read_models[group]
        await models.open()
        return models

    async def _front(self, consumer: str, position: int) -> Parked:
        """The parked event if it is the first of its scope. Raises Rejected."""
        parked = await find_parked(self._pool, consumer, position)
        if parked is None:
            raise _not_there(consumer, position)
        if consumer != RELAY and consumer not in self._read_models:
            raise Rejected("CONSUMER_UNKNOWN", f"This build has no projection group {consumer}.")
        if parked.waits_behind is not None:
            raise Rejected(
                "DEAD_LETTER_WAITS",
                f"The event at position {position} waits behind the one at {parked.waits_behind}: settle that first.",
                waits_behind=str(parked.waits_behind),
            )
        return parked

    async def _skip_message(self, position: int) -> int:
        try:
            put_back = await skip_outbox(self._pool, position)
        except LookupError as error:
            raise _not_there(RELAY, position) from error
        DEAD_LETTERS_SETTLED_TOTAL.labels(RELAY, "skipped").inc()
        return put_back

    async def _give_up(self, models: ReadModels, front: Parked) -> None:
        async with self._pool.connection() as connection, connection.transaction():
            await self._lock_lane(connection, models, front)
            parameters = {"group": models.group, "scope_id": front.scope_id, "position": front.position}
            given_up = (await connection.execute(_SQL["give_up_first"], parameters)).rowcount
        if not given_up:
            raise _not_there(models.group, front.position)
        DEAD_LETTERS_SETTLED_TOTAL.labels(models.group, "skipped").inc()

    async def _apply_all(self, models: ReadModels, front: Parked) -> tuple[int, Refusal | None]:
        """Applies the parked events of a scope one by one, so that the lane's projector waits for one at most."""
        for applied in range(EVENTS_MAX):
            match await self._apply_first(models, front):
                case Refusal() as refused:
                    return applied, refused
                case False:
                    return applied, None
                case _:
                    DEAD_LETTERS_SETTLED_TOTAL.labels(models.group, "redriven").inc()
        return EVENTS_MAX, None

    async def _apply_first(self, models: ReadModels, front: Parked) -> bool | Refusal:
        """Applies the first parked event of the scope; False when there is none."""
        position = front.position
        try:
            with refusals_as_poison():
                async with self._pool.connection() as connection, connection.transaction():
                    await self._lock_lane(connection, models, front)
                    parameters = {"group": models.group, "scope_id": front.scope_id}
                    row = await (await connection.execute(_SQL["take_first"], parameters)).fetchone()
                    if row is None:
                        return False
                    event = event_of_row(row)
                    position = event.position
                    await models.write(connection, event)
        except Poison as poison:
            return await self._count_attempt(models, position, str(poison))
        return True

    async def _count_attempt(self, models: ReadModels, position: int, reason: str) -> Refusal:
        DEAD_LETTERS_SETTLED_TOTAL.labels(models.group, "refused").inc()
        parameters = {"group": models.group, "position": position, "reason": reason}
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_SQL["count_attempt"], parameters)).fetchone()
        # Another operator may have settled it since, which leaves nothing to count.
        return Refusal(position, reason, row["attempts"] if row is not None else 0)

    async def _lock_lane(self, connection: Connection, models: ReadModels, front: Parked) -> None:
        await connection.execute(_SQL["wait_briefly"])
        await connection.execute(_SQL["lock_lane"], {"group": models.group, "lane": front.lane})

    async def _settled(self, front: Parked, redriven: int, refused: Refusal | None) -> Settled:
        """With what is parked still: the scope's new front and those behind that."""
        left = await list_parked(self._pool, consumer=front.consumer, scope_id=front.scope_id, after=("", ""), limit=1)
        settled = Settled(redriven, refused, sum(1 + parked.waiting for parked in left))
        refused_at = refused.position if refused is not None else None
        log.info(
            "dead_letter.settled", redriven=redriven, refused_at=refused_at, waiting=settled.waiting, **_named(front)
        )
        return settled


def _put_back(messages: int) -> int:
    """What the relay will try again; whether the broker takes it now, it finds out by itself."""
    DEAD_LETTERS_SETTLED_TOTAL.labels(RELAY, "redriven").inc(messages)
    return messages


def _not_there(consumer: str, position: int) -> Rejected:
    return Rejected("DEAD_LETTER_NOT_FOUND", f"Nothing is parked for {consumer} at position {position}.")


def _named(front: Parked) -> dict[str, object]:
    return {
        "consumer": front.consumer,
        "position": front.position,
        "scope_id": front.scope_id,
        "type": front.event_type,
    }
