"""Decisions about a stage's content: ask for it, have it changed, change it, confirm it."""

from typing import Any

from services.contexts.conversations.decider import Session
from services.contexts.genesis.commands.content import (
    ConfirmPayload,
    RevisePayload,
    SessionCommand,
)
from services.contexts.genesis.commands.conversation import ContentPayload
from services.contexts.genesis.decider.answers import answer_settings
from services.contexts.genesis.decider.conversation import content_command
from services.contexts.genesis.decider.draft import Draft
from services.contexts.genesis.decider.rounds import say_command, talk_of
from services.contexts.genesis.decider.state import Settings, StageRecord
from services.contexts.genesis.decider.steps import (
    PROPOSED,
    TASK_TYPES,
    Confirmation,
    Request,
    Revision,
    Standing,
    confirmed_documents,
)
from services.contexts.genesis.events import SettingsConfirmed, SettingsSaved, subject_of
from services.contexts.genesis.values.documents import EMPTY, changed_paths, missing_content, patched
from services.contexts.genesis.values.steps import Step
from services.kernel.decider import Decision, FieldError, Given, Rejected, TaskRequest
from services.kernel.scope import Scope
from shared_types.enums import SettingsSource

Object = dict[str, Any]

AVOIDED_MAX = 3
"""So many earlier proposals are shown to the author, that the next may be unlike them."""


def request_content(plan: Request, command: SessionCommand[Any], given: Given, scope: Scope) -> Decision:
    """Asks for content: a request event, the user's round and a task for a worker."""
    payload: ContentPayload = command.payload
    draft, session, record = content_command(command.session_id, payload, given, scope, plan.stage)
    _check_proposals_left(plan, record)
    newest = record.newest(record.branch_of(session.id))
    document = newest.settings if newest is not None else dict(EMPTY.get(record.stage, {}))
    options = plan.options(Standing(record, document, draft.flow.mode), payload)
    draft.emit(
        plan.requested(
            command_id=given.command_id,
            command_type=given.command_type,
            session_id=session.id,
            stage_id=record.id,
            stage=record.stage,
            input=payload.model_dump(mode="json", exclude_unset=True),
            iteration_number=record.iteration_count + 1,
            based_on_version=newest and newest.version,
            config=record.config,
        )
    )
    say_command(draft, session, payload)
    asked = {
        **_asked(draft, session, record, payload, plan.step),
        "step": plan.step,
        "is_revision": False,
        "newest": document,
        "options": options,
        "avoid": _earlier(record),
        "based_on_version": newest and newest.version,
    }
    return draft.decision(stage_id=record.id, tasks=(_task(given, plan.step, asked),))


def revise_content(plan: Revision, command: SessionCommand[Any], given: Given, scope: Scope) -> Decision:
    """Has the AI change a version after feedback; modifications alone are the user's own edit, done at once."""
    payload: RevisePayload = command.payload
    draft, session, record = content_command(command.session_id, payload, given, scope, plan.stage)
    feedback = (payload.user_feedback or "").strip()
    if not feedback and payload.modifications is None:
        detail = "Say in user_feedback what to change, or change it in modifications."
        raise Rejected("NOTHING_TO_DO", detail, errors=(FieldError("/user_feedback", "NOTHING_TO_DO", detail),))
    base = _version(record, session, payload.settings_version, none="NOTHING_TO_REVISE")
    step, options = plan.options(base.settings, payload)
    document = _modified(base.settings, payload.modifications)
    if document != base.settings:
        base = _save(draft, session, record, document)
    if not feedback:
        return _edited(plan, draft, session, record, base, payload)
    draft.emit(
        plan.requested(
            command_id=given.command_id,
            command_type=given.command_type,
            session_id=session.id,
            stage_id=record.id,
            stage=record.stage,
            input=payload.model_dump(mode="json", exclude_unset=True),
            iteration_number=record.iteration_count + 1,
            based_on_version=base.version,
            config=record.config,
            user_feedback=feedback,
        )
    )
    say_command(draft, session, payload)
    asked = {
        **_asked(draft, session, draft.record(record.id), payload, step),
        "step": step,
        "is_revision": True,
        "newest": base.settings,
        "options": options,
        "avoid": [],
        "based_on_version": base.version,
    }
    return draft.decision(stage_id=record.id, tasks=(_task(given, step, asked),))


def confirm_content(plan: Confirmation, command: SessionCommand[Any], given: Given, scope: Scope) -> Decision:
    """Confirms a version with its last changes; confirming what is confirmed already changes nothing."""
    payload: ConfirmPayload = command.payload
    draft, session, record = content_command(command.session_id, payload, given, scope, plan.stage)
    base = _version(record, session, payload.settings_version, none="VERSION_NOT_FOUND")
    selected, selected_id = plan.select(base.settings, payload)
    document = _modified(selected, payload.modifications)
    _require_content(plan, document)
    if record.confirmed is not None and record.confirmed.settings == document:
        return draft.decision(answer_settings(record.id, record.confirmed.version, status=200), stage_id=record.id)
    if document != base.settings:
        base = _save(draft, session, record, document)
    draft.emit(SettingsConfirmed(stage_id=record.id, version=base.version, previous_version=record.confirmed_version))
    draft.emit(
        plan.confirmed(
            stage_id=record.id,
            settings_version=base.version,
            content=document,
            selected_id=selected_id,
            user_feedback=payload.user_feedback,
        )
    )
    say_command(draft, session, payload)
    return draft.decision(answer_settings(record.id, base.version, status=200), stage_id=record.id)


def _edited(
    plan: Revision, draft: Draft, session: Session, record: StageRecord, saved: Settings, payload: RevisePayload
) -> Decision:
    answer = answer_settings(record.id, saved.version, status=200)
    before = record.versions.get(saved.version)
    if before is not None:
        # The change was there already.
        return draft.decision(answer, stage_id=record.id)
    based_on = _version(record, session, payload.settings_version, none="NOTHING_TO_REVISE")
    draft.emit(
        plan.edited(
            session_id=session.id,
            novel_id=draft.novel_id,
            stage_id=record.id,
            stage=record.stage,
            settings_version=saved.version,
            based_on_version=based_on.version,
            content=saved.settings,
            changed_paths=changed_paths(based_on.settings, saved.settings),
            by="user",
        )
    )
    say_command(draft, session, payload)
    return draft.decision(answer, stage_id=record.id)


def _save(draft: Draft, session: Session, record: StageRecord, document: Object) -> Settings:
    """Saves what the user has changed as the next version of the line that the session works on."""
    version, branch = record.latest_version + 1, record.branch_of(session.id)
    draft.emit(
        SettingsSaved(
            settings_id=draft.given.new_id("settings", version),
            stage_id=record.id,
            version=version,
            settings=document,
            source=SettingsSource.USER,
            created_by=session.id,
            branch_id=branch and branch.id,
            command_id=draft.given.command_id,
            iteration_count=record.iteration_count,
        )
    )
    return draft.record(record.id).versions[version]


def _version(record: StageRecord, session: Session, number: int | None, *, none: str) -> Settings:
    """A version by its number; without one the newest of the session's line. Raises Rejected VERSION_NOT_FOUND."""
    if number is not None:
        if number not in record.versions:
            raise Rejected("VERSION_NOT_FOUND", f"There is no version {number}.")
        return record.versions[number]
    newest = record.newest(record.branch_of(session.id))
    if newest is None:
        raise Rejected(none, "There is no version of the settings yet.")
    return newest


def _modified(document: Object, modifications: Object | None) -> Object:
    changed: Object = document if modifications is None else patched(document, modifications)
    if not changed:
        detail = "The modifications leave nothing."
        raise Rejected("CONTENT_INCOMPLETE", detail, errors=(FieldError("/modifications", "empty", detail),))
    return changed


def _require_content(plan: Confirmation, document: Object) -> None:
    missing = missing_content(plan.stage, document) if plan.required else []
    if missing:
        errors = tuple(
            FieldError(place, "missing", "This has to be there before it is confirmed.") for place in missing
        )
        raise Rejected("CONTENT_INCOMPLETE", f"Not there yet: {', '.join(missing)}.", errors=errors)


def _check_proposals_left(plan: Request, record: StageRecord) -> None:
    made = record.proposals.get(PROPOSED[plan.step].TYPE, 0)
    if plan.proposals_max is not None and made >= plan.proposals_max:
        raise Rejected("ITERATION_LIMIT", f"A stage record takes at most {plan.proposals_max} proposals of this kind.")


def _asked(draft: Draft, session: Session, record: StageRecord, payload: ContentPayload, step: Step) -> Object:
    """What an author is told whatever is asked; plain JSON."""
    flow, config = draft.flow, record.config or {}
    return {
        "session_id": str(session.id),
        "stage_id": str(record.id),
        "stage": record.stage,
        "idea": flow.idea,
        "user_input": payload.user_input,
        "feedback": list(record.feedback),
        "conversation": talk_of(session),
        "confirmed": confirmed_documents(flow, record),
        "config": config,
        "preferences": {**flow.state.get("preferences", {}), **_config_preferences(config), **payload.preferences},
        "requirements": payload.requirements,
        "model": payload.model,
        "round_totals": list(record.scores.get(subject_of(PROPOSED[step].TYPE), ())),
        "iteration_number": record.iteration_count + 1,
    }


def _config_preferences(config: Object) -> Object:
    return {name: config[name] for name in ("genre", "style") if config.get(name)}


def _earlier(record: StageRecord) -> list[Object]:
    numbers = range(record.latest_version, max(record.latest_version - AVOIDED_MAX, 0), -1)
    return [record.versions[number].settings for number in numbers if record.versions[number].source == "ai"]


def _task(given: Given, step: Step, asked: Object) -> TaskRequest:
    return TaskRequest(task_id=given.new_id("task"), task_type=TASK_TYPES[step], input=asked)
