"""What a genesis has written so far, seen from one of its sessions: documents, versions, branches, quality, search."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.contexts.genesis.responses import (
    BranchResponse,
    ContentResponse,
    FoundContentResponse,
    LabelledVersionResponse,
    QualityResponse,
    SettingsDifferenceResponse,
)
from services.contexts.genesis.values.documents import at_path, changed_paths
from services.kernel.commands import Id
from services.kernel.context import OWNER, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from shared_types.enums import GenesisStage, ScopeType

SQL: Final = SqlFile("services.contexts.genesis.projections", "content_views.sql")
HIGHLIGHT_CHARACTERS: Final = 60
"""So much is shown on either side of what was found."""

Rows = Sequence[Sequence[Row]]
Version = Annotated[int, Field(ge=1, le=1_000_000)]


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionContentQuery(_Query):
    """What a session's genesis has written."""

    session_id: Id


class ContentSearch(_Query):
    """What is looked for, in any case of letters; without a text everything is found."""

    query: Annotated[str, StringConstraints(min_length=1, max_length=1_000)] | None = None
    stage: GenesisStage | None = None
    type: Literal["settings", "round"] | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    limit: Annotated[int, Field(ge=1, le=200)] = 20


class ContentSearchQuery(SessionContentQuery):
    """Documents and rounds of a session's genesis that hold a text."""

    body: ContentSearch


class BranchesQuery(_Query):
    """The branches of a novel's genesis, the oldest first."""

    novel_id: Id


class SettingsDifferenceQuery(_Query):
    """How a settings version differs from another one, by default the one before it."""

    instance_id: Id
    version: Version
    against: Version | None = None


def _show_content(query: SessionContentQuery, rows: Rows) -> QueryAnswer:
    _require_genesis(rows)
    confirmed = {row["stage"]: row for row in rows[1] if row["is_confirmed"]}
    drafts = {
        row["stage"]: row["settings"]
        for row in rows[1]
        if not row["is_confirmed"] and row["version"] > confirmed.get(row["stage"], {"version": 0})["version"]
    }
    state = {"confirmed_data": {stage: row["settings"] for stage, row in confirmed.items()}, "drafts": drafts}
    return QueryAnswer({"state": state, "meta": {"updated_at": max((r["created_at"] for r in rows[1]), default=None)}})


def _show_quality(query: SessionContentQuery, rows: Rows) -> QueryAnswer:
    _require_genesis(rows)
    if not rows[1]:
        return QueryAnswer({"score": 0, "dimensions": {}, "updated_at": None})
    newest = rows[1][0]
    score, dimensions = float(newest["quality_score"]), newest["quality"]
    return QueryAnswer({"score": score, "dimensions": dimensions, "updated_at": newest["created_at"]})


def _list_versions(query: SessionContentQuery, rows: Rows) -> QueryAnswer:
    _require_genesis(rows)
    return QueryAnswer(list(rows[1]))


def _search(query: ContentSearchQuery, rows: Rows) -> QueryAnswer:
    _require_genesis(rows)
    total = rows[1][0]["total"] if rows[1] else 0
    page, size = query.body.page, query.body.limit
    pagination = {"page": page, "page_size": size, "total": total, "total_pages": -(-total // size)}
    items = [
        {name: row[name] for name in ("id", "type", "stage", "content")}
        | {"highlight": _highlight(row["said"], query.body.query)}
        for row in rows[1]
    ]
    return QueryAnswer({"items": items, "pagination": pagination})


def _list_branches(query: BranchesQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("FLOW_NOT_FOUND", "Flow not found")
    return QueryAnswer(list(rows[1]))


def _show_difference(query: SettingsDifferenceQuery, rows: Rows) -> QueryAnswer:
    found = {row["version"]: row["settings"] for row in rows[0]}
    against = _against(query)
    after = _version(found, query.version)
    before = _version(found, against) if against else {}
    changes = [
        {"path": path, "before": at_path(before, path), "after": at_path(after, path)}
        for path in changed_paths(before, after)
    ]
    body = {"instance_id": query.instance_id, "version": query.version, "against": against or None, "changes": changes}
    return QueryAnswer(body)


def _version(found: Mapping[int, Any], number: int) -> Any:
    if number not in found:
        raise Rejected("VERSION_NOT_FOUND", f"There is no version {number}.")
    return found[number]


def _against(query: SettingsDifferenceQuery) -> int:
    return query.version - 1 if query.against is None else query.against


def _require_genesis(rows: Rows) -> None:
    if not rows[0]:
        raise Rejected("SESSION_NOT_FOUND", "Session not found")
    if rows[0][0]["scope_type"] != ScopeType.GENESIS:
        raise Rejected("SESSION_SCOPE_INVALID", "The session is not of the scope GENESIS.")


def _highlight(said: str, wanted: str | None) -> str | None:
    place = said.lower().find(wanted.lower()) if wanted is not None else -1
    if wanted is None or place < 0:
        return None
    return said[max(place - HIGHLIGHT_CHARACTERS, 0) : place + len(wanted) + HIGHLIGHT_CHARACTERS]


def _reads(*names: str) -> Callable[[BaseModel], list[Statement]]:
    return lambda query: [Statement(name, query.model_dump()) for name in names]


def _search_reads(query: ContentSearchQuery) -> list[Statement]:
    wanted = query.body
    about = {"session_id": query.session_id}
    parameters = {**about, **wanted.model_dump(), "offset": (wanted.page - 1) * wanted.limit}
    return [Statement("read_session", about), Statement("search_content", parameters)]


def _difference_reads(query: SettingsDifferenceQuery) -> list[Statement]:
    return [Statement("list_two_versions", {**query.model_dump(), "against": _against(query)})]


_SESSION = "/conversations/sessions/{session_id}"

QUERIES = (
    QueryRoute(
        f"{_SESSION}/content", SessionContentQuery, SQL, _reads("read_session", "list_documents"), _show_content,
        response=ContentResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_SESSION}/content/search", ContentSearchQuery, SQL, _search_reads, _search,
        response=FoundContentResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_SESSION}/quality", SessionContentQuery, SQL, _reads("read_session", "read_newest_assessment"),
        _show_quality, response=QualityResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_SESSION}/versions", SessionContentQuery, SQL, _reads("read_session", "list_versions"), _list_versions,
        response=list[LabelledVersionResponse], rule=OWNER,
    ),
    QueryRoute(
        "/genesis/flows/{novel_id}/branches", BranchesQuery, SQL, _reads("read_flow", "list_branches"),
        _list_branches, response=list[BranchResponse], rule=OWNER,
    ),
    QueryRoute(
        "/genesis/instances/{instance_id}/settings/{version}/diff", SettingsDifferenceQuery, SQL, _difference_reads,
        _show_difference, response=SettingsDifferenceResponse, rule=OWNER,
    ),
)  # fmt: skip
