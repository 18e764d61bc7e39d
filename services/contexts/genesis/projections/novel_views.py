"""Read model of novels, and the reads behind `/novels`."""

from collections.abc import Callable, Iterable, Sequence
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
from services.kernel.commands import Id
from services.kernel.context import Projection, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.json_text import json_text
from shared_types.enums import NovelStatus

SQL = SqlFile("services.contexts.genesis.projections", "novel_views.sql")

Rows = Sequence[Sequence[Row]]


def project(event: NovelEvent, recorded: RecordedEvent) -> Iterable[Statement]:
    """The writes of one event."""
    payload = recorded.payload
    common = {"novel_id": event.novel_id, "user_id": recorded.user_id, "at": recorded.occurred_at}
    match event:
        case NovelCreated():
            yield Statement("insert_novel", {**payload, **common})
        case NovelUpdated():
            yield Statement("update_novel", {**common, "version": event.version, "changed": json_text(event.changed)})
        case NovelDeleted():
            yield Statement("delete_novel", common)
        case NovelGenesisCompleted():
            yield Statement("complete_novel", {**payload, **common})
            for character in event.characters:
                yield Statement("insert_character", {**character, **common, "profile": json_text(character["profile"])})
            for relation in event.network:
                yield Statement("insert_relation", {**relation, **common})
            for entry in event.worldview_entries:
                yield Statement("insert_worldview_entry", {**entry, **common, "data": json_text(entry["data"])})
            for arc in event.story_arcs:
                yield Statement("insert_story_arc", {**arc, **common, "nodes": json_text(arc["nodes"])})
        case _:
            assert_never(event)


PROJECTION = Projection("novels", "core", SQL, NOVEL_EVENTS, project)


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
    QueryRoute("/novels", NovelListQuery, SQL, _reads("list_novels", "count_novels"), _list_novels),
    QueryRoute(_NOVEL, NovelQuery, SQL, _reads("read_novel"), _show_novel),
    QueryRoute(f"{_NOVEL}/characters", NovelQuery, SQL, _reads("read_novel", "list_characters"), _show_content),
    QueryRoute(f"{_NOVEL}/worldview", NovelQuery, SQL, _reads("read_novel", "list_worldview_entries"), _show_content),
    QueryRoute(f"{_NOVEL}/story-arcs", NovelQuery, SQL, _reads("read_novel", "list_story_arcs"), _show_content),
    QueryRoute(f"{_NOVEL}/chapters", NovelQuery, SQL, _reads("read_novel"), _show_chapters),
    QueryRoute(f"{_NOVEL}/stats", NovelQuery, SQL, _reads("read_novel", "read_stats"), _show_stats),
)
