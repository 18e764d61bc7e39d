"""Decisions about the versions of a record's settings document."""

from uuid import UUID

from services.contexts.genesis.commands.flows import ConfirmSettings, SaveSettings
from services.contexts.genesis.decider.answers import answer_settings
from services.contexts.genesis.decider.draft import Draft, draft_of_stage, require_open
from services.contexts.genesis.decider.state import StageRecord
from services.contexts.genesis.events import SettingsConfirmed, SettingsSaved
from services.kernel.decider import Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import SettingsSource, StageSessionStatus, StageStatus

_MISSING = "Stage instance not found"


def save_settings(command: SaveSettings, given: Given, scope: Scope) -> Decision:
    """Saves the user's next version."""
    payload = command.payload
    draft = draft_of_stage(given, scope, command.instance_id, missing=_MISSING)
    record = _running(draft, command.instance_id)
    link = record.link(payload.session_id)
    if link is None or link.status is not StageSessionStatus.ACTIVE:
        detail = "The session does not work for this stage record."
        raise Rejected("SESSION_NOT_BOUND", detail, errors=(FieldError("/session_id", "SESSION_NOT_BOUND", detail),))
    draft.session_id = payload.session_id
    version = record.latest_version + 1
    draft.emit(
        SettingsSaved(
            settings_id=given.new_id("settings"),
            stage_id=record.id,
            version=version,
            settings=payload.settings,
            summary=payload.summary,
            source=SettingsSource.USER,
            created_by=payload.session_id,
            command_id=given.command_id,
            iteration_count=record.iteration_count,
        )
    )
    return draft.decision(answer_settings(record.id, version, status=201), stage_id=record.id)


def confirm_settings(command: ConfirmSettings, given: Given, scope: Scope) -> Decision:
    """Makes one version, and no other, the confirmed one; confirming it again changes nothing."""
    draft = draft_of_stage(given, scope, command.instance_id, missing=_MISSING)
    if command.version not in draft.record(command.instance_id).versions:
        raise Rejected("VERSION_NOT_FOUND", f"There is no version {command.version}.")
    record = _running(draft, command.instance_id)
    if record.confirmed_version != command.version:
        draft.emit(
            SettingsConfirmed(stage_id=record.id, version=command.version, previous_version=record.confirmed_version)
        )
    return draft.decision(answer_settings(record.id, command.version, status=200), stage_id=record.id)


def _running(draft: Draft, stage_id: UUID) -> StageRecord:
    require_open(draft.flow)
    record = draft.record(stage_id)
    if record.status is not StageStatus.RUNNING:
        raise Rejected("STAGE_CLOSED", f"The stage record is {record.status}.")
    return record
