"""The things of one user as the reference model remembers them: plain, changeable things with no rules in them.

Two of them are equal only if they are the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import ANY

STAGES = ("INITIAL_PROMPT", "WORLDVIEW", "CHARACTERS", "PLOT_OUTLINE", "FINISHED")
CONTENT_STAGES = STAGES[:-1]

Body = dict[str, Any]


@dataclass(eq=False)
class Round:
    """One thing said. Its correlation id is the sender's, or the id of the command that left it."""

    path: str
    sequence_number: int
    role: str
    content: Any
    correlation_id: str | None = None
    parent_path: str | None = None
    words: str | None = None


@dataclass(eq=False)
class Session:
    """A session, of a novel or of nothing. Its id is learned from the answer that made it."""

    novel_id: str | None
    title: str
    id: str = ""
    status: str = "ACTIVE"
    version: int = 1
    rounds: list[Round] = field(default_factory=list)
    summary: list[tuple[str, str]] = field(default_factory=list)
    was_started: bool = False


@dataclass(eq=False)
class Link:
    """A session working for a record."""

    session: Session
    is_primary: bool
    kind: str | None
    status: str = "ACTIVE"


@dataclass(eq=False)
class Version:
    """One version of a record's settings."""

    settings: Any
    source: str


@dataclass(eq=False)
class Record:
    """One pass through a stage. Its id is learned from the flow as it is shown."""

    stage: str
    sequence_number: int
    config: Body | None
    iteration_count: int
    id: str = ""
    status: str = "RUNNING"
    is_current: bool = True
    versions: list[Version] = field(default_factory=list)
    confirmed: int | None = None
    proposals: int = 0
    links: list[Link] = field(default_factory=list)

    def link(self, session_id: str) -> Link | None:
        """The session's link, whatever its status."""
        return next((link for link in self.links if link.session.id == session_id), None)

    def primary(self) -> Link | None:
        """The primary session's link."""
        return next((link for link in self.links if link.is_primary), None)

    def active(self) -> list[Link]:
        """The links that are in use, the oldest first."""
        return [link for link in self.links if link.status == "ACTIVE"]


@dataclass(eq=False)
class OpenCommand:
    """A request for concepts that has no result yet."""

    id: str
    session: Session
    record: Record


@dataclass(eq=False)
class Flow:
    """A novel's genesis; its records in the order in which they began."""

    novel_id: str
    mode: str | None
    navigation: str
    id: str = ""
    status: str = "IN_PROGRESS"
    version: int = 1
    records: list[Record] = field(default_factory=list)
    current: Record = field(init=False)
    open_commands: list[OpenCommand] = field(default_factory=list)

    def standing(self, stage: str) -> Record | None:
        """The record that stands for a stage."""
        return next((record for record in self.records if record.stage == stage and record.is_current), None)

    def passes(self, stage: str) -> list[Record]:
        """All records of a stage, the oldest first."""
        return [record for record in self.records if record.stage == stage]

    def links(self, session: Session) -> list[Link]:
        """All links of a session, in the order of the records."""
        return [link for record in self.records for link in record.links if link.session is session]

    def is_busy(self, record: Record) -> bool:
        """Whether a command of the record is open."""
        return any(command.record is record for command in self.open_commands)


@dataclass(eq=False)
class Novel:
    """A novel."""

    id: str
    title: str
    target_chapters: int = 10
    status: str = "GENESIS"
    version: int = 1
    flow: Flow | None = None


@dataclass(frozen=True)
class Refused:
    """The command must be refused, with one of these codes: which rule is checked first is nobody's business.

    `shows` are fields of the problem document, of interest only for the first code.
    """

    codes: frozenset[str]
    shows: Mapping[str, Any] = field(default_factory=dict)


def _nothing_to_learn(body: Body) -> None:
    pass


@dataclass(frozen=True)
class Accepted:
    """The command takes effect, or has done so before: what it answers and the types of its events, in order.

    `version` is the ETag's. `learn` takes the ids that only the answer knows.
    """

    status: int = 200
    events: tuple[str, ...] = ()
    shows: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None
    learn: Callable[[Body], None] = _nothing_to_learn


Verdict = Accepted | Refused


def novel_shows(novel: Novel) -> Body:
    """What a novel must look like."""
    flow = novel.flow
    return {
        "id": novel.id,
        "title": novel.title,
        "status": novel.status,
        "target_chapters": novel.target_chapters,
        "version": novel.version,
        "genesis": flow and {"status": flow.status, "current_stage": flow.current.stage},
    }


def flow_shows(flow: Flow) -> Body:
    """What a flow must look like."""
    completed = {record.stage for record in flow.records if record.status == "COMPLETED"} & set(CONTENT_STAGES)
    return {
        "id": flow.id or ANY,
        "novel_id": flow.novel_id,
        "status": flow.status,
        "current_stage": flow.current.stage,
        "current_stage_id": flow.current.id or ANY,
        "mode": flow.mode,
        "navigation": flow.navigation,
        "version": flow.version,
        "progress": {"completed": len(completed), "total": 4, "percent": 25 * len(completed)},
        "stages": [record_shows(record) for record in flow.records],
    }


def record_shows(record: Record) -> Body:
    """What a stage record must look like."""
    primary = record.primary()
    return {
        "id": record.id or ANY,
        "stage": record.stage,
        "status": record.status,
        "sequence_number": record.sequence_number,
        "is_current": record.is_current,
        "config": record.config,
        "iteration_count": record.iteration_count,
        "session_count": len(record.links),
        "primary_session_id": primary and (primary.session.id or ANY),
        "latest_version": len(record.versions),
        "confirmed_version": record.confirmed,
        "config_complete": is_complete(record),
    }


def instance_shows(flow: Flow, record: Record) -> Body:
    """What a stage record must look like in the family of instances."""
    if record.status == "COMPLETED" or not record.is_current or flow.status == "ABANDONED":
        status = "ABANDONED" if flow.status == "ABANDONED" else "DEPRECATED"
        status = "COMPLETED" if record.status == "COMPLETED" else status
    else:
        status = "ACTIVE" if record.status == "RUNNING" else record.status
    return {
        "id": record.id or ANY,
        "stage": record.stage,
        "status": status,
        "sequence_number": record.sequence_number,
        "is_current": record.is_current,
        "session_count": len(record.links),
        "confirmed_version": record.confirmed,
    }


def link_shows(link: Link) -> Body:
    """What a link must look like."""
    return {
        "session_id": link.session.id or ANY,
        "status": link.status,
        "is_active": link.status == "ACTIVE",
        "is_primary": link.is_primary,
        "session_kind": link.kind,
        "session": {
            "title": link.session.title,
            "version": link.session.version,
            "round_count": len(link.session.rounds),
        },
    }


def settings_shows(record: Record, version: int) -> Body:
    """What a settings version must look like."""
    saved = record.versions[version - 1]
    return {
        "version": version,
        "settings": saved.settings,
        "source": saved.source,
        "is_confirmed": record.confirmed == version,
    }


def round_shows(said: Round) -> Body:
    """What a round must look like."""
    return {
        "round_path": said.path,
        "sequence_number": said.sequence_number,
        "role": said.role,
        "content": said.content,
        "parent_path": said.parent_path,
        "correlation_id": said.correlation_id,
    }


def is_complete(record: Record) -> bool:
    """Whether the configuration has everything that its stage needs; the last stage needs nothing."""
    if record.stage == "FINISHED":
        return True
    # Whatever else was missing would not have been accepted.
    return record.config is not None and "" not in record.config.values()
