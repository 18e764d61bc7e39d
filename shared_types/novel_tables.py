"""Read models of novels. One model a table: the same names, types and nullability as in the database."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared_types.enums import ArcStatus, NovelStatus, WorldviewEntryType
from shared_types.table import Json, Table


class Novel(Table):
    """A novel."""

    TABLE: ClassVar[str] = "novels"

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


class Character(Table):
    """A character of a novel."""

    TABLE: ClassVar[str] = "characters"

    id: UUID
    novel_id: UUID
    user_id: UUID
    name: str
    role: str | None
    description: str | None
    background_story: str | None
    personality_traits: list[str]
    goals: list[str]
    profile: Json
    version: int
    created_at: datetime
    updated_at: datetime


class CharacterRelation(Table):
    """How one character stands to another."""

    TABLE: ClassVar[str] = "character_relations"

    novel_id: UUID
    user_id: UUID
    from_character_id: UUID
    to_character_id: UUID
    relation_type: str
    strength: int
    description: str | None


class WorldviewEntry(Table):
    """An entry of a novel's world."""

    TABLE: ClassVar[str] = "worldview_entries"

    id: UUID
    novel_id: UUID
    user_id: UUID
    entry_type: WorldviewEntryType
    name: str
    description: str | None
    tags: list[str]
    data: Json
    version: int
    created_at: datetime
    updated_at: datetime


class StoryArc(Table):
    """An arc of a novel's story."""

    TABLE: ClassVar[str] = "story_arcs"

    id: UUID
    novel_id: UUID
    user_id: UUID
    title: str
    summary: str | None
    start_chapter_number: int | None
    end_chapter_number: int | None
    status: ArcStatus
    nodes: Json
    version: int
    created_at: datetime
    updated_at: datetime
