"""Bodies of command answers, built from the state after the events and never from a read model."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import find_session
from services.contexts.genesis.bodies import (
    flow_body,
    instance_body,
    link_body,
    novel_body,
    process_body,
    settings_body,
    stage_body,
)
from services.contexts.genesis.decider.draft import find_flow
from services.contexts.genesis.decider.state import Flow, Link, Novel, Settings, StageRecord
from services.contexts.genesis.values.stages import novel_key
from services.kernel.decider import Answer
from services.kernel.scope import Scope
from shared_types.enums import StageStatus

Columns = Mapping[str, Any]
Answering = Callable[[Scope], Answer]


def answer_novel(novel_id: UUID, *, status: int) -> Answering:
    """NovelResponse."""

    def answer(scope: Scope) -> Answer:
        novel = scope.find(Novel, novel_key(novel_id))
        assert novel is not None, "the decision found or made it"
        flow = find_flow(scope)
        completed = [r.stage for r in flow.records if r.status is StageStatus.COMPLETED] if flow else []
        body = novel_body(columns_of(novel), columns_of(flow) if flow else None, completed)
        location = f"/api/v1/novels/{novel_id}" if status == 201 else None
        return Answer(status, body, version=novel.version, location=location)

    return answer


def answer_flow(*, status: int = 200) -> Answering:
    """FlowResponse with its stage summaries."""

    def answer(scope: Scope) -> Answer:
        flow = decided_flow(scope)
        body = flow_body(columns_of(flow), [record_columns(record) for record in flow.records])
        location = f"/api/v1/genesis/flows/{flow.novel_id}" if status == 201 else None
        return Answer(status, body, version=flow.version, location=location)

    return answer


def answer_process(*, status: int) -> Answering:
    """GenesisProcessResponse."""

    def answer(scope: Scope) -> Answer:
        flow = decided_flow(scope)
        location = f"/api/v1/genesis/processes/{flow.id}" if status == 201 else None
        return Answer(status, process_body(columns_of(flow)), version=flow.version, location=location)

    return answer


def answer_stage(stage_id: UUID, *, status: int = 200) -> Answering:
    """StageResponse."""

    def answer(scope: Scope) -> Answer:
        record = decided_record(scope, stage_id)
        location = f"/api/v1/genesis/stages/{stage_id}" if status == 201 else None
        return Answer(status, stage_body(record_columns(record)), location=location)

    return answer


def answer_config(stage_id: UUID) -> Answering:
    """A record's configuration."""

    def answer(scope: Scope) -> Answer:
        record = decided_record(scope, stage_id)
        return Answer(200, {"stage_id": record.id, "stage": record.stage, "config": record.config})

    return answer


def answer_instance(stage_id: UUID) -> Answering:
    """StageInstanceResponse."""

    def answer(scope: Scope) -> Answer:
        flow = decided_flow(scope)
        return Answer(200, instance_body(record_columns(decided_record(scope, stage_id)), flow.status))

    return answer


def answer_settings(stage_id: UUID, version: int, *, status: int) -> Answering:
    """StageSettingsResponse."""

    def answer(scope: Scope) -> Answer:
        record = decided_record(scope, stage_id)
        body = settings_body(columns_of(record.versions[version]), is_confirmed=record.confirmed_version == version)
        location = f"/api/v1/genesis/instances/{stage_id}/settings/{version}" if status == 201 else None
        return Answer(status, body, location=location)

    return answer


def link_of(scope: Scope, stage_id: UUID, session_id: UUID) -> dict[str, Any]:
    """StageSessionResponse."""
    link = decided_record(scope, stage_id).link(session_id)
    assert link is not None, "the decision found or made it"
    session = find_session(scope, session_id)
    shown = {
        "id": session.id,
        "title": session.title,
        "status": session.status,
        "version": session.version,
        "round_count": session.round_sequence,
    }
    return link_body(columns_of(link), shown)


def decided_flow(scope: Scope) -> Flow:
    """The flow that the decision found or made."""
    flow = find_flow(scope)
    assert flow is not None, "the decision found or made it"
    return flow


def decided_record(scope: Scope, stage_id: UUID) -> StageRecord:
    """The record that the decision found or made."""
    record = decided_flow(scope).record(stage_id)
    assert record is not None, "the decision found or made it"
    return record


def columns_of(state: Novel | Flow | Link | Settings) -> Columns:
    """A state as the mapping that its table's row would be."""
    return {field.name: getattr(state, field.name) for field in fields(state)}


def record_columns(record: StageRecord) -> Columns:
    """A stage record as the mapping that its row would be."""
    columns = {field.name: getattr(record, field.name) for field in fields(record)}
    return columns | {
        "latest_version": record.latest_version,
        "session_count": len(record.links),
        "primary_session_id": record.primary and record.primary.session_id,
    }
