"""Decisions about other ways on from a version: leave for one, and bring what came of it back."""

from services.contexts.conversations.decider import Session
from services.contexts.genesis.commands.content import CreateBranch, MergeSettings
from services.contexts.genesis.decider.answers import answer_settings
from services.contexts.genesis.decider.conversation import content_command, working_record
from services.contexts.genesis.decider.draft import require_open
from services.contexts.genesis.decider.links import bind, open_session
from services.contexts.genesis.decider.rounds import say_command
from services.contexts.genesis.decider.state import Settings, StageRecord
from services.contexts.genesis.events import BranchCreated, BranchMerged, SettingsSaved
from services.contexts.genesis.values.documents import merged
from services.kernel.decider import Answer, Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisStage, MergeStrategy, SettingsSource, StageStatus

BRANCH_KIND = "branch"


def create_branch(command: CreateBranch, given: Given, scope: Scope) -> Decision:
    """Opens a session of its own on a copy of a version; the main line stays as it is."""
    payload = command.payload
    draft, session, record = content_command(command.session_id, payload, given, scope, None)
    if record.stage is GenesisStage.FINISHED:
        raise Rejected("STAGE_MISMATCH", "FINISHED has no branches.", stage=record.stage)
    base = _base(record, session, payload.base_version)
    _check_round(session, payload.from_round_path)
    label = payload.label or f"branch_{given.now:%Y%m%d_%H%M%S}"
    if any(branch.label == label for branch in record.branches):
        detail = f"The stage record has a branch {label} already."
        raise Rejected("BRANCH_LABEL_TAKEN", detail, errors=(FieldError("/label", "BRANCH_LABEL_TAKEN", detail),))
    branch_id, version = given.new_id("branch"), record.latest_version + 1
    opened = open_session(draft, record, title=label, metadata={"branch_id": str(branch_id)})
    bind(draft, record, opened.id, is_primary=False, session_kind=BRANCH_KIND)
    draft.emit(
        SettingsSaved(
            settings_id=given.new_id("settings", version),
            stage_id=record.id,
            version=version,
            settings=base.settings,
            summary=payload.description,
            source=SettingsSource.BRANCH,
            created_by=opened.id,
            branch_id=branch_id,
            command_id=given.command_id,
            iteration_count=record.iteration_count,
        )
    )
    draft.emit(
        BranchCreated(
            branch_id=branch_id,
            label=label,
            description=payload.description,
            stage_id=record.id,
            session_id=opened.id,
            parent_session_id=session.id,
            base_version=base.version,
            base_round_path=payload.from_round_path,
            settings_version=version,
        )
    )
    say_command(draft, session, payload)
    body = {
        "id": branch_id,
        "stage_id": record.id,
        "session_id": opened.id,
        "parent_session_id": session.id,
        "label": label,
        "description": payload.description,
        "base_version": base.version,
        "base_round_path": payload.from_round_path,
        "settings_version": version,
        "merged_version": None,
        "created_at": given.now,
    }
    location = f"/api/v1/conversations/sessions/{opened.id}"
    return draft.decision(lambda _: Answer(201, body, location=location), stage_id=record.id)


def merge_settings(command: MergeSettings, given: Given, scope: Scope) -> Decision:
    """Brings what `source` has changed since it left into `target`, as the next version of the target's line."""
    payload = command.payload
    draft, session, record = working_record(command.session_id, given, scope)
    require_open(draft.flow)
    if record.status is not StageStatus.RUNNING or not record.is_current:
        raise Rejected("STAGE_CLOSED", f"The stage record is {record.status}.")
    source = _named(record, payload.source, "/source")
    target = _named(record, payload.target, "/target")
    base = _left_from(record, source, target)
    document, conflicts = merged(base.settings, source.settings, target.settings, payload.strategy)
    if conflicts and payload.strategy is MergeStrategy.MANUAL:
        raise Rejected("MERGE_CONFLICT", "Both have changed the same places.", paths=conflicts)
    version = record.latest_version + 1
    draft.emit(
        SettingsSaved(
            settings_id=given.new_id("settings", version),
            stage_id=record.id,
            version=version,
            settings=document,
            summary=f"{payload.source} → {payload.target}",
            source=SettingsSource.MERGE,
            created_by=session.id,
            branch_id=target.branch_id,
            command_id=given.command_id,
            iteration_count=record.iteration_count,
        )
    )
    if source.branch_id is not None:
        draft.emit(BranchMerged(branch_id=source.branch_id, stage_id=record.id, settings_version=version))
    return draft.decision(answer_settings(record.id, version, status=200), stage_id=record.id)


def _base(record: StageRecord, session: Session, number: int | None) -> Settings:
    base = record.newest(record.branch_of(session.id)) if number is None else record.versions.get(number)
    if base is None:
        raise Rejected("VERSION_NOT_FOUND", "There is no such version to begin from.")
    return base


def _check_round(session: Session, path: str | None) -> None:
    if path is not None and not session.has_round(path):
        raise Rejected("ROUND_NOT_FOUND", f"The session has no round {path}.")


def _named(record: StageRecord, label: str, pointer: str) -> Settings:
    """The version that a label stands for: `v<n>` that one, a branch's label the newest of the branch."""
    branch = next((branch for branch in record.branches if branch.label == label), None)
    found = record.newest(branch) if branch is not None else _numbered(record, label)
    if found is None:
        detail = f"The stage record has neither a branch nor a version {label}."
        raise Rejected("VERSION_NOT_FOUND", detail, errors=(FieldError(pointer, "VERSION_NOT_FOUND", detail),))
    return found


def _numbered(record: StageRecord, label: str) -> Settings | None:
    number = label.removeprefix("v")
    return record.versions.get(int(number)) if number.isascii() and number.isdecimal() else None


def _left_from(record: StageRecord, source: Settings, target: Settings) -> Settings:
    """Where the two have parted: where a branch began, or the older of two versions of one line."""
    if source.branch_id == target.branch_id:
        return min(source, target, key=lambda side: side.version)
    began = {branch.id: branch.base_version for branch in record.branches}
    return record.versions[min(began[side.branch_id] for side in (source, target) if side.branch_id is not None)]
