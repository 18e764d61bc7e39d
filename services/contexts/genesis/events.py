"""What has happened to novels and in their genesis."""

from datetime import datetime
from typing import Any, ClassVar, Literal, get_args
from uuid import UUID

from services.kernel.events import Event
from shared_types.enums import (
    ExportFormat,
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


class ContentRequested(Event):
    """A piece of a stage's content was asked for. `input` is the command's payload."""

    command_id: UUID
    command_type: str
    session_id: UUID
    stage_id: UUID
    stage: GenesisStage
    input: Object
    iteration_number: int
    based_on_version: int | None
    config: Object | None


class SeedRequested(ContentRequested):
    """Concepts were asked for."""

    TYPE: ClassVar[str] = "Genesis.Session.Seed.Requested"


class ThemeRequested(ContentRequested):
    """Themes were asked for."""

    TYPE: ClassVar[str] = "Genesis.Session.Theme.Requested"


class WorldRequested(ContentRequested):
    """A world was asked for, or one dimension of it."""

    TYPE: ClassVar[str] = "Genesis.Session.World.Requested"


class CharacterRequested(ContentRequested):
    """A cast was asked for, or one character of it."""

    TYPE: ClassVar[str] = "Genesis.Session.Character.Requested"


class CharacterNetworkRequested(ContentRequested):
    """The network of the cast was asked for."""

    TYPE: ClassVar[str] = "Genesis.Session.CharacterNetwork.Requested"


class PlotRequested(ContentRequested):
    """Plans were asked for, or that one of them be worked out."""

    TYPE: ClassVar[str] = "Genesis.Session.Plot.Requested"


class DetailsRequested(ContentRequested):
    """Details were asked for."""

    TYPE: ClassVar[str] = "Genesis.Session.Details.Requested"


class RevisionRequested(ContentRequested):
    """A piece of content is to be changed after what somebody said of it."""

    user_feedback: str


class ThemeRevisionRequested(RevisionRequested):
    """Concepts or themes are to be changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Theme.RevisionRequested"


class WorldUpdateRequested(RevisionRequested):
    """The world is to be changed."""

    TYPE: ClassVar[str] = "Genesis.Session.World.UpdateRequested"


class CharacterUpdateRequested(RevisionRequested):
    """The cast is to be changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Character.UpdateRequested"


class PlotUpdateRequested(RevisionRequested):
    """The plot is to be changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Plot.UpdateRequested"


class GenerationStarted(Event):
    """A worker has taken a requested piece of work."""

    TYPE: ClassVar[str] = "Genesis.Session.Generation.Started"

    command_id: UUID
    command_type: str
    stage_id: UUID
    task_ids: list[UUID]
    handle_id: UUID | None = None


class ContentProposed(Event):
    """A proposal is there; `content` is the whole settings document of that version."""

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


class ConceptProposed(ContentProposed):
    """Concepts are there; `content` is the whole settings document of that version."""

    TYPE: ClassVar[str] = "Genesis.Session.Concept.Proposed"


class ThemeProposed(ContentProposed):
    """Themes are there."""

    TYPE: ClassVar[str] = "Genesis.Session.Theme.Proposed"


class WorldProposed(ContentProposed):
    """A world is there."""

    TYPE: ClassVar[str] = "Genesis.Session.World.Proposed"


class CharacterProposed(ContentProposed):
    """A cast is there."""

    TYPE: ClassVar[str] = "Genesis.Session.Character.Proposed"


class CharacterNetworkCreated(ContentProposed):
    """The network of the cast is there."""

    TYPE: ClassVar[str] = "Genesis.Session.CharacterNetwork.Created"


class PlotProposed(ContentProposed):
    """Plans and an outline are there."""

    TYPE: ClassVar[str] = "Genesis.Session.Plot.Proposed"


class DetailsGenerated(ContentProposed):
    """Details are there."""

    TYPE: ClassVar[str] = "Genesis.Session.Details.Generated"


class ContentRevised(Event):
    """Content was changed, by the AI after feedback or by the user's own hand, which nobody assesses."""

    session_id: UUID
    novel_id: UUID
    stage_id: UUID
    stage: GenesisStage
    settings_version: int
    based_on_version: int
    content: Object
    changed_paths: list[str]
    by: Literal["ai", "user"]
    quality_score: float | None = None
    quality: Object | None = None
    suggestions: list[str] | None = None
    needs_optimization: bool | None = None
    consistency: list[Object] | None = None
    generation_metadata: Object | None = None


class ThemeRevised(ContentRevised):
    """Concepts or themes were changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Theme.Revised"


class WorldUpdated(ContentRevised):
    """The world was changed."""

    TYPE: ClassVar[str] = "Genesis.Session.World.Updated"


class CharacterUpdated(ContentRevised):
    """The cast was changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Character.Updated"


class PlotUpdated(ContentRevised):
    """The plot was changed."""

    TYPE: ClassVar[str] = "Genesis.Session.Plot.Updated"


class ContentConfirmed(Event):
    """The user has decided: `content` is the confirmed document, `selected_id` the candidate that was chosen."""

    stage_id: UUID
    settings_version: int
    content: Object
    selected_id: str | None
    user_feedback: str | None


class ConceptConfirmed(ContentConfirmed):
    """A concept was chosen."""

    TYPE: ClassVar[str] = "Genesis.Session.Concept.Confirmed"


class ThemeConfirmed(ContentConfirmed):
    """A theme was chosen."""

    TYPE: ClassVar[str] = "Genesis.Session.Theme.Confirmed"


class WorldConfirmed(ContentConfirmed):
    """The world was confirmed."""

    TYPE: ClassVar[str] = "Genesis.Session.World.Confirmed"


class CharacterConfirmed(ContentConfirmed):
    """The cast was confirmed."""

    TYPE: ClassVar[str] = "Genesis.Session.Character.Confirmed"


class PlotConfirmed(ContentConfirmed):
    """The plot was confirmed."""

    TYPE: ClassVar[str] = "Genesis.Session.Plot.Confirmed"


class DetailsConfirmed(ContentConfirmed):
    """The details were confirmed."""

    TYPE: ClassVar[str] = "Genesis.Session.Details.Confirmed"


class BranchCreated(Event):
    """Another way on from a version, with a session of its own. `settings_version` is its first version."""

    TYPE: ClassVar[str] = "Genesis.Session.Branch.Created"

    branch_id: UUID
    label: str
    description: str | None
    stage_id: UUID
    session_id: UUID
    parent_session_id: UUID
    base_version: int
    base_round_path: str | None
    settings_version: int


class BranchMerged(Event):
    """What was changed on a branch is part of another version now."""

    TYPE: ClassVar[str] = "Genesis.Session.Branch.Merged"

    branch_id: UUID
    stage_id: UUID
    settings_version: int


class ConsistencyCheckRequested(Event):
    """A record's newest version is to be held against all that is confirmed."""

    TYPE: ClassVar[str] = "Genesis.Session.Consistency.CheckRequested"

    command_id: UUID
    command_type: str
    session_id: UUID
    stage_id: UUID


class ConsistencyChecked(Event):
    """What does not fit; `score` is 10 when everything does."""

    TYPE: ClassVar[str] = "Genesis.Session.Consistency.Checked"

    command_id: UUID
    stage_id: UUID
    settings_version: int | None
    issues: list[Object]
    score: float


class ExportRequested(Event):
    """The foundation is to be had as one document."""

    TYPE: ClassVar[str] = "Genesis.Session.Export.Requested"

    command_id: UUID
    command_type: str
    session_id: UUID
    stage_id: UUID
    format: ExportFormat


class ExportCompleted(Event):
    """The document is there: as text, or in base64 where the format is not one."""

    TYPE: ClassVar[str] = "Genesis.Session.Export.Completed"

    command_id: UUID
    stage_id: UUID
    format: ExportFormat
    file_name: str
    media_type: str
    encoding: Literal["utf-8", "base64"]
    content: str


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
ContentEvent = ContentRequested | ContentProposed | ContentRevised | ContentConfirmed | BranchCreated | BranchMerged
ReviewEvent = ConsistencyCheckRequested | ConsistencyChecked | ExportRequested | ExportCompleted
ConversationStep = (
    SessionStarted | GenerationStarted | GenerationFailed | ContentEvent | ReviewEvent | SessionFinished | SessionFailed
)
GenesisEvent = FlowEvent | StageEvent | LinkEvent | SettingsEvent | ConversationStep

NOVEL_EVENTS: tuple[type[Event], ...] = get_args(NovelEvent)
REQUEST_EVENTS = (
    SeedRequested,
    ThemeRequested,
    ThemeRevisionRequested,
    WorldRequested,
    WorldUpdateRequested,
    CharacterRequested,
    CharacterUpdateRequested,
    CharacterNetworkRequested,
    PlotRequested,
    PlotUpdateRequested,
    DetailsRequested,
)
RESULT_EVENTS = (
    ConceptProposed,
    ThemeProposed,
    ThemeRevised,
    WorldProposed,
    WorldUpdated,
    CharacterProposed,
    CharacterUpdated,
    CharacterNetworkCreated,
    PlotProposed,
    PlotUpdated,
    DetailsGenerated,
)
CONFIRMATION_EVENTS = (
    ConceptConfirmed,
    ThemeConfirmed,
    WorldConfirmed,
    CharacterConfirmed,
    PlotConfirmed,
    DetailsConfirmed,
)
GENESIS_EVENTS: tuple[type[Event], ...] = (
    *(kind for kind in get_args(GenesisEvent) if hasattr(kind, "TYPE")),
    *REQUEST_EVENTS,
    *RESULT_EVENTS,
    *CONFIRMATION_EVENTS,
)
EVENTS = (*NOVEL_EVENTS, *GENESIS_EVENTS)


def subject_of(event_type: str) -> str:
    """What an event about content is about, whoever changed it: `Genesis.Session.Theme.Revised` about the `Theme`."""
    return event_type.split(".")[2]
