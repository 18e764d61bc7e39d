"""The states that decisions about novels and their genesis are made on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from rpds import HashTrieMap

from services.contexts.conversations.values import SessionHost
from services.kernel.maps import Map
from shared_types.enums import (
    CommandStatus,
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


@dataclass(frozen=True, slots=True)
class Novel:
    """A novel as decisions need it."""

    id: UUID
    user_id: UUID
    title: str
    theme: str | None
    writing_style: str | None
    description: str | None
    target_chapters: int
    status: NovelStatus
    version: int
    created_at: datetime
    updated_at: datetime
    completed_chapters: int = 0
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A session working for a stage record."""

    id: UUID
    stage_id: UUID
    session_id: UUID
    status: StageSessionStatus
    is_primary: bool
    session_kind: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Settings:
    """One version of a record's settings document."""

    id: UUID
    stage_id: UUID
    version: int
    settings: Object
    summary: str | None
    source: SettingsSource
    branch_id: UUID | None
    quality_score: float | None
    created_by: UUID | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Branch:
    """Another way on from a version: the session that works on it, and where it left."""

    id: UUID
    label: str
    session_id: UUID
    base_version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What the AI's results in a record have cost so far."""

    generations: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    latency_ms: int = 0
    quality_score: float | None = None


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One pass through a stage. `links` keep the order in which sessions were bound."""

    id: UUID
    flow_id: UUID
    stage: GenesisStage
    status: StageStatus
    sequence_number: int
    is_current: bool
    config: Object | None
    result: Object | None
    metrics: Object | None
    iteration_count: int
    started_at: datetime
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    notes: str | None = None
    links: tuple[Link, ...] = ()
    versions: Map[int, Settings] = field(default_factory=HashTrieMap)
    confirmed_version: int | None = None
    totals: Totals = Totals()
    branches: tuple[Branch, ...] = ()
    # What was said of the record's proposals, the oldest first; how good each result was, by what it is of; and how
    # many proposals of each type there were.
    feedback: tuple[str, ...] = ()
    scores: Map[str, tuple[float, ...]] = field(default_factory=HashTrieMap)
    proposals: Map[str, int] = field(default_factory=HashTrieMap)

    @property
    def latest_version(self) -> int:
        """Number of the newest settings version; 0 without one."""
        return len(self.versions)

    @property
    def confirmed(self) -> Settings | None:
        """The confirmed settings version."""
        return None if self.confirmed_version is None else self.versions[self.confirmed_version]

    def branch_of(self, session_id: UUID) -> Branch | None:
        """The branch that a session works on; None when it works on the main line."""
        return next((branch for branch in self.branches if branch.session_id == session_id), None)

    def newest(self, branch: Branch | None = None) -> Settings | None:
        """The newest version of a branch, or of the main line."""
        branch_id = branch and branch.id
        numbers = range(self.latest_version, 0, -1)
        return next((self.versions[n] for n in numbers if self.versions[n].branch_id == branch_id), None)

    @property
    def primary(self) -> Link | None:
        """The primary session's link."""
        return next((link for link in self.links if link.is_primary), None)

    def link(self, session_id: UUID) -> Link | None:
        """The link of a session, whatever its status."""
        return next((link for link in self.links if link.session_id == session_id), None)


@dataclass(frozen=True, slots=True)
class OpenCommand:
    """A command whose slow work has not ended."""

    id: UUID
    type: str
    stage_id: UUID
    session_id: UUID
    status: CommandStatus = CommandStatus.RECEIVED


@dataclass(frozen=True, slots=True)
class Flow(SessionHost):
    """The genesis of a novel. `records` are in the order of their creation."""

    id: UUID
    novel_id: UUID
    user_id: UUID
    status: GenesisStatus
    current_stage: GenesisStage
    current_stage_id: UUID | None
    mode: GenesisMode | None
    navigation: Navigation
    state: Object
    version: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None
    # What the user began with.
    idea: str | None = None
    records: tuple[StageRecord, ...] = ()
    open_commands: Map[UUID, OpenCommand] = field(default_factory=HashTrieMap)
    started_sessions: Map[UUID, UUID] = field(default_factory=HashTrieMap)

    def record(self, stage_id: UUID | None) -> StageRecord | None:
        """A record by id."""
        return next((record for record in self.records if record.id == stage_id), None)

    def current(self) -> StageRecord:
        """The current stage's record."""
        record = self.record(self.current_stage_id)
        assert record is not None, "a flow has a record of its current stage from its creation on"
        return record

    def current_of(self, stage: GenesisStage) -> StageRecord | None:
        """The record of a stage that still stands for it."""
        return next((r for r in self.records if r.stage is stage and r.is_current), None)

    def newest_of(self, stage: GenesisStage) -> StageRecord | None:
        """The newest record of a stage."""
        return next((r for r in reversed(self.records) if r.stage is stage), None)

    def newest_confirmed_of(self, stage: GenesisStage) -> StageRecord | None:
        """The newest record of a stage that has a confirmed version."""
        return next((r for r in reversed(self.records) if r.stage is stage and r.confirmed_version is not None), None)

    def session_stage(self, session_id: UUID) -> str | None:
        """The stage that the session was linked to last."""
        return next((r.stage for r in reversed(self.records) if r.link(session_id) is not None), None)

    def session_is_busy(self, session_id: UUID) -> bool:
        """Whether a command of the session is open."""
        return any(command.session_id == session_id for command in self.open_commands.values())

    def session_is_archived(self, session_id: UUID) -> bool:
        """Whether the session has links, none of them ACTIVE."""
        links = [link for record in self.records if (link := record.link(session_id)) is not None]
        return bool(links) and all(link.status is not StageSessionStatus.ACTIVE for link in links)
