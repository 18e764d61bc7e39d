"""Rebuilding read models beside live traffic, from choosing them to dropping what they replace.

One process runs a rebuild at a time. All that it has done is in the database, so it may die at any moment, and the same
call goes on from there: new tables are filled (FILLING), kept current and compared (FOLLOWING), exchanged for the live
ones in one transaction, and the foreign keys of other tables checked (SETTLING). Then the old ones wait to be dropped
or put back (SWAPPED).
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from services.runtime.rebuilding.choice import Choice, choose, load_contexts, projections_of_group
from services.runtime.rebuilding.comparing import TableComparison, compare
from services.runtime.rebuilding.errors import RebuildError, StopAsked
from services.runtime.rebuilding.following import STEP_EVENTS_MAX, Follower
from services.runtime.rebuilding.models import Models, NotProjected, read_shapes
from services.runtime.rebuilding.record import (
    Connection,
    FillProgress,
    Rebuild,
    State,
    ask_to_stop,
    begin,
    check_not_asked_to_stop,
    connected,
    enter,
    fill_progress,
    find_open,
    forget_failures,
    forget_positions,
    forget_slices,
    is_alone,
    make_checkpoints,
)
from services.runtime.rebuilding.swapping import same_moment, swap
from services.runtime.rebuilding.tables import check_rebuildable, drop_tables, finish_tables, make_tables, settle
from services.runtime.rebuilding.workers import working

POLL_SECONDS = 0.1
TAKE_OVER_SECONDS_MAX = 60.0
CLOSE_EVENTS = STEP_EVENTS_MAX // 64
"""With no more than this to catch up with, it can be done while everybody waits."""


class Phase(StrEnum):
    """What is being done, in the words of whoever looks on."""

    FILLING = "filling from the events"
    FINISHING = "making keys and indexes"
    CATCHING_UP = "catching up"
    COMPARING = "comparing with the live tables"
    SWAPPING = "swapping"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a phase is; `total` is 0 where that cannot be said."""

    phase: Phase
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run: `swapped` is False when rows differ and that was not accepted."""

    rebuild: Rebuild
    comparisons: tuple[TableComparison, ...] = ()
    swapped: bool = True


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Rebuilds projections of one group in one database; `contexts` is `package.module:NAME` of what declares them."""

    database_url: str
    contexts: str
    group: str = "core"
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    tell: Callable[[Progress], None] = lambda progress: None

    def choice(self, names: Sequence[str]) -> Choice:
        """What a rebuild of these projections, or of all, is about. Raises RebuildError."""
        contexts = load_contexts(self.contexts)
        owned = [table for one in projections_of_group(contexts, self.group).values() for table in one.tables]
        return choose(contexts, self.group, names, read_shapes(self.database_url, owned))

    def status(self) -> tuple[Rebuild, FillProgress] | None:
        """The rebuild that has not come to its end, and how far its tables are filled."""
        with connected(self.database_url) as connection:
            rebuild = find_open(connection)
            return (rebuild, fill_progress(connection, rebuild)) if rebuild is not None else None

    def run(self, names: Sequence[str], *, accept_differences: bool = False) -> Outcome:
        """Rebuilds the projections, or goes on with it. Raises RebuildError, StopAsked.

        Rows that differ from the live ones end the run before the swap, unless they are accepted.
        """
        with self._alone() as connection, _explained():
            rebuild = self._begun(connection, self.choice(names), continues=not names)
            ask_to_stop(connection, rebuild, stop=False)
            if rebuild.state is State.FILLING:
                rebuild = self._fill(connection, rebuild)
            comparisons: tuple[TableComparison, ...] = ()
            if rebuild.state is State.FOLLOWING:
                comparisons = self._compare(connection, rebuild)
                if any(one.differing for one in comparisons) and not accept_differences:
                    return Outcome(rebuild, comparisons, swapped=False)
                rebuild = self._swap(connection, rebuild)
            with connection.transaction():
                settle(connection, rebuild.tables)
                return Outcome(enter(connection, rebuild, State.SWAPPED), comparisons)

    def pause(self) -> Rebuild:
        """Returns when nobody works on the rebuild any more. Raises RebuildError."""
        with self._taken_over(State.FILLING, State.FOLLOWING) as (_, rebuild):
            return rebuild

    def cancel(self) -> Rebuild:
        """Gives up a rebuild before its swap and leaves nothing of it behind. Raises RebuildError."""
        with self._taken_over(State.FILLING, State.FOLLOWING) as (connection, rebuild), connection.transaction():
            forget_slices(connection, rebuild)
            forget_positions(connection, rebuild)
            drop_tables(connection, rebuild.tables, rebuild.building)
            return enter(connection, rebuild, State.CANCELLED)

    def undo(self) -> Rebuild:
        """Puts the old tables back in their place, as current as those that go. Raises RebuildError, StopAsked."""
        with self._taken_over(State.SWAPPED, State.UNDOING) as (connection, found), _explained():
            ask_to_stop(connection, found, stop=False)
            rebuild = self._swap(connection, found, back=True) if found.state is State.SWAPPED else found
            with connection.transaction():
                settle(connection, rebuild.tables)
                drop_tables(connection, rebuild.tables, rebuild.building)
                forget_positions(connection, rebuild)
                return enter(connection, rebuild, State.UNDONE)

    def drop(self) -> Rebuild:
        """Drops the old tables; there is no way back then. Raises RebuildError."""
        with self._taken_over(State.SWAPPED) as (connection, rebuild), connection.transaction():
            drop_tables(connection, rebuild.tables, rebuild.retired)
            forget_positions(connection, rebuild)
            return enter(connection, rebuild, State.DROPPED)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with connected(self.database_url) as connection:
            if not is_alone(connection):
                raise RebuildError(
                    "A rebuild is running already.", remedy="`studio rebuild --status` shows it, `--pause` stops it."
                )
            yield connection

    @contextmanager
    def _taken_over(self, *states: State) -> Iterator[tuple[Connection, Rebuild]]:
        """The open rebuild, after whoever runs it has stopped. Raises RebuildError when it is in no such state."""
        with connected(self.database_url) as connection:
            rebuild = self._require_open(connection, states)
            ask_to_stop(connection, rebuild, stop=True)
            deadline = time.monotonic() + TAKE_OVER_SECONDS_MAX
            while not is_alone(connection):
                if time.monotonic() > deadline:
                    raise RebuildError(
                        f"Whoever runs the rebuild has not stopped within {TAKE_OVER_SECONDS_MAX:.0f} s.",
                        remedy="It has been asked to; try again in a moment.",
                    )
                time.sleep(POLL_SECONDS)
            yield connection, self._require_open(connection, states)

    def _require_open(self, connection: Connection, states: Sequence[State]) -> Rebuild:
        rebuild = find_open(connection)
        if rebuild is None:
            raise RebuildError("There is no rebuild.", remedy="`studio rebuild` begins one.")
        if rebuild.state not in states:
            raise RebuildError(
                f"The rebuild of {', '.join(rebuild.projections)} is {rebuild.state.lower()}.",
                remedy="Before the swap it can be paused and cancelled, after it undone and dropped.",
            )
        return rebuild

    def _begun(self, connection: Connection, choice: Choice, *, continues: bool) -> Rebuild:
        rebuild = find_open(connection)
        if rebuild is None:
            return self._begin(choice)
        if rebuild.state in (State.SWAPPED, State.UNDOING):
            raise RebuildError(
                f"The tables that the last rebuild of {', '.join(rebuild.projections)} replaced are still there.",
                remedy="Drop them with `studio rebuild --drop`, or put them back with `studio rebuild --undo`.",
            )
        if not continues and rebuild.projections != choice.projections:
            raise RebuildError(
                f"A rebuild of {', '.join(rebuild.projections)} has begun and is not done.",
                remedy="Go on with it by `studio rebuild`, or give it up by `studio rebuild --cancel`.",
            )
        return rebuild

    def _begin(self, choice: Choice) -> Rebuild:
        with connected(self.database_url) as connection:
            make_checkpoints(connection, choice.group)
        with connected(self.database_url, one_snapshot=True) as connection, connection.transaction():
            check_rebuildable(connection, choice.tables)
            rebuild = begin(connection, choice.group, choice.projections, choice.tables)
            make_tables(connection, rebuild.tables, rebuild.building)
            return rebuild

    def _fill(self, connection: Connection, rebuild: Rebuild) -> Rebuild:
        forget_failures(connection, rebuild)
        progress = fill_progress(connection, rebuild)
        if progress.unfilled_slices:
            with working(self.database_url, self.contexts, min(self.workers, progress.unfilled_slices)) as workers:
                while progress.unfilled_slices:
                    self.tell(Progress(Phase.FILLING, progress.filled_events, progress.events))
                    time.sleep(POLL_SECONDS)
                    progress = fill_progress(connection, rebuild)
                    _check_fill(progress)
                    if progress.unfilled_slices:
                        workers.replace_the_dead()
        self.tell(Progress(Phase.FILLING, progress.filled_events, progress.events))
        self.tell(Progress(Phase.FINISHING))
        with connection.transaction():
            finish_tables(connection, rebuild.tables, rebuild.building)
            forget_slices(connection, rebuild)
            return enter(connection, rebuild, State.FOLLOWING)

    def _compare(self, connection: Connection, rebuild: Rebuild) -> tuple[TableComparison, ...]:
        follower, shapes = self._follower(rebuild), read_shapes(self.database_url, rebuild.tables)
        self._catch_up(connection, rebuild, follower, rebuild.building)
        self.tell(Progress(Phase.COMPARING, 0, len(shapes)))
        found = []
        with same_moment(
            self.database_url,
            follower,
            rebuild.building,
            lambda: self._catch_up(connection, rebuild, follower, rebuild.building),
        ) as moment:
            for number, shape in enumerate(shapes.values(), start=1):
                found.append(compare(moment, shape, rebuild.building))
                check_not_asked_to_stop(connection, rebuild)
                self.tell(Progress(Phase.COMPARING, number, len(shapes)))
        return tuple(found)

    def _swap(self, connection: Connection, rebuild: Rebuild, *, back: bool = False) -> Rebuild:
        follower = self._follower(rebuild)
        incoming, outgoing = rebuild.building, rebuild.retired
        if back:
            incoming, outgoing = outgoing, incoming

        def catch_up() -> None:
            self._catch_up(connection, rebuild, follower, incoming)

        catch_up()
        self.tell(Progress(Phase.SWAPPING))
        becomes = State.UNDOING if back else State.SETTLING
        return swap(
            self.database_url, rebuild, follower, catch_up, incoming=incoming, outgoing=outgoing, becomes=becomes
        )

    def _catch_up(self, connection: Connection, rebuild: Rebuild, follower: Follower, schema: str) -> None:
        """Applies what has happened since, until only little is left."""
        applied = 0
        with connected(self.database_url, one_snapshot=True) as writer:
            while True:
                check_not_asked_to_stop(connection, rebuild)
                with writer.transaction():
                    events = follower.step(writer, schema)
                applied += events
                self.tell(Progress(Phase.CATCHING_UP, applied))
                if events <= CLOSE_EVENTS:
                    return

    def _follower(self, rebuild: Rebuild) -> Follower:
        models = Models(load_contexts(self.contexts), rebuild.group, rebuild.projections)
        return Follower(rebuild, models, read_shapes(self.database_url, rebuild.tables))


def _check_fill(progress: FillProgress) -> None:
    if progress.failure is not None:
        raise NotProjected(progress.failure)
    if progress.stop_asked:
        raise StopAsked


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except NotProjected as error:
        raise RebuildError(
            f"{error}.",
            remedy="Nothing live was changed. Mend the projection and run the same command again, "
            "or give the rebuild up with `studio rebuild --cancel`.",
        ) from error
