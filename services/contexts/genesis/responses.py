"""What the genesis API answers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.contexts.conversations.responses import CommandStatusResponse
from services.kernel.responses import Response
from shared_types.enums import (
    ArcStatus,
    CommandStatus,
    GenesisMode,
    GenesisStage,
    GenesisStatus,
    InstanceStatus,
    Navigation,
    NovelStatus,
    SessionStatus,
    SettingsSource,
    StageSessionStatus,
    StageStatus,
    TaskStatus,
    WorldviewEntryType,
)

Percent = Annotated[int, Field(ge=0, le=100)]


class NovelGenesis(Response):
    """How far a novel's genesis is."""

    flow_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage | None
    percent: Percent


class NovelResponse(Response):
    """A novel; `genesis` is null before it has begun."""

    id: UUID
    user_id: UUID
    title: str
    theme: str | None
    writing_style: str | None
    description: str | None
    status: NovelStatus
    target_chapters: int
    completed_chapters: int
    version: int
    created_at: datetime
    updated_at: datetime
    genesis: NovelGenesis | None


class CharacterResponse(Response):
    """A character of a novel."""

    id: UUID
    novel_id: UUID
    name: str
    role: str | None
    description: str | None
    background_story: str | None
    personality_traits: list[str]
    goals: list[str]
    profile: Any
    version: int
    created_at: datetime
    updated_at: datetime


class WorldviewEntryResponse(Response):
    """An entry of a novel's world."""

    id: UUID
    novel_id: UUID
    entry_type: WorldviewEntryType
    name: str
    description: str | None
    tags: list[str]
    data: Any
    version: int
    created_at: datetime
    updated_at: datetime


class StoryArcResponse(Response):
    """An arc of a novel's story."""

    id: UUID
    novel_id: UUID
    title: str
    summary: str | None
    start_chapter_number: int | None
    end_chapter_number: int | None
    status: ArcStatus
    nodes: Any
    version: int
    created_at: datetime
    updated_at: datetime


class ChapterResponse(Response):
    """A chapter of a novel. There are none until chapters are written."""

    id: UUID


class NovelStatsResponse(Response):
    """What a novel's genesis has taken so far."""

    stages: int
    words: int
    tokens: int
    cost: float


class Progress(Response):
    """How many of the content stages are complete."""

    completed: int
    total: int
    percent: Percent


class StageResponse(Response):
    """A stage record: one pass through a stage."""

    id: UUID
    flow_id: UUID
    stage: GenesisStage
    status: StageStatus
    sequence_number: int
    is_current: bool
    config: dict[str, Any] | None
    result: dict[str, Any] | None
    iteration_count: int
    metrics: dict[str, Any] | None
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    session_count: int
    primary_session_id: UUID | None
    latest_version: int
    confirmed_version: int | None
    config_complete: bool
    missing_fields: list[str]


class FlowResponse(Response):
    """The genesis of a novel with its stage records. `stage_ids` has the newest record of each stage."""

    id: UUID
    novel_id: UUID
    user_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage | None
    current_stage_id: UUID | None
    stage_ids: dict[str, UUID]
    version: int
    state: dict[str, Any]
    mode: GenesisMode | None
    navigation: Navigation
    progress: Progress
    stages: list[StageResponse]
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class GenesisProcessResponse(Response):
    """A flow as the process family of endpoints shows it."""

    id: UUID
    novel_id: UUID
    user_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class StageInstanceResponse(Response):
    """A stage record as the process family of endpoints shows it."""

    id: UUID
    process_id: UUID
    stage: GenesisStage
    status: InstanceStatus
    sequence_number: int
    is_current: bool
    created_at: datetime
    completed_at: datetime | None
    session_count: int
    confirmed_version: int | None


class StageConfigResponse(Response):
    """A record's configuration."""

    stage_id: UUID
    stage: GenesisStage
    config: dict[str, Any]


class StageSettingsResponse(Response):
    """One version of a record's settings."""

    id: UUID
    instance_id: UUID
    version: int
    settings: dict[str, Any]
    summary: str | None
    is_confirmed: bool
    source: SettingsSource
    branch_id: UUID | None
    quality_score: float | None
    created_by: UUID | None
    created_at: datetime


class BranchResponse(Response):
    """Another way on from a version, with the session that works on it."""

    id: UUID
    stage_id: UUID
    session_id: UUID
    parent_session_id: UUID
    label: str
    description: str | None
    base_version: int
    base_round_path: str | None
    settings_version: int
    merged_version: int | None
    created_at: datetime


class ContentState(Response):
    """By stage, what is confirmed, and what is newer than that."""

    confirmed_data: dict[str, Any]
    drafts: dict[str, Any]


class ContentMeta(Response):
    """When anything was written last."""

    updated_at: datetime | None


class ContentResponse(Response):
    """What a genesis has written so far."""

    state: ContentState
    meta: ContentMeta


class FoundContent(Response):
    """A document or round that holds what was looked for."""

    id: UUID
    type: Literal["settings", "round"]
    stage: GenesisStage
    content: dict[str, Any]
    highlight: str | None


class Pagination(Response):
    """Which page of how many."""

    page: int
    page_size: int
    total: int
    total_pages: int


class FoundContentResponse(Response):
    """A page of what was found."""

    items: list[FoundContent]
    pagination: Pagination


class QualityResponse(Response):
    """How good the newest assessed version is, from 0 to 10; 0 when there is none."""

    score: float
    dimensions: dict[str, Any]
    updated_at: datetime | None


class LabelledVersionResponse(Response):
    """A settings version by its label: that of the branch which begins with it, else `v<n>`."""

    version: int
    label: str
    description: str | None
    created_at: datetime
    created_by: UUID | None


class SettingsChange(Response):
    """A place, as a JSON pointer, and what stood and stands there; null where there is nothing."""

    path: str
    before: Any
    after: Any


class SettingsDifferenceResponse(Response):
    """How a version differs from another one; from nothing, when it is the first."""

    instance_id: UUID
    version: int
    against: int | None
    changes: list[SettingsChange]


class LinkedSession(Response):
    """A session as a stage record's link shows it."""

    id: UUID
    title: str
    status: SessionStatus
    version: int
    round_count: int


class StageSessionResponse(Response):
    """The tie between a stage record and a session."""

    id: UUID
    stage_id: UUID
    instance_id: UUID
    session_id: UUID
    status: StageSessionStatus
    is_active: bool
    is_primary: bool
    session_kind: str | None
    created_at: datetime
    updated_at: datetime
    session: LinkedSession


class BoundSessionResponse(Response):
    """A session that now works for a record."""

    session_id: UUID
    stage_session: StageSessionResponse
    session: LinkedSession


class StartSessionResponse(Response):
    """A stage that was entered, and the session that was opened in it."""

    instance: StageInstanceResponse
    session: StageSessionResponse


class ActiveSessionResponse(Response):
    """A stage record with its primary session; null when it has none."""

    stage: StageResponse
    active_session: LinkedSession | None
    association: StageSessionResponse | None


class TransitionResponse(Response):
    """A move between stage records."""

    id: UUID
    from_stage_id: UUID | None
    to_stage_id: UUID
    transition_data: Any
    created_at: datetime


class StartedGenesisResponse(Response):
    """A genesis that has begun, and what was made for it."""

    session_id: UUID
    novel_id: UUID
    flow_id: UUID
    stage_id: UUID
    command_id: UUID


class FinishedGenesisResponse(Response):
    """A finished foundation, and the page to go to."""

    novel_id: UUID
    flow_id: UUID
    session_id: UUID | None
    title: str
    redirect: str
    already_completed: bool


class CancelledCommandResponse(Response):
    """A command that was cancelled."""

    command_id: UUID
    status: CommandStatus
    error_code: Literal["CANCELLED"]


class Assessment(Response):
    """What was found of a version that the AI has written: its score, by dimension, and what does not fit."""

    quality: dict[str, Any]
    suggestions: list[str]
    needs_optimization: bool
    consistency: list[dict[str, Any]]
    generation_metadata: dict[str, Any]


class LastResult(Response):
    """The newest settings version of the current record."""

    version: int
    settings: dict[str, Any]
    source: SettingsSource
    quality: float | None
    suggestions: Any
    assessment: Assessment | None
    created_at: datetime


class GenesisStateResponse(Response):
    """The state of a genesis: all that its screen is drawn from, and where to follow it from."""

    session_id: UUID | None
    flow_id: UUID
    novel_id: UUID
    stage_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage | None
    mode: GenesisMode | None
    navigation: Navigation
    is_pending: bool
    pending_command_type: str | None
    pending_command: CommandStatusResponse | None
    pending_commands: list[CommandStatusResponse]
    confirmed_data: dict[str, Any]
    last_result: LastResult | None
    config: dict[str, Any] | None
    available_actions: list[str]
    awaiting_user: bool
    sessions: list[StageSessionResponse]
    primary_session_id: UUID | None
    iteration_count: int
    version: int
    last_event_id: str


class SessionStateResponse(Response):
    """The state of a session that belongs to no genesis."""

    session_id: UUID
    is_pending: bool
    pending_command: CommandStatusResponse | None
    version: int
    last_event_id: str


class TaskResponse(Response):
    """A piece of slow work. `partial_text` is what it has written so far: `llm.delta` frames go on from there."""

    id: UUID
    task_type: str
    status: TaskStatus
    progress: float
    result_data: Any
    error_data: Any
    partial_text: str
    created_at: datetime
    updated_at: datetime
