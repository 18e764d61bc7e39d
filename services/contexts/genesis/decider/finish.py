"""Decisions about finishing a genesis, and what the novel becomes of it."""

from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import find_session
from services.contexts.genesis.commands.conversation import Finish
from services.contexts.genesis.decider.draft import Draft, find_flow, find_novel, require_open
from services.contexts.genesis.decider.novels import novel_emitted
from services.contexts.genesis.decider.rounds import say_command
from services.contexts.genesis.decider.stages import complete, complete_record
from services.contexts.genesis.decider.state import Flow, Novel
from services.contexts.genesis.events import FlowCompleted, NovelGenesisCompleted, SessionFinished
from services.contexts.genesis.values.novel_content import (
    characters_of,
    relations_of,
    story_arcs_of,
    worldview_entries_of,
)
from services.contexts.genesis.values.stages import CONTENT_STAGES
from services.kernel.decider import Answer, Decision, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisStage, GenesisStatus, NovelStatus, ScopeType, StageStatus

Object = dict[str, Any]


def finish(command: Finish, given: Given, scope: Scope) -> Decision:
    """Finishes a genesis whose content stages are complete; finished already, it says so again."""
    flow, session_id = _flow_and_session(command, scope)
    draft = Draft(given, flow, novel_id=flow.novel_id, session_id=session_id)
    if flow.status is GenesisStatus.COMPLETED:
        return draft.decision(_answer(draft, find_novel(scope, flow.novel_id).title, already=True))
    require_open(flow)
    if flow.open_commands:
        ids = [str(command_id) for command_id in flow.open_commands]
        raise Rejected("STAGE_BUSY", "A command of this genesis is still open.", command_ids=ids)
    _complete_outline(draft)
    _require_all_complete(draft.flow)
    final = draft.flow.current()
    assert final.stage is GenesisStage.FINISHED, "completing the outline enters FINISHED"
    complete_record(draft, final, None)
    content = _novel_content(draft, find_novel(scope, flow.novel_id), command)
    draft.emit(
        SessionFinished(
            session_id=session_id,
            flow_id=flow.id,
            novel_id=flow.novel_id,
            confirmed_versions=content.source_versions,
        )
    )
    draft.emit(
        FlowCompleted(
            flow_id=flow.id,
            novel_id=flow.novel_id,
            final_state=draft.flow.state,
            version=draft.flow.version + 1,
            completed_at=given.now,
        )
    )
    draft.add(novel_emitted(content))
    if session_id is not None:
        say_command(draft, find_session(scope, session_id), command.payload)
    return draft.decision(_answer(draft, content.title, already=False), stage_id=final.id)


def _flow_and_session(command: Finish, scope: Scope) -> tuple[Flow, UUID | None]:
    if command.session_id is not None:
        session = find_session(scope, command.session_id)
        if session.scope_type is not ScopeType.GENESIS:
            raise Rejected("SESSION_SCOPE_INVALID", "The session is not of the scope GENESIS.")
        if command.payload.session_id not in (None, session.id):
            raise Rejected("SESSION_MISMATCH", "payload.session_id is not the session of the path.")
    flow = find_flow(scope)
    if flow is None:
        raise Rejected("FLOW_NOT_FOUND", "Flow not found")
    return flow, command.session_id


def _complete_outline(draft: Draft) -> None:
    """A running, confirmed outline is completed by finishing; anything else must be complete already."""
    current = draft.flow.current()
    is_running = current.stage is GenesisStage.PLOT_OUTLINE and current.status is StageStatus.RUNNING
    if is_running and current.confirmed_version is not None:
        complete(draft, current)


def _require_all_complete(flow: Flow) -> None:
    missing = [stage for stage in CONTENT_STAGES if stage in _incomplete(flow)]
    open_stages = [
        record.stage
        for record in flow.records
        if record.is_current
        and record.stage is not GenesisStage.FINISHED
        and record.status is not StageStatus.COMPLETED
    ]
    named = list(dict.fromkeys([*missing, *open_stages]))
    if named:
        raise Rejected("STAGE_INCOMPLETE", f"Not complete yet: {', '.join(named)}.", stages=named)


def _incomplete(flow: Flow) -> set[GenesisStage]:
    complete_stages = {
        record.stage
        for record in flow.records
        if record.status is StageStatus.COMPLETED and record.confirmed_version is not None
    }
    return set(CONTENT_STAGES) - complete_stages


def _novel_content(draft: Draft, novel: Novel, command: Finish) -> NovelGenesisCompleted:
    confirmed = _confirmed_settings(draft.flow)
    initial = confirmed.get(GenesisStage.INITIAL_PROMPT, {})
    outline = _object(confirmed.get(GenesisStage.PLOT_OUTLINE, {}).get("outline"))
    cast = confirmed.get(GenesisStage.CHARACTERS, {})
    concept, theme = _object(initial.get("concept")), _object(initial.get("theme"))
    characters = characters_of(cast, draft.given)
    return NovelGenesisCompleted(
        novel_id=novel.id,
        flow_id=draft.flow.id,
        old_status=novel.status,
        new_status=NovelStatus.GENERATING,
        title=command.payload.title or _text(concept.get("title")) or novel.title,
        theme=_text(theme.get("core_theme")) or novel.theme,
        writing_style=_config_value(draft.flow, GenesisStage.INITIAL_PROMPT, "style") or novel.writing_style,
        target_chapters=command.payload.target_chapters
        or _config_value(draft.flow, GenesisStage.PLOT_OUTLINE, "chapter_count_preference")
        or _chapter_count(outline)
        or novel.target_chapters,
        characters=characters,
        worldview_entries=worldview_entries_of(confirmed.get(GenesisStage.WORLDVIEW, {}), draft.given),
        story_arcs=story_arcs_of(outline, draft.given),
        network=relations_of(cast, characters),
        details=_object(confirmed.get(GenesisStage.FINISHED, {}).get("details")),
        source_versions={
            stage: record.confirmed_version
            for stage in GenesisStage
            if (record := draft.flow.newest_confirmed_of(stage)) is not None and record.confirmed_version is not None
        },
        version=novel.version + 1,
    )


def _confirmed_settings(flow: Flow) -> dict[GenesisStage, Object]:
    records = {stage: flow.newest_confirmed_of(stage) for stage in GenesisStage}
    return {stage: record.confirmed.settings for stage, record in records.items() if record and record.confirmed}


def _config_value(flow: Flow, stage: GenesisStage, name: str) -> Any:
    record = flow.newest_of(stage)
    return (record.config or {}).get(name) if record is not None else None


def _chapter_count(outline: Object) -> int | None:
    nodes = outline.get("nodes")
    numbers = [node.get("chapter") for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
    return min(len({number for number in numbers if isinstance(number, int)}), 1_000) or None


def _answer(draft: Draft, title: str, *, already: bool) -> Any:
    body = {
        "novel_id": draft.novel_id,
        "flow_id": draft.flow.id,
        "session_id": draft.session_id,
        "title": title,
        "redirect": f"/novels/{draft.novel_id}",
        "already_completed": already,
    }
    return lambda _: Answer(200, body, version=None)


def _object(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value.strip()[:255] if isinstance(value, str) and value.strip() else None
