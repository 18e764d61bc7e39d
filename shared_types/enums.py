"""Enumerations of the published language: the exact values in SQL, JSON and screens."""

from enum import StrEnum


class ScopeType(StrEnum):
    """What a conversation session belongs to."""

    GENESIS = "GENESIS"
    CHAPTER = "CHAPTER"
    REVIEW = "REVIEW"
    PLANNING = "PLANNING"
    WORLDBUILDING = "WORLDBUILDING"
    GENERAL = "GENERAL"


class SessionStatus(StrEnum):
    """State of a conversation session; PROCESSING is shown while a command of it is open, never set."""

    ACTIVE = "ACTIVE"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    ABANDONED = "ABANDONED"
    PAUSED = "PAUSED"


class DialogueRole(StrEnum):
    """Who speaks in a round."""

    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


class GenesisStage(StrEnum):
    """The stages of a genesis, in this order."""

    INITIAL_PROMPT = "INITIAL_PROMPT"
    WORLDVIEW = "WORLDVIEW"
    CHARACTERS = "CHARACTERS"
    PLOT_OUTLINE = "PLOT_OUTLINE"
    FINISHED = "FINISHED"


class GenesisStatus(StrEnum):
    """State of a flow."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    ABANDONED = "ABANDONED"
    PAUSED = "PAUSED"


class StageStatus(StrEnum):
    """State of a stage record."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    PAUSED = "PAUSED"


class InstanceStatus(StrEnum):
    """A stage record's state as the process family of endpoints shows it."""

    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    PAUSED = "PAUSED"
    DEPRECATED = "DEPRECATED"
    ABANDONED = "ABANDONED"


class StageSessionStatus(StrEnum):
    """State of the tie between a stage record and a session."""

    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"
    CLOSED = "CLOSED"


class GenesisMode(StrEnum):
    """How a genesis was entered: with nothing in hand, or with an idea."""

    INSPIRATION = "inspiration"
    REFINEMENT = "refinement"


class Navigation(StrEnum):
    """Whether stages come in order or in any."""

    GUIDED = "guided"
    FREE_FORM = "free_form"


class CommandStatus(StrEnum):
    """State of an accepted command."""

    RECEIVED = "RECEIVED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class TaskStatus(StrEnum):
    """State of a unit of slow work."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class OutboxStatus(StrEnum):
    """State of a message on its way to the broker; PROCESSING is reserved."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SENT = "SENT"
    FAILED = "FAILED"


class HandleStatus(StrEnum):
    """State of a resume handle."""

    PENDING_PAUSE = "PENDING_PAUSE"
    PAUSED = "PAUSED"
    RESUMED = "RESUMED"
    EXPIRED = "EXPIRED"


class NovelStatus(StrEnum):
    """State of a novel."""

    GENESIS = "GENESIS"
    GENERATING = "GENERATING"
    PAUSED = "PAUSED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ExportFormat(StrEnum):
    """What a foundation can be exported as."""

    MARKDOWN = "markdown"
    JSON = "json"
    DOCX = "docx"
    EPUB = "epub"


class MergeStrategy(StrEnum):
    """What counts where both sides of a merge have changed the same place; `manual` refuses."""

    THEIRS = "theirs"
    OURS = "ours"
    MANUAL = "manual"


class SettingsSource(StrEnum):
    """Where a settings version came from."""

    AI = "ai"
    USER = "user"
    CARRYOVER = "carryover"
    BRANCH = "branch"
    MERGE = "merge"


class WorldviewEntryType(StrEnum):
    """Kinds of entries of a novel's world."""

    LOCATION = "LOCATION"
    ORGANIZATION = "ORGANIZATION"
    TECHNOLOGY = "TECHNOLOGY"
    LAW = "LAW"
    CONCEPT = "CONCEPT"
    EVENT = "EVENT"
    ITEM = "ITEM"
    CULTURE = "CULTURE"
    SPECIES = "SPECIES"
    OTHER = "OTHER"


class ArcStatus(StrEnum):
    """State of a story arc."""

    PLANNED = "PLANNED"
    ACTIVE = "ACTIVE"
    COMPLETED = "COMPLETED"
