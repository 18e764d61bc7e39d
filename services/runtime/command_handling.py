"""Command handling: load → fold → decide → append inbox, events, outbox and tasks, in one transaction.

A batch of commands shares the transaction and is decided in order, each seeing what the ones before it did.
A refused, repeated or broken command leaves nothing behind and never touches its neighbours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel

from services.kernel.context import CommandRoute, Target
from services.kernel.decider import Answer, Decision, Given, Rejected
from services.kernel.scope import AggregateKey, Scope, ScopeKey
from services.runtime.appending import Author, add_events
from services.runtime.crash_points import reached
from services.runtime.database import OUTBOX_DOORBELL, TASKS_DOORBELL
from services.runtime.event_store import (
    Batch,
    Changed,
    Conflict,
    Decided,
    EventStore,
    Location,
    StoreUnavailable,
    Wanted,
)
from services.runtime.logs import get_logger
from services.runtime.metrics import (
    COMMAND_BATCH_RETRIES_TOTAL,
    COMMAND_BATCH_SIZE,
    COMMAND_BATCHES_OVERTAKEN_TOTAL,
)
from services.runtime.problems import problem_body
from services.runtime.registry import Registry
from services.runtime.scope_snapshots import Snapshot
from services.runtime.scopes import NOWHERE, Scopes, fold
from services.runtime.task_steps import DECIDED_BY, StepKind, TaskOutcome, TaskStep, take_step

ATTEMPTS_MAX = 3

_OPEN = ("RECEIVED", "PROCESSING")

log = get_logger(__name__)


@dataclass(frozen=True)
class Submission:
    """A parsed command on its way to its decider.

    `actor_id` is who sent it when that is not the user it is about. `keyed`: the client sent an Idempotency-Key, so
    that a refusal is remembered too. `typed`: it came to a commands endpoint, whose answer wraps the result. `payload`
    is what the inbox row keeps.
    """

    route: CommandRoute
    command: BaseModel
    given: Given
    idempotency_key: str
    keyed: bool
    request_hash: str
    payload: Mapping[str, Any]
    path: str
    typed: bool = False
    expected_version: int | None = None
    traceparent: str | None = None
    actor_id: UUID | None = None

    @property
    def sender_id(self) -> UUID:
        """Whose keys it is among, and who is told of it."""
        return self.actor_id or self.given.user_id

    @cached_property
    def target(self) -> Target:
        """Which scope the command concerns."""
        return self.route.target(self.command, self.given)

    @cached_property
    def lock(self) -> UUID:
        """The id that open commands of one type exclude each other on."""
        return self.route.lock(self.command, self.given)


@dataclass(slots=True)
class Outcome:
    """What to tell the caller. `scope_id` and `position` say what to wait for before reading it back."""

    command_id: UUID
    status: int
    body: Any
    version: int | None = None
    location: str | None = None
    scope_id: str = ""
    position: int = 0
    replayed: bool = False
    refusal: str | None = None


class _Earlier:
    """The commands that a batch must know of: those found under the append lock, then its own."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._by_key: dict[tuple[UUID, str], Mapping[str, Any]] = {}
        self._ids: set[UUID] = set()
        self._open: dict[tuple[UUID, str], UUID] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Mapping[str, Any]) -> None:
        """A command as its inbox row."""
        self._by_key[row["user_id"], row["idempotency_key"]] = row
        self._ids.add(row["id"])
        if row["status"] in _OPEN:
            self._open[row["session_id"], row["command_type"]] = row["id"]

    def of_key(self, submission: Submission) -> Mapping[str, Any] | None:
        """The command that was sent with the same key."""
        return self._by_key.get((submission.sender_id, submission.idempotency_key))

    def has_id_of(self, submission: Submission) -> bool:
        """Whether the id is taken."""
        return submission.given.command_id in self._ids

    def open_beside(self, submission: Submission) -> UUID | None:
        """The open command of the same type behind the same lock."""
        return self._open.get((submission.lock, submission.route.type))


@dataclass(slots=True)
class _Progress:
    """A batch while it is being decided: the scopes as they stand after the commands so far."""

    scopes: dict[str, Scope]
    targets: Mapping[Target, ScopeKey]
    tasks: Mapping[UUID, Mapping[str, Any]]
    earlier: _Earlier
    batch: Batch = field(default_factory=Batch)
    # For each event of the batch: whose outcome gets its position, and the scope it belongs to.
    owners: list[tuple[Outcome | TaskOutcome, str]] = field(default_factory=list)
    # Where the batch creates aggregates.
    created: dict[AggregateKey, Location] = field(default_factory=dict)
    # Answers repeated for a command of this very batch, with the first answer.
    repeats: list[tuple[Outcome, Outcome]] = field(default_factory=list)
    # Scopes that other processes write to as well.
    shared: set[str] = field(default_factory=set)


Work = Submission | TaskStep
Result = Outcome | TaskOutcome | Exception


class CommandHandler:
    """Handles batches for one process, from one thread. `source` names the process in events."""

    def __init__(self, store: EventStore, registry: Registry, source: str) -> None:
        self._store = store
        self._registry = registry
        self._source = source
        self._scopes = Scopes(store, registry)
        self._to_ring: set[str] = set()

    def handle(self, work: Sequence[Work]) -> list[Result]:
        """The outcome of each piece of work, in order; an exception where it could not be had."""
        COMMAND_BATCH_SIZE.observe(len(work))
        failure: Exception
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                results = self._handle_ahead(work) if attempt == 1 else None
                if results is None:
                    results = self._handle_together(work, again=attempt > 1)
                return [self._once_more(*pair) for pair in zip(work, results, strict=True)]
            except (Conflict, StoreUnavailable) as error:
                self._scopes.forget()
                COMMAND_BATCH_RETRIES_TOTAL.inc()
                log.warning("batch.retried", attempt=attempt, size=len(work), reason=str(error))
                failure = error
                if (isinstance(error, StoreUnavailable) and error.waited) or _refusal_of(error, work) is not None:
                    break
            except Exception as error:
                self._scopes.forget()
                log.exception("batch.failed", size=len(work))
                failure = error
                break
        if len(work) > 1 and not isinstance(failure, StoreUnavailable):
            # Something in it clashes for good: each alone, so that only the culprit is refused.
            return [result for piece in work for result in self.handle([piece])]
        return [_refusal_of(failure, work) or _given_up(failure) for _ in work]

    def to_ring(self) -> set[str]:
        """The doorbells for what was committed since this was asked last."""
        to_ring, self._to_ring = self._to_ring, set()
        return to_ring

    def take_snapshots(self) -> list[Snapshot]:
        """Some snapshots to store, between one batch and the next."""
        try:
            return self._scopes.take_snapshots()
        except Exception:
            # A state that cannot be written costs time later; the thread that writes for everybody must go on.
            log.exception("snapshots.failed")
            return []

    def _once_more(self, piece: Work, result: Result) -> Result:
        if isinstance(result, _IdTaken) and isinstance(piece, Submission):
            return self.handle([_with_another_id(piece)])[0]
        return result

    def _handle_ahead(self, work: Sequence[Work]) -> list[Result] | None:
        """Decides without the append lock, and writes if nothing has changed meanwhile; None when something has."""
        submissions, steps = _sorted(work)
        targets = self._scopes.find(submission.target for submission in submissions)
        work = self._with_all_mentions(work)
        tasks = self._store.find_tasks([step.task_id for step in steps]) if steps else {}
        scopes = self._scopes.warm(targets, *(step.scope_id for step in steps))
        decided = _decided(submissions, steps, scopes, tasks)
        progress = _Progress(scopes, targets, tasks, _Earlier(()))
        results = [self._take(piece, progress, again=False) for piece in work]
        try:
            positions = self._store.append_if_unchanged(decided, progress.batch)
        except Changed:
            COMMAND_BATCHES_OVERTAKEN_TOTAL.inc()
            return None
        self._settle(progress, positions)
        return results

    def _handle_together(self, work: Sequence[Work], *, again: bool) -> list[Result]:
        """Decides under the append lock: slower for everybody, and sure to succeed."""
        submissions, steps = _sorted(work)
        targets = self._scopes.find(submission.target for submission in submissions)
        work = self._with_all_mentions(work)
        scopes = self._scopes.warm(targets, *(step.scope_id for step in steps))
        with self._store.appending() as appending:
            known = appending.read(_wanted(submissions, steps, scopes, again=again))
            progress = _Progress(
                fold(self._registry, scopes, known.events),
                targets,
                {row["id"]: row for row in known.tasks},
                _Earlier(known.commands),
            )
            progress.shared |= {event.scope_id for event in known.events}
            results = [self._take(piece, progress, again=again) for piece in work]
            positions = appending.write(progress.batch) if progress.batch.has_rows() else ()
        self._settle(progress, positions)
        return results

    def _with_all_mentions(self, work: Sequence[Work]) -> list[Work]:
        return [self._with_mentions(piece) if isinstance(piece, Submission) else piece for piece in work]

    def _with_mentions(self, submission: Submission) -> Submission:
        if submission.route.mentions is None:
            return submission
        owners = self._scopes.owners(submission.route.mentions(submission.command))
        mine = frozenset(key for key, owner_id in owners.items() if owner_id == submission.given.user_id)
        return replace(submission, given=replace(submission.given, mentioned=mine))

    def _take(self, piece: Work, progress: _Progress, *, again: bool) -> Result:
        try:
            if isinstance(piece, TaskStep):
                return self._take_step(piece, progress)
            return self._decide(piece, progress, again=again)
        except _IdTaken as taken:
            return taken
        except Exception as error:
            # A mistake of ours in one decider must not fail the commands that share its transaction.
            log.exception("command.broken", work=repr(piece)[:300])
            return error

    def _take_step(self, step: TaskStep, progress: _Progress) -> TaskOutcome:
        progress.shared.add(step.scope_id)
        taken = take_step(step, progress.tasks.get(step.task_id), progress.scopes[step.scope_id], self._registry)
        if taken.author is not None:
            self._append(taken.outcome, taken.author, taken.decision, step.scope_id, progress)
        progress.batch.task_changes.extend(taken.task_changes)
        progress.batch.command_changes.extend(taken.command_changes)
        return taken.outcome

    def _decide(self, submission: Submission, progress: _Progress, *, again: bool) -> Outcome:
        if (earlier := progress.earlier.of_key(submission)) is not None:
            outcome = _replayed(submission, earlier, own=again and earlier["id"] == submission.given.command_id)
            if (first := earlier.get("first")) is not None:
                progress.repeats.append((outcome, first))
            return outcome
        if progress.earlier.has_id_of(submission):
            raise _IdTaken
        key = progress.targets[submission.target]
        scope = progress.scopes.get(key.id) or Scope(key)
        if scope.owner_id not in (None, submission.given.user_id):
            # Somebody else's: decided as if nothing were there, so that the answer is the same to the letter.
            key, scope = NOWHERE, Scope(NOWHERE)
        try:
            if key is not NOWHERE:
                _check_duplicate(submission, progress.earlier)
            _check_version(submission, scope)
            decision = self._decision(submission, scope)
        except Rejected as rejected:
            outcome = _refused(submission, rejected)
            if submission.keyed:
                _remember(progress, _failed_row(submission, outcome, key.id), outcome)
            return outcome
        assert key is not NOWHERE or not decision.events, "nothing is appended to a scope that is not the caller's"
        return self._accept(submission, decision, scope, progress)

    def _decision(self, submission: Submission, scope: Scope) -> Decision:
        decision = submission.route.decide(submission.command, submission.given, scope)
        for react in self._registry.reactions:
            added = react(submission.command, submission.given, scope, decision.events)
            decision = replace(decision, events=(*decision.events, *added)) if added else decision
        return decision

    def _accept(self, submission: Submission, decision: Decision, scope: Scope, progress: _Progress) -> Outcome:
        status = "RECEIVED" if decision.tasks else "COMPLETED"
        outcome = Outcome(submission.given.command_id, 200, None, scope_id=scope.key.id, position=scope.position)
        progress.scopes.setdefault(scope.key.id, scope)
        if decision.command_type is not None:
            submission = replace(submission, given=replace(submission.given, command_type=decision.command_type))
        author = self._author(submission, status)
        after = self._append(outcome, author, decision, scope.key.id, progress)
        answer = _answer(submission, decision, after)
        outcome.status, outcome.body = answer.status, answer.body
        outcome.version, outcome.location = answer.version, answer.location
        _remember(progress, _accepted_row(submission, outcome, decision, status), outcome)
        return outcome

    def _author(self, submission: Submission, status: str) -> Author:
        given = submission.given
        return Author(
            user_id=given.user_id,
            actor_id=str(submission.sender_id),
            source=self._source,
            command_id=given.command_id,
            command_type=given.command_type,
            command_status=status,
            old_command_status=None,
            causation_id=given.command_id,
            at=given.now,
            traceparent=submission.traceparent,
        )

    def _append(
        self, outcome: Outcome | TaskOutcome, author: Author, decision: Decision, scope_id: str, progress: _Progress
    ) -> Scope:
        before = progress.scopes[scope_id]
        scope = add_events(progress.batch, self._registry, before, author, decision)
        progress.scopes[scope_id] = scope
        new = {emitted.aggregate for emitted in decision.events if not before.version(emitted.aggregate)}
        progress.created |= dict.fromkeys(new, Location(scope.key, author.user_id))
        progress.owners.extend((outcome, scope_id) for _ in decision.events)
        return scope

    def _settle(self, progress: _Progress, positions: Sequence[int]) -> None:
        """After the commit: outcomes get their positions, scopes are kept as of theirs, waiters are woken."""
        reached("command.after_commit")
        for position, (outcome, scope_id) in zip(positions, progress.owners, strict=True):
            outcome.position = position
            progress.scopes[scope_id] = progress.scopes[scope_id].at(position)
        for repeat, first in progress.repeats:
            repeat.position = first.position
        # Whoever works on a task is another process than the one that was given its command.
        progress.shared |= {task["scope_id"] for task in progress.batch.tasks}
        self._scopes.keep(progress.scopes, shared=progress.shared)
        self._scopes.place(progress.created)
        if positions:
            self._to_ring.add(OUTBOX_DOORBELL)
        if progress.batch.tasks:
            self._to_ring.add(TASKS_DOORBELL)


def _wanted(
    submissions: Sequence[Submission], steps: Sequence[TaskStep], scopes: Mapping[str, Scope], *, again: bool
) -> Wanted:
    return Wanted(
        scopes={scope_id: scope.position for scope_id, scope in scopes.items()},
        commands=[_wanted_command(submission, again=again) for submission in submissions],
        tasks=[step.task_id for step in steps],
    )


def _decided(
    submissions: Sequence[Submission],
    steps: Sequence[TaskStep],
    scopes: Mapping[str, Scope],
    tasks: Mapping[UUID, Mapping[str, Any]],
) -> Decided:
    """What must be as it was: the scopes, the tasks, and that the commands are new and alone behind their locks."""
    commands = [
        _wanted_command(submission, again=False) | {"command_type": submission.route.type} for submission in submissions
    ]
    # A task that has ended stays so.
    rows = [(step, tasks[step.task_id]) for step in steps if step.task_id in tasks]
    return Decided(
        scopes={scope_id: scope.position for scope_id, scope in scopes.items()},
        commands=commands,
        tasks=[
            {name: row[name] for name in DECIDED_BY} | {"claims": step.kind is StepKind.CLAIM} for step, row in rows
        ],
    )


def _sorted(work: Sequence[Work]) -> tuple[list[Submission], list[TaskStep]]:
    submissions = [piece for piece in work if isinstance(piece, Submission)]
    return submissions, [piece for piece in work if isinstance(piece, TaskStep)]


def _wanted_command(submission: Submission, *, again: bool) -> dict[str, Any]:
    lock = {"lock": submission.lock}
    if not (submission.keyed or again):
        # A server-made key cannot have been seen before, except by the first try of this very batch.
        return lock
    given = submission.given
    return lock | {
        "id": given.command_id,
        "user_id": submission.sender_id,
        "idempotency_key": submission.idempotency_key,
    }


class _IdTaken(Exception):
    """The key is a UUID, but somebody else's command has it as its id: this one needs another."""


def _with_another_id(submission: Submission) -> Submission:
    return replace(submission, given=replace(submission.given, command_id=uuid4()))


def _remember(progress: _Progress, row: dict[str, Any], outcome: Outcome) -> None:
    """Writes the inbox row, and shows it to the later commands of the batch."""
    progress.batch.inbox.append(row)
    seen = dict.fromkeys(("result", "response_headers", "error_details", "scope_id", "position"))
    progress.earlier.add(seen | row | {"first": outcome})


def _replayed(submission: Submission, earlier: Mapping[str, Any], *, own: bool) -> Outcome:
    """The first answer again. `own`: it is this very command, whose commit's reply was lost."""
    if earlier["request_hash"] != submission.request_hash:
        detail = "This Idempotency-Key was used with another body."
        return _refused(submission, Rejected("IDEMPOTENCY_MISMATCH", detail, command_id=str(earlier["id"])))
    headers = earlier["response_headers"] or {}
    status = earlier["http_status"]
    body = _accepted_body(earlier["id"], "RECEIVED") if status == 202 else earlier["result"]
    return Outcome(
        earlier["id"],
        status,
        earlier["error_details"] if status >= 400 else body,
        version=headers.get("version"),
        location=headers.get("location"),
        scope_id=earlier["scope_id"] or "",
        position=earlier["position"] or 0,
        replayed=not own,
        refusal=earlier["error_details"]["code"] if status >= 400 else None,
    )


def _check_duplicate(submission: Submission, earlier: _Earlier) -> None:
    # Read under the append lock, so no other writer can open one in between; the partial unique index
    # idx_command_inbox_unique_pending_command holds even if this line were wrong.
    if (open_id := earlier.open_beside(submission)) is not None:
        raise Rejected(
            "DUPLICATE_COMMAND", "A command of this type is still open here.", duplicate_command_id=str(open_id)
        )


def _check_version(submission: Submission, scope: Scope) -> None:
    if submission.expected_version is None or submission.route.version is None:
        return
    current = submission.route.version(submission.command, scope)
    if current is not None and current != submission.expected_version:
        raise Rejected("PRECONDITION_FAILED", f"The current version is {current}.", current_version=current)


def _refused(submission: Submission, rejected: Rejected) -> Outcome:
    command_id = submission.given.command_id
    if submission.typed:
        # A decider points into the payload and does not know where in the body that was.
        errors = tuple(replace(error, pointer=f"/payload{error.pointer}") for error in rejected.errors)
        rejected = Rejected(rejected.code, rejected.detail, errors=errors, **rejected.extra)
    body = problem_body(
        rejected, instance=submission.path, correlation_id=str(command_id), command_type=submission.route.type
    )
    return Outcome(command_id, body["status"], body, refusal=rejected.code)


def _answer(submission: Submission, decision: Decision, scope: Scope) -> Answer:
    command_id = submission.given.command_id
    if decision.tasks:
        return Answer(202, _accepted_body(command_id, "RECEIVED"), location=f"/api/v1/commands/{command_id}")
    answer = decision.answer(scope) if decision.answer is not None else Answer(200, {})
    if not submission.typed:
        return answer
    wrapped = _accepted_body(command_id, "COMPLETED") | {"type": submission.given.command_type, "result": answer.body}
    return replace(answer, status=200, body=wrapped)


def _accepted_body(command_id: UUID, status: str) -> dict[str, Any]:
    return {"accepted": True, "command_id": command_id, "status": status, "correlation_id": command_id}


def _accepted_row(submission: Submission, outcome: Outcome, decision: Decision, status: str) -> dict[str, Any]:
    headers = {"version": outcome.version, "location": outcome.location}
    return _inbox_row(submission, outcome, status) | {
        "flow_id": decision.flow_id,
        "stage_id": decision.stage_id,
        "scope_id": outcome.scope_id,
        "result": None if decision.tasks else outcome.body,
        "response_headers": {name: value for name, value in headers.items() if value is not None},
    }


def _failed_row(submission: Submission, outcome: Outcome, scope_id: str) -> dict[str, Any]:
    return _inbox_row(submission, outcome, "FAILED") | {
        "scope_id": scope_id,
        "error_message": outcome.body["detail"],
        "error_details": outcome.body,
    }


def _inbox_row(submission: Submission, outcome: Outcome, status: str) -> dict[str, Any]:
    given = submission.given
    return {
        "id": given.command_id,
        "user_id": submission.sender_id,
        "session_id": submission.lock,
        "command_type": given.command_type,
        "idempotency_key": submission.idempotency_key,
        "request_hash": submission.request_hash,
        "payload": submission.payload,
        "status": status,
        "http_status": outcome.status,
        "created_at": given.now,
        "completed_at": None if status == "RECEIVED" else given.now,
    }


def _refusal_of(failure: Exception, work: Sequence[Work]) -> Rejected | None:
    """What a broken constraint means in the words of a command that may break it; None when it means nothing to any."""
    if not isinstance(failure, Conflict) or failure.constraint is None:
        return None
    known = [piece.route.constraints.get(failure.constraint) for piece in work if isinstance(piece, Submission)]
    return next((refusal() for refusal in known if refusal is not None), None)


def _given_up(failure: Exception) -> Exception:
    if isinstance(failure, Conflict):
        return Rejected("CONCURRENT_UPDATE", "Others changed the same thing again and again; try again.")
    return failure
