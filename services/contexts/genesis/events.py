"""What has happened to novels and in their genesis."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from services.kernel.events import Event
from shared_types.enums import (
    GenesisMode,
    GenesisStage,
    GenesisStatus,
    Navigation,
    NovelStatus,
    SettingsSource,
    StageSessionStatus,
    StageStatus,
)

Object = dict[str, Any]


class NovelCreated(Event):
    """A novel exists, still without a foundation."""

    TYPE: ClassVar[str] = "Novel.Created"

    novel_id: UUID
    user_id: UUID
    title: str
    theme: str | None = None
    writing_style: str | None = None
    description: str | None = None
    target_chapters: int
    status: NovelStatus = NovelStatus.GENESIS
    version: int = 1


class NovelUpdated(Event):
    """Some of a novel's fields have new values."""

    TYPE: ClassVar[str] = "Novel.Updated"

    novel_id: UUID
    changed: Object
    version: int


class NovelDeleted(Event):
    """The novel is gone with everything of it."""

    TYPE: ClassVar[str] = "Novel.Deleted"

    novel_id: UUID


class NovelGenesisCompleted(Event):
    """The foundation is finished: what was confirmed, ready to be read by whoever writes on."""

    TYPE: ClassVar[str] = "Novel.GenesisCompleted"

    novel_id: UUID
    flow_id: UUID
    old_status: NovelStatus
    new_status: NovelStatus
    title: str
    theme: str | None
    writing_style: str | None
    target_chapters: int
    characters: list[Object]
    worldview_entries: list[Object]
    story_arcs: list[Object]
    network: list[Object]
    details: Object
    source_versions: dict[str, int]
    version: int


class FlowCreated(Event):
    """The genesis of a novel has begun."""

    TYPE: ClassVar[str] = "Genesis.Flow.Created"

    flow_id: UUID
    novel_id: UUID
    user_id: UUID
    status: GenesisStatus = GenesisStatus.IN_PROGRESS
    current_stage: GenesisStage = GenesisStage.INITIAL_PROMPT
    mode: GenesisMode | None
    navigation: Navigation
    state: Object
    version: int = 1


class FlowAdvanced(Event):
    """Another stage is current."""

    TYPE: ClassVar[str] = "Genesis.Flow.Advanced"

    flow_id: UUID
    from_stage: GenesisStage
    to_stage: GenesisStage
    from_stage_id: UUID
    to_stage_id: UUID
    direction: Literal["forward", "backward", "jump"]
    version: int


class FlowPaused(Event):
    """Nothing goes on until it is resumed."""

    TYPE: ClassVar[str] = "Genesis.Flow.Paused"

    flow_id: UUID
    reason: str | None
    version: int


class FlowResumed(Event):
    """It goes on."""

    TYPE: ClassVar[str] = "Genesis.Flow.Resumed"

    flow_id: UUID
    reason: str | None
    version: int


class FlowAbandoned(Event):
    """It will never go on."""

    TYPE: ClassVar[str] = "Genesis.Flow.Abandoned"

    flow_id: UUID
    reason: str | None
    version: int


class FlowCompleted(Event):
    """The foundation is finished."""

    TYPE: ClassVar[str] = "Genesis.Flow.Completed"

    flow_id: UUID
    novel_id: UUID
    final_state: Object
    version: int
    completed_at: datetime


class StageCreated(Event):
    """A pass through a stage has begun."""

    TYPE: ClassVar[str] = "Genesis.Stage.Created"

    stage_id: UUID
    flow_id: UUID
    stage: GenesisStage
    status: StageStatus = StageStatus.RUNNING
    sequence_number: int
    is_current: bool = True
    config: Object | None
    iteration_count: int = 0
    carried_from_stage_id: UUID | None = None
    started_at: datetime


class StagePaused(Event):
    """The pass waits while another stage is worked on, or the flow is paused."""

    TYPE: ClassVar[str] = "Genesis.Stage.Paused"

    stage_id: UUID


class StageResumed(Event):
    """The pass goes on."""

    TYPE: ClassVar[str] = "Genesis.Stage.Resumed"

    stage_id: UUID


class StageSuperseded(Event):
    """A new pass through the same stage has taken this one's place."""

    TYPE: ClassVar[str] = "Genesis.Stage.Superseded"

    stage_id: UUID
    by_stage_id: UUID


class StageFailed(Event):
    """The pass has failed."""

    TYPE: ClassVar[str] = "Genesis.Stage.Failed"

    stage_id: UUID
    reason: str
    error: Object | None = None


class StageConfigUpdated(Event):
    """The pass has another configuration."""

    TYPE: ClassVar[str] = "Genesis.Stage.ConfigUpdated"

    stage_id: UUID
    config: Object
    changed_fields: list[str]


class SessionBound(Event):
    """A conversation session works for a stage record."""

    TYPE: ClassVar[str] = "Genesis.Stage.SessionBound"

    link_id: UUID
    stage_id: UUID
    session_id: UUID
    is_primary: bool
    session_kind: str | None
    status: StageSessionStatus = StageSessionStatus.ACTIVE


class StageSessionUpdated(Event):
    """The tie between a record and a session has another status or kind."""

    TYPE: ClassVar[str] = "Genesis.Stage.SessionUpdated"

    link_id: UUID
    stage_id: UUID
    session_id: UUID
    changed: Object


class SessionUnbound(Event):
    """The tie is gone, because its session is."""

    TYPE: ClassVar[str] = "Genesis.Stage.SessionUnbound"

    link_id: UUID
    stage_id: UUID
    session_id: UUID
    cause: str


class PrimaryChanged(Event):
    """Another session, or none, is the record's primary one."""

    TYPE: ClassVar[str] = "Genesis.Stage.PrimaryChanged"

    stage_id: UUID
    from_session_id: UUID | None
    to_session_id: UUID | None


class SettingsSaved(Event):
    """A new version of the record's settings document; versions are 1 … n and never change."""

    TYPE: ClassVar[str] = "Genesis.Stage.SettingsSaved"

    settings_id: UUID
    stage_id: UUID
    version: int
    settings: Object
    summary: str | None = None
    source: SettingsSource
    created_by: UUID | None = None
    branch_id: UUID | None = None
    quality: float | None = None
    command_id: UUID
    iteration_count: int


class SettingsConfirmed(Event):
    """This version, and no other of the record, is the confirmed one."""

    TYPE: ClassVar[str] = "Genesis.Stage.SettingsConfirmed"

    stage_id: UUID
    version: int
    previous_version: int | None


class TransitionRecorded(Event):
    """A move from one record to another, with what was handed over."""

    TYPE: ClassVar[str] = "Genesis.Stage.TransitionRecorded"

    transition_id: UUID
    from_stage_id: UUID | None
    to_stage_id: UUID
    transition_data: Object


class SessionStarted(Event):
    """The conversation about a novel has begun, with an idea or without."""

    TYPE: ClassVar[str] = "Genesis.Session.Started"

    session_id: UUID
    novel_id: UUID
    stage_id: UUID
    stage: GenesisStage
    mode: GenesisMode
    initial_input: str | None
    preferences: Object


class SeedRequested(Event):
    """Concepts were asked for."""

    TYPE: ClassVar[str] = "Genesis.Session.Seed.Requested"

    command_id: UUID
    command_type: str
    session_id: UUID
    stage_id: UUID
    stage: GenesisStage
    input: Object
    iteration_number: int
    based_on_version: int | None
    config: Object | None


class GenerationStarted(Event):
    """A worker has taken a requested piece of work."""

    TYPE: ClassVar[str] = "Genesis.Session.Generation.Started"

    command_id: UUID
    command_type: str
    stage_id: UUID
    task_ids: list[UUID]
    handle_id: UUID | None = None


class ConceptProposed(Event):
    """Concepts are there; `content` is the whole settings document of that version."""

    TYPE: ClassVar[str] = "Genesis.Session.Concept.Proposed"

    session_id: UUID
    novel_id: UUID
    stage_id: UUID
    stage: GenesisStage
    settings_version: int
    content: Object
    quality_score: float
    quality: Object
    suggestions: list[str]
    needs_optimization: bool
    consistency: list[Object]
    generation_metadata: Object


class GenerationFailed(Event):
    """A requested piece of work has no result; the record and its versions stay as they are."""

    TYPE: ClassVar[str] = "Genesis.Session.Generation.Failed"

    command_id: UUID
    stage_id: UUID
    error: Object


class StageCompleted(Event):
    """A pass through a stage is complete."""

    TYPE: ClassVar[str] = "Genesis.Session.Stage.Completed"

    stage_id: UUID
    stage: GenesisStage
    sequence_number: int
    result: Object
    metrics: Object
    confirmed_version: int | None
    completion_notes: str | None
    next_stage: GenesisStage | None
    archived_session_ids: list[UUID]


class SessionFinished(Event):
    """The genesis was finished by its user."""

    TYPE: ClassVar[str] = "Genesis.Session.Finished"

    session_id: UUID | None
    flow_id: UUID
    novel_id: UUID
    confirmed_versions: dict[str, int]


class SessionFailed(Event):
    """The genesis was declared failed at its current stage."""

    TYPE: ClassVar[str] = "Genesis.Session.Failed"

    stage_id: UUID
    reason: str
    error: Object | None = None


NovelEvent = NovelCreated | NovelUpdated | NovelDeleted | NovelGenesisCompleted
FlowEvent = FlowCreated | FlowAdvanced | FlowPaused | FlowResumed | FlowAbandoned | FlowCompleted
StageEvent = (
    StageCreated
    | StagePaused
    | StageResumed
    | StageSuperseded
    | StageFailed
    | StageConfigUpdated
    | StageCompleted
    | TransitionRecorded
)
LinkEvent = SessionBound | StageSessionUpdated | SessionUnbound | PrimaryChanged
SettingsEvent = SettingsSaved | SettingsConfirmed
ConversationStep = (
    SessionStarted
    | SeedRequested
    | GenerationStarted
    | ConceptProposed
    | GenerationFailed
    | SessionFinished
    | SessionFailed
)
GenesisEvent = FlowEvent | StageEvent | LinkEvent | SettingsEvent | ConversationStep

NOVEL_EVENTS = (NovelCreated, NovelUpdated, NovelDeleted, NovelGenesisCompleted)
FLOW_EVENTS = (FlowCreated, FlowAdvanced, FlowPaused, FlowResumed, FlowAbandoned, FlowCompleted)
STAGE_EVENTS = (
    StageCreated,
    StagePaused,
    StageResumed,
    StageSuperseded,
    StageFailed,
    StageConfigUpdated,
    StageCompleted,
    TransitionRecorded,
)
LINK_EVENTS = (SessionBound, StageSessionUpdated, SessionUnbound, PrimaryChanged)
SETTINGS_EVENTS = (SettingsSaved, SettingsConfirmed)
CONVERSATION_EVENTS = (
    SessionStarted,
    SeedRequested,
    GenerationStarted,
    ConceptProposed,
    GenerationFailed,
    SessionFinished,
    SessionFailed,
)
EVENTS = (*NOVEL_EVENTS, *FLOW_EVENTS, *STAGE_EVENTS, *LINK_EVENTS, *SETTINGS_EVENTS, *CONVERSATION_EVENTS)
