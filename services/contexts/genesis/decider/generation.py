"""What the steps of slow work mean for a flow: started, proposed, failed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import Session
from services.contexts.conversations.values import session_key
from services.contexts.genesis.decider.draft import Draft, find_flow
from services.contexts.genesis.decider.rounds import say_result
from services.contexts.genesis.events import ConceptProposed, GenerationFailed, GenerationStarted, SettingsSaved
from services.kernel.context import TaskFacts
from services.kernel.decider import Decision
from services.kernel.scope import Scope
from shared_types.enums import SettingsSource


def generation_started(facts: TaskFacts, scope: Scope) -> Decision:
    """A worker has taken the task."""
    draft = _draft(facts, scope)
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


def concepts_proposed(facts: TaskFacts, result: Mapping[str, Any], scope: Scope) -> Decision:
    """The concepts are there: told, stored as the next settings version, and said in the conversation.

    A record that is no longer running still keeps a late result as a version; a closed command does not.
    """
    draft = _draft(facts, scope)
    if draft is None:
        return Decision()
    record = draft.record(UUID(facts.input["stage_id"]))
    version = record.latest_version + 1
    newest = record.versions[record.latest_version].settings if record.latest_version else {}
    content = {
        "concept": None,
        "theme_candidates": [],
        "theme": None,
        **newest,
        "concept_candidates": result["candidates"],
    }
    used = {**result["generation_metadata"], "iteration_count": record.iteration_count + 1}
    draft.emit(
        ConceptProposed(
            session_id=draft.session_id,
            novel_id=draft.novel_id,
            stage_id=record.id,
            stage=record.stage,
            settings_version=version,
            content=content,
            quality_score=result["quality_score"],
            quality=result["quality"],
            suggestions=result["suggestions"],
            needs_optimization=result["needs_optimization"],
            consistency=result["consistency"],
            generation_metadata=used,
        )
    )
    draft.emit(
        SettingsSaved(
            settings_id=facts.given.new_id("settings", version),
            stage_id=record.id,
            version=version,
            settings=content,
            summary=result["understanding"],
            source=SettingsSource.AI,
            created_by=draft.session_id,
            quality=result["quality_score"],
            command_id=facts.command_id,
            iteration_count=record.iteration_count + 1,
        )
    )
    _answer_in_session(draft, scope, result, version, used)
    return draft.decision()


def generation_failed(facts: TaskFacts, error: Mapping[str, Any], scope: Scope) -> Decision:
    """There will be no result; record and versions stay as they are."""
    draft = _draft(facts, scope)
    if draft is None:
        return Decision()
    stage_id = UUID(facts.input["stage_id"])
    draft.emit(GenerationFailed(command_id=facts.command_id, stage_id=stage_id, error=dict(error)))
    return draft.decision()


def _draft(facts: TaskFacts, scope: Scope) -> Draft | None:
    """A draft on the flow, if the command is still open there."""
    flow = find_flow(scope)
    if flow is None or facts.command_id not in flow.open_commands:
        return None
    return Draft(facts.given, flow, novel_id=flow.novel_id, session_id=UUID(facts.input["session_id"]))


def _answer_in_session(
    draft: Draft, scope: Scope, result: Mapping[str, Any], version: int, used: Mapping[str, Any]
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
            "event_type": ConceptProposed.TYPE,
            "suggestions": result["suggestions"],
        },
        model=used.get("model_version"),
        tokens_in=used.get("prompt_tokens"),
        tokens_out=used.get("completion_tokens"),
        latency_ms=used.get("generation_time_ms"),
        cost=used.get("cost"),
    )
