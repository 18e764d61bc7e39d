"""What the steps of slow work mean for a flow: started, proposed, failed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import Session
from services.contexts.conversations.values import session_key
from services.contexts.genesis.decider.draft import Draft, find_flow
from services.contexts.genesis.decider.rounds import say_result
from services.contexts.genesis.decider.state import StageRecord
from services.contexts.genesis.decider.steps import PROPOSED, REVISED
from services.contexts.genesis.events import (
    ContentProposed,
    ContentRevised,
    GenerationFailed,
    GenerationStarted,
    SettingsSaved,
)
from services.contexts.genesis.values.documents import EMPTY, changed_paths
from services.contexts.genesis.values.steps import Step
from services.kernel.context import TaskFacts
from services.kernel.decider import Decision
from services.kernel.scope import Scope
from shared_types.enums import SettingsSource

Object = dict[str, Any]

ASSESSED = ("quality_score", "quality", "suggestions", "needs_optimization", "consistency")
"""What is said about a result beside the result itself."""


def generation_started(facts: TaskFacts, scope: Scope) -> Decision:
    """A worker has taken the task."""
    draft = draft_of_task(facts, scope)
    if draft is None:
        return Decision()
    draft.emit(
        GenerationStarted(
            command_id=facts.command_id,
            command_type=facts.command_type,
            stage_id=UUID(facts.input["stage_id"]),
            task_ids=[facts.task_id],
        )
    )
    return draft.decision()


def content_written(facts: TaskFacts, result: Mapping[str, Any], scope: Scope) -> Decision:
    """The content is there: told, stored as the next settings version, and said in the conversation.

    `result["content"]` has the keys of the document that were written; the rest is as it stands now, whatever happened
    to it meanwhile. A record that is no longer running still keeps a late result as a version; a closed command does
    not.
    """
    draft = draft_of_task(facts, scope)
    if draft is None:
        return Decision()
    assert draft.session_id is not None, "a task's draft knows its session"
    record = draft.record(UUID(facts.input["stage_id"]))
    branch = record.branch_of(draft.session_id)
    newest = record.newest(branch)
    before = newest.settings if newest is not None else EMPTY.get(record.stage, {})
    content = {**before, **result["content"]}
    version, iteration = record.latest_version + 1, record.iteration_count + 1
    used = {**result["generation_metadata"], "iteration_count": iteration}
    told = _told(draft, facts, record, {**result, "content": content, "generation_metadata": used}, version)
    draft.emit(told)
    draft.emit(
        SettingsSaved(
            settings_id=facts.given.new_id("settings", version),
            stage_id=record.id,
            version=version,
            settings=content,
            summary=result["understanding"],
            source=SettingsSource.AI,
            created_by=draft.session_id,
            branch_id=branch and branch.id,
            quality=result["quality_score"],
            command_id=facts.command_id,
            iteration_count=iteration,
        )
    )
    _answer_in_session(draft, scope, result, version, told.TYPE, used)
    return draft.decision()


def generation_failed(facts: TaskFacts, error: Mapping[str, Any], scope: Scope) -> Decision:
    """There will be no result; record and versions stay as they are."""
    draft = draft_of_task(facts, scope)
    if draft is None:
        return Decision()
    stage_id = UUID(facts.input["stage_id"])
    draft.emit(GenerationFailed(command_id=facts.command_id, stage_id=stage_id, error=dict(error)))
    return draft.decision()


def draft_of_task(facts: TaskFacts, scope: Scope) -> Draft | None:
    """A draft on the flow, if the command is still open there."""
    flow = find_flow(scope)
    if flow is None or facts.command_id not in flow.open_commands:
        return None
    return Draft(facts.given, flow, novel_id=flow.novel_id, session_id=UUID(facts.input["session_id"]))


def _told(
    draft: Draft, facts: TaskFacts, record: StageRecord, result: Object, version: int
) -> ContentProposed | ContentRevised:
    """The event that tells the result; a revision of concepts is another proposal of them."""
    step = Step(facts.input["step"])
    common = {
        "session_id": draft.session_id,
        "novel_id": draft.novel_id,
        "stage_id": record.id,
        "stage": record.stage,
        "settings_version": version,
        **{name: result[name] for name in ("content", "generation_metadata", *ASSESSED)},
    }
    if not facts.input["is_revision"] or step not in REVISED:
        return PROPOSED[step](**common)
    based_on = int(facts.input["based_on_version"])
    changed = changed_paths(record.versions[based_on].settings, result["content"])
    return REVISED[step](**common, based_on_version=based_on, changed_paths=changed, by="ai")


def _answer_in_session(
    draft: Draft, scope: Scope, result: Mapping[str, Any], version: int, told_as: str, used: Mapping[str, Any]
) -> None:
    assert draft.session_id is not None, "a task's draft knows its session"
    session = scope.find(Session, session_key(draft.session_id))
    if session is None or session.deleted:
        return
    say_result(
        draft,
        session,
        output={
            "content": result["understanding"],
            "settings_version": version,
            "event_type": told_as,
            "suggestions": result["suggestions"],
        },
        model=used.get("model_version"),
        tokens_in=used.get("prompt_tokens"),
        tokens_out=used.get("completion_tokens"),
        latency_ms=used.get("generation_time_ms"),
        cost=used.get("cost"),
    )
