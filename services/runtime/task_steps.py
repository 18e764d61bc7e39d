"""The steps of slow work as internal commands: claim, finish, fail.

A worker's step goes through the same command handling as a user's command, so that the task's end, the
command's end and the events of the result commit together. A step by a worker that no longer holds the task
(its lease ran out, the task was cancelled) changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kernel.context import TaskFacts
from services.kernel.decider import Decision, Given
from services.kernel.scope import Scope
from services.runtime.appending import Author
from services.runtime.registry import Registry

LEASE_SECONDS = 60
DECIDED_BY = ("id", "status", "execution_node", "retry_count", "command_status")
"""The columns of a task that tell whether a step of it may be taken, and what becomes of it."""
ACTOR = "system:task-worker"


class StepKind(StrEnum):
    """What a worker wants to do with a task."""

    CLAIM = "claim"
    FINISH = "finish"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One step. `attempt` is that of the claim (0 for a claim); `data` the result or the error."""

    kind: StepKind
    task_id: UUID
    scope_id: str
    node: str
    at: datetime
    attempt: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class TaskOutcome:
    """Whether the step took effect; after a claim also what the task is.

    `attempt` counts from 1; beyond `attempts_max` there is nothing left to try. `position` is that of the
    step's last event.
    """

    taken: bool
    facts: TaskFacts | None = None
    attempt: int = 0
    attempts_max: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step's outcome and what it writes."""

    outcome: TaskOutcome
    author: Author | None = None
    decision: Decision = field(default_factory=Decision)
    task_changes: Sequence[dict[str, Any]] = ()
    command_changes: Sequence[dict[str, Any]] = ()


def take_step(step: TaskStep, row: Mapping[str, Any] | None, scope: Scope, registry: Registry) -> TakenStep:
    """What the step does to the task as it stands now (`row`, locked); nothing when it is not the worker's."""
    if row is None or not _is_allowed(step, row):
        return TakenStep(TaskOutcome(taken=False))
    facts = _facts(step, row)
    match step.kind:
        case StepKind.CLAIM:
            return _claim(step, row, facts, scope, registry)
        case StepKind.FINISH:
            decision = registry.task(facts.task_type).finished(facts, step.data, scope)
            return _end(step, row, facts, decision, "COMPLETED")
        case StepKind.FAIL:
            decision = registry.task(facts.task_type).failed(facts, step.data, scope)
            return _end(step, row, facts, decision, "FAILED")


def _is_allowed(step: TaskStep, row: Mapping[str, Any]) -> bool:
    if step.kind is StepKind.CLAIM:
        return bool(row["claimable"])
    return bool(
        row["status"] == "RUNNING" and row["execution_node"] == step.node and row["retry_count"] + 1 == step.attempt
    )


def _claim(step: TaskStep, row: Mapping[str, Any], facts: TaskFacts, scope: Scope, registry: Registry) -> TakenStep:
    # A lease that ran out was a failed attempt; after the last one the task is claimed once more, to be failed.
    retries = min(row["retry_count"] + (row["status"] == "RUNNING"), row["max_retries"])
    outcome = TaskOutcome(True, facts, attempt=retries + 1, attempts_max=row["max_retries"])
    is_first = row["command_status"] == "RECEIVED"
    change = {
        "id": step.task_id,
        "status": "RUNNING",
        "execution_node": step.node,
        "retry_count": retries,
        "progress": 5,
        "lease_seconds": LEASE_SECONDS,
    }
    return TakenStep(
        outcome,
        _author(step, row, "PROCESSING"),
        registry.task(facts.task_type).started(facts, scope) if is_first else Decision(),
        task_changes=[change],
        command_changes=[{"id": facts.command_id, "status": "PROCESSING"}] if is_first else [],
    )


def _end(step: TaskStep, row: Mapping[str, Any], facts: TaskFacts, decision: Decision, status: str) -> TakenStep:
    failed = status == "FAILED"
    task = {"id": step.task_id, "status": status, "progress": None if failed else 100}
    command: dict[str, Any] = {"id": facts.command_id, "status": status}
    if failed:
        task["error_data"] = step.data
        command |= {"error_message": step.data["message"], "error_details": step.data}
    else:
        task["result_data"] = step.data
        command["result"] = {"task_id": step.task_id, **_summary(decision)}
    return TakenStep(
        TaskOutcome(True, facts, attempt=step.attempt),
        _author(step, row, status),
        decision,
        task_changes=[task],
        command_changes=[command],
    )


def _summary(decision: Decision) -> dict[str, Any]:
    return {"event_types": [emitted.event.TYPE for emitted in decision.events]}


def _facts(step: TaskStep, row: Mapping[str, Any]) -> TaskFacts:
    given = Given(row["command_id"], row["command_type"], row["user_id"], step.at)
    return TaskFacts(
        task_id=row["id"],
        task_type=row["task_type"],
        command_id=row["command_id"],
        command_type=row["command_type"],
        user_id=row["user_id"],
        input=row["input_data"],
        given=given,
    )


def _author(step: TaskStep, row: Mapping[str, Any], command_status: str) -> Author:
    return Author(
        user_id=row["user_id"],
        actor_id=ACTOR,
        source="task-worker",
        command_id=row["command_id"],
        command_type=row["command_type"],
        command_status=command_status,
        old_command_status=row["command_status"],
        causation_id=row["caused_by_event_id"],
        at=step.at,
    )
