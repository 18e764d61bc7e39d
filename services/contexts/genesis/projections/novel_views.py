"""Read model of novels, and the reads behind `/novels`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, assert_never

from pydantic import BaseModel, ConfigDict, Field

from services.contexts.genesis.bodies import novel_body
from services.contexts.genesis.events import (
    NOVEL_EVENTS,
    NovelCreated,
    NovelDeleted,
    NovelEvent,
    NovelGenesisCompleted,
    NovelUpdated,
)
from services.contexts.genesis.responses import (
    ChapterResponse,
    CharacterResponse,
    NovelResponse,
    NovelStatsResponse,
    StoryArcResponse,
    WorldviewEntryResponse,
)
from services.kernel.commands import Id
from services.kernel.context import OWNER, Projection, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.rows import Delete, Insert, RowChange, Update
from shared_types.enums import NovelStatus

SQL = SqlFile("services.contexts.genesis.projections", "novel_views.sql")
NOVELS = "novels"
CHARACTERS = "characters"
RELATIONS = "character_relations"
WORLDVIEW_ENTRIES = "worldview_entries"
STORY_ARCS = "story_arcs"

Rows = Sequence[Sequence[Row]]


def project(event: NovelEvent, recorded: RecordedEvent) -> Iterable[RowChange]:
    """The changes of one event."""
    at = recorded.occurred_at
    match event:
        case NovelCreated():
            yield Insert(
                NOVELS,
                {
                    "id": event.novel_id,
                    "user_id": event.user_id,
                    "title": event.title,
                    "theme": event.theme,
                    "writing_style": event.writing_style,
                    "description": event.description,
                    "status": event.status,
                    "target_chapters": event.target_chapters,
                    "version": event.version,
                    "created_at": at,
                    "updated_at": at,
                },
            )
        case NovelUpdated():
            names = ("title", "theme", "writing_style", "description", "target_chapters")
            changed = {name: event.changed[name] for name in names if name in event.changed}
            yield Update(NOVELS, {"id": event.novel_id}, {**changed, "version": event.version, "updated_at": at})
        case NovelDeleted():
            # The rest goes with it (ON DELETE CASCADE); its sessions end by their own events.
            yield Delete(NOVELS, {"id": event.novel_id})
        case NovelGenesisCompleted():
            yield Update(
                NOVELS,
                {"id": event.novel_id},
                {
                    "status": event.new_status,
                    "title": event.title,
                    "theme": event.theme,
                    "writing_style": event.writing_style,
                    "target_chapters": event.target_chapters,
                    "version": event.version,
                    "updated_at": at,
                },
            )
            yield from _content(event, recorded)
        case _:
            assert_never(event)


def _content(event: NovelGenesisCompleted, recorded: RecordedEvent) -> Iterable[RowChange]:
    owner = {"novel_id": event.novel_id, "user_id": recorded.user_id}
    new = {**owner, "created_at": recorded.occurred_at, "updated_at": recorded.occurred_at}
    for character in event.characters:
        yield Insert(CHARACTERS, {**_picked(character, _OF_CHARACTER), **new})
    for relation in event.network:
        yield Insert(RELATIONS, {**_picked(relation, _OF_RELATION), **owner})
    for entry in event.worldview_entries:
        yield Insert(WORLDVIEW_ENTRIES, {**_picked(entry, _OF_ENTRY), **new})
    for arc in event.story_arcs:
        yield Insert(STORY_ARCS, {**_picked(arc, _OF_ARC), **new})


_OF_CHARACTER = ("id", "name", "role", "description", "background_story", "personality_traits", "goals", "profile")
_OF_RELATION = ("from_character_id", "to_character_id", "relation_type", "strength", "description")
_OF_ENTRY = ("id", "entry_type", "name", "description", "tags", "data")
_OF_ARC = ("id", "title", "summary", "start_chapter_number", "end_chapter_number", "nodes")


def _picked(values: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in names}


PROJECTION = Projection(
    "novels", "core", (NOVELS, CHARACTERS, RELATIONS, WORLDVIEW_ENTRIES, STORY_ARCS), NOVEL_EVENTS, project
)


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NovelQuery(_Query):
    """One novel, or what is in it."""

    novel_id: Id


class NovelListQuery(_Query):
    """The caller's novels, the one changed last first."""

    status: NovelStatus | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000_000)] = 0


def _body(row: Row) -> dict[str, Any]:
    flow = {"id": row["flow_id"], "status": row["flow_status"], "current_stage": row["current_stage"]}
    return novel_body(row, flow if row["flow_id"] is not None else None, row["completed_stages"])


def _show_novel(query: NovelQuery, rows: Rows) -> QueryAnswer:
    novel = _found(rows[0])
    return QueryAnswer(_body(novel), version=novel["version"])


def _list_novels(query: NovelListQuery, rows: Rows) -> QueryAnswer:
    return QueryAnswer([_body(row) for row in rows[0]], headers={"X-Total-Count": str(rows[1][0]["total"])})


def _show_content(query: NovelQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0])
    return QueryAnswer(list(rows[1]))


def _show_chapters(query: NovelQuery, rows: Rows) -> QueryAnswer:
    # Chapters are written by a part of the studio that does not exist yet.
    _found(rows[0])
    return QueryAnswer([])


def _show_stats(query: NovelQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0])
    return QueryAnswer(dict(rows[1][0]))


def _found(rows: Sequence[Row]) -> Row:
    if not rows:
        raise Rejected("NOVEL_NOT_FOUND", "Novel not found")
    return rows[0]


def _reads(*names: str) -> Callable[[BaseModel], list[Statement]]:
    return lambda query: [Statement(name, query.model_dump()) for name in names]


_NOVEL = "/novels/{novel_id}"

QUERIES = (
    QueryRoute(
        "/novels",
        NovelListQuery,
        SQL,
        _reads("list_novels", "count_novels"),
        _list_novels,
        response=list[NovelResponse],
        rule=OWNER,
    ),
    QueryRoute(_NOVEL, NovelQuery, SQL, _reads("read_novel"), _show_novel, response=NovelResponse, rule=OWNER),
    QueryRoute(
        f"{_NOVEL}/characters",
        NovelQuery,
        SQL,
        _reads("read_novel", "list_characters"),
        _show_content,
        response=list[CharacterResponse],
        rule=OWNER,
    ),
    QueryRoute(
        f"{_NOVEL}/worldview",
        NovelQuery,
        SQL,
        _reads("read_novel", "list_worldview_entries"),
        _show_content,
        response=list[WorldviewEntryResponse],
        rule=OWNER,
    ),
    QueryRoute(
        f"{_NOVEL}/story-arcs",
        NovelQuery,
        SQL,
        _reads("read_novel", "list_story_arcs"),
        _show_content,
        response=list[StoryArcResponse],
        rule=OWNER,
    ),
    QueryRoute(
        f"{_NOVEL}/chapters",
        NovelQuery,
        SQL,
        _reads("read_novel"),
        _show_chapters,
        response=list[ChapterResponse],
        rule=OWNER,
    ),
    QueryRoute(
        f"{_NOVEL}/stats",
        NovelQuery,
        SQL,
        _reads("read_novel", "read_stats"),
        _show_stats,
        response=NovelStatsResponse,
        rule=OWNER,
    ),
)
