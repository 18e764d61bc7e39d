"""Read models of genesis. One model a table: the same names, types and nullability as in the database."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from shared_types.enums import (
    GenesisMode,
    GenesisStage,
    GenesisStatus,
    Navigation,
    SettingsSource,
    StageSessionStatus,
    StageStatus,
)
from shared_types.table import Json, Table


class GenesisFlow(Table):
    """The genesis of a novel."""

    TABLE: ClassVar[str] = "genesis_flows"

    id: UUID
    novel_id: UUID
    user_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage | None
    current_stage_id: UUID | None
    mode: GenesisMode | None
    navigation: Navigation
    version: int
    state: Json | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class GenesisStageRecord(Table):
    """One pass through a stage."""

    TABLE: ClassVar[str] = "genesis_stage_records"

    id: UUID
    flow_id: UUID
    user_id: UUID
    stage: GenesisStage
    status: StageStatus
    config: Json | None
    result: Json | None
    iteration_count: int
    metrics: Json | None
    sequence_number: int
    is_current: bool
    latest_version: int
    confirmed_version: int | None
    notes: str | None
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class GenesisStageSession(Table):
    """A session working for a stage record."""

    TABLE: ClassVar[str] = "genesis_stage_sessions"

    id: UUID
    stage_id: UUID
    session_id: UUID
    user_id: UUID
    status: StageSessionStatus
    is_primary: bool
    session_kind: str | None
    created_at: datetime
    updated_at: datetime


class GenesisStageSettings(Table):
    """One version of a settings document."""

    TABLE: ClassVar[str] = "genesis_stage_settings"

    id: UUID
    stage_id: UUID
    user_id: UUID
    version: int
    settings: Json
    summary: str | None
    is_confirmed: bool
    source: SettingsSource
    branch_id: UUID | None
    quality_score: Decimal | None
    command_id: UUID | None
    created_by: UUID | None
    created_at: datetime


class GenesisStageAssessment(Table):
    """What was found of a settings version that the AI has written."""

    TABLE: ClassVar[str] = "genesis_stage_assessments"

    stage_id: UUID
    version: int
    user_id: UUID
    quality_score: Decimal
    quality: Json
    suggestions: Json
    needs_optimization: bool
    consistency: Json
    generation_metadata: Json
    created_at: datetime


class GenesisStageTransition(Table):
    """A move between stage records."""

    TABLE: ClassVar[str] = "genesis_stage_transitions"

    id: UUID
    from_stage_id: UUID | None
    to_stage_id: UUID
    user_id: UUID
    transition_data: Json
    created_at: datetime


class GenesisBranch(Table):
    """A branch of a settings document."""

    TABLE: ClassVar[str] = "genesis_branches"

    id: UUID
    stage_id: UUID
    session_id: UUID
    parent_session_id: UUID | None
    user_id: UUID
    label: str
    description: str | None
    base_version: int | None
    base_round_path: str | None
    settings_version: int | None
    merged_version: int | None
    created_at: datetime
