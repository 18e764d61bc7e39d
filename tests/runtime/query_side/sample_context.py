"""A context for tests of the query side: a few reads, one derived frame, no commands."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kernel.context import OWNER, PUBLIC, Context, Frame, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent

SQL = SqlFile("tests.runtime.query_side", "sample_reads.sql")


class Nothing(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NovelList(BaseModel):
    """Parameters of a list."""

    model_config = ConfigDict(extra="forbid", strict=True)

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    status: str | None = None


class OneNovel(BaseModel):
    """Parameters of one novel."""

    model_config = ConfigDict(extra="forbid", strict=True)

    novel_id: UUID


def derived_status(event: RecordedEvent) -> Iterable[Frame]:
    """A status beside each event that names a command."""
    if (command := event.metadata.get("command")) is not None:
        yield Frame("command.status-changed", {"command_id": command["id"], "new_status": command["status"]})


def _reads(*names: str) -> Callable[[Any], Sequence[Statement]]:
    return lambda parameters: [Statement(name, parameters.model_dump()) for name in names]


def _rows(_: Any, rows: Sequence[Sequence[Row]]) -> QueryAnswer:
    return QueryAnswer(rows[0], headers={"X-Total-Count": str(len(rows[0]))})


def _all(_: Any, rows: Sequence[Sequence[Row]]) -> QueryAnswer:
    return QueryAnswer([row for read in rows for row in read])


def _novel(_: Any, rows: Sequence[Sequence[Row]]) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("NOVEL_NOT_FOUND", "There is no such novel.")
    return QueryAnswer(rows[0][0], version=rows[0][0]["version"])


def _state(_: Any, rows: Sequence[Sequence[Row]]) -> QueryAnswer:
    return QueryAnswer({"title": rows[0][0]["title"], "last_event_id": None})


SAMPLE = Context(
    name="sample",
    queries=(
        QueryRoute("/samples/novels/{novel_id}", OneNovel, SQL, _reads("read_novel"), _novel, response=Any, rule=OWNER),
        QueryRoute(
            "/samples/novels/{novel_id}/state", OneNovel, SQL, _reads("read_novel"), _state, response=Any, rule=OWNER
        ),
        QueryRoute("/samples/novels", NovelList, SQL, _reads("list_novels"), _rows, response=Any, rule=OWNER),
        QueryRoute(
            "/samples/novels/forgetful", Nothing, SQL, _reads("forget_the_owner"), _rows, response=Any, rule=OWNER
        ),
        QueryRoute(
            "/samples/twice", Nothing, SQL, _reads("count_novels", "count_novels"), _all, response=Any, rule=OWNER
        ),
        QueryRoute(
            "/samples/mistake", Nothing, SQL, _reads("count_novels", "mistake"), _rows, response=Any, rule=OWNER
        ),
        QueryRoute("/samples/write", Nothing, SQL, _reads("write_something"), _rows, response=Any, rule=OWNER),
        QueryRoute("/samples/facts", Nothing, SQL, _reads("public_facts"), _rows, response=Any, rule=PUBLIC),
    ),
    frames=(derived_status,),
)
