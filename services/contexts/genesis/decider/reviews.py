"""Decisions about work on a foundation that writes nothing new: check it, export it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.contexts.genesis.commands.content import CheckConsistency, ExportContent
from services.contexts.genesis.decider.conversation import working_record
from services.contexts.genesis.decider.draft import find_novel
from services.contexts.genesis.decider.generation import draft_of_task
from services.contexts.genesis.decider.state import Flow
from services.contexts.genesis.decider.steps import confirmed_documents
from services.contexts.genesis.events import (
    ConsistencyChecked,
    ConsistencyCheckRequested,
    ExportCompleted,
    ExportRequested,
)
from services.contexts.genesis.values.stages import STAGES
from services.contexts.genesis.values.task_types import CONSISTENCY_TASK, EXPORT_TASK
from services.kernel.context import TaskFacts
from services.kernel.decider import Decision, Given, TaskRequest
from services.kernel.scope import Scope


def check_consistency(command: CheckConsistency, given: Given, scope: Scope) -> Decision:
    """Asks for a check of the newest version of the session's line."""
    draft, session, record = working_record(command.session_id, given, scope)
    newest = record.newest(record.branch_of(session.id))
    draft.emit(
        ConsistencyCheckRequested(
            command_id=given.command_id, command_type=given.command_type, session_id=session.id, stage_id=record.id
        )
    )
    asked = {
        "session_id": str(session.id),
        "stage_id": str(record.id),
        "stage": record.stage,
        "settings_version": newest and newest.version,
        "document": newest.settings if newest is not None else {},
        "confirmed": confirmed_documents(draft.flow, record),
        "config": record.config or {},
    }
    task = TaskRequest(task_id=given.new_id("task"), task_type=CONSISTENCY_TASK, input=asked)
    return draft.decision(stage_id=record.id, tasks=(task,))


def consistency_checked(facts: TaskFacts, result: Mapping[str, Any], scope: Scope) -> Decision:
    """What does not fit is told."""
    draft = draft_of_task(facts, scope)
    if draft is None:
        return Decision()
    draft.emit(
        ConsistencyChecked(
            command_id=facts.command_id,
            stage_id=UUID(facts.input["stage_id"]),
            settings_version=facts.input["settings_version"],
            issues=result["issues"],
            score=result["score"],
        )
    )
    return draft.decision()


def export_content(command: ExportContent, given: Given, scope: Scope) -> Decision:
    """Asks for the foundation as it stands: of each stage what is confirmed, else what is newest."""
    draft, session, record = working_record(command.session_id, given, scope)
    chosen = command.payload.format
    draft.emit(
        ExportRequested(
            command_id=given.command_id,
            command_type=given.command_type,
            session_id=session.id,
            stage_id=record.id,
            format=chosen,
        )
    )
    asked = {
        "session_id": str(session.id),
        "stage_id": str(record.id),
        "title": find_novel(scope, draft.novel_id).title,
        "novel_id": str(draft.novel_id),
        "format": chosen,
        "stages": documents(draft.flow),
    }
    task = TaskRequest(task_id=given.new_id("task"), task_type=EXPORT_TASK, input=asked)
    return draft.decision(stage_id=record.id, tasks=(task,))


def export_completed(facts: TaskFacts, result: Mapping[str, Any], scope: Scope) -> Decision:
    """The document is there."""
    draft = draft_of_task(facts, scope)
    if draft is None:
        return Decision()
    stage_id = UUID(facts.input["stage_id"])
    draft.emit(ExportCompleted(command_id=facts.command_id, stage_id=stage_id, **result))
    return draft.decision()


def documents(flow: Flow) -> dict[str, dict[str, Any]]:
    """Of each stage that has one the document that counts: the confirmed one, else the newest of the main line."""
    found: dict[str, dict[str, Any]] = {}
    for stage in STAGES:
        source = flow.newest_confirmed_of(stage) or flow.newest_of(stage)
        settings = source and (source.confirmed or source.newest())
        if settings:
            found[str(stage)] = settings.settings
    return found
