"""What is parked over HTTP, for admins only: looked at on the query API, settled on the command API."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from services.kernel.context import ADMIN
from services.kernel.decider import FieldError, Rejected
from services.kernel.responses import Response as ResponseBody
from services.runtime.database import Pool
from services.runtime.dead_letters import Behind, Examined, Parked, examine, list_parked
from services.runtime.guarded_routes import GuardedRoute, caller
from services.runtime.operations import Operation
from services.runtime.parameters import parse_parameters
from services.runtime.positions import POSITION_MAX
from services.runtime.redriving import Redriving, Settled

PATH = "/api/v1/dead-letters"

_Consumer = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]


class ListParameters(BaseModel):
    """The query of the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consumer: _Consumer | None = None
    scope_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: str | None = None


class LetterParameters(BaseModel):
    """The path of one parked event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    consumer: _Consumer
    position: Annotated[int, Field(ge=1, le=POSITION_MAX)]


class ParkedResponse(ResponseBody):
    """A parked event or message; positions are text, because they may be larger than a browser's numbers."""

    consumer: str
    position: str
    scope_type: str
    scope_id: str
    lane: int
    event_id: UUID
    event_type: str
    aggregate_type: str
    aggregate_id: str
    reason: str
    attempts: int
    occurred_at: datetime
    parked_at: datetime
    waits_behind: str | None
    waiting: int


class ParkedListResponse(ResponseBody):
    """The one in front of each parked scope."""

    items: list[ParkedResponse]
    next_cursor: str | None


class BehindResponse(ResponseBody):
    """One that waits."""

    position: str
    event_type: str
    occurred_at: datetime


class ExaminedResponse(ParkedResponse):
    """A parked event in full, and the first of those behind it."""

    event_version: int
    aggregate_version: int
    correlation_id: UUID | None
    causation_id: UUID | None
    actor_id: str
    traceparent: str | None
    metadata: dict[str, Any]
    payload: dict[str, Any]
    behind: list[BehindResponse]


class RefusalResponse(ResponseBody):
    """An event that still cannot be applied."""

    position: str
    reason: str
    attempts: int


class SettledResponse(ResponseBody):
    """What came of a redrive or a skip."""

    redriven: int
    refused: RefusalResponse | None
    waiting: int


_LIST = Operation(
    "What is parked: the one in front of each scope.",
    {200: ParkedListResponse},
    query=ListParameters,
    problems=("INVALID_CURSOR", "VALIDATION_ERROR", "STORE_UNAVAILABLE"),
)
_SHOW = Operation(
    "A parked event in full.",
    {200: ExaminedResponse},
    path=LetterParameters,
    query=LetterParameters,
    problems=("DEAD_LETTER_NOT_FOUND", "VALIDATION_ERROR", "STORE_UNAVAILABLE"),
)
_PROBLEMS_OF_SETTLING = (
    "DEAD_LETTER_NOT_FOUND", "CONSUMER_UNKNOWN", "DEAD_LETTER_WAITS", "REDRIVE_FAILED", "VALIDATION_ERROR",
    "STORE_UNAVAILABLE",
)  # fmt: skip
_REDRIVE = Operation(
    "Handle a parked event again, and what waits behind it.",
    {200: SettledResponse},
    path=LetterParameters,
    query=LetterParameters,
    problems=_PROBLEMS_OF_SETTLING,
)
_SKIP = replace(_REDRIVE, summary="Go on without a parked event.")


def looking_routes(pool_of: Callable[[Request], Pool]) -> list[GuardedRoute]:
    """The reads. `pool_of` finds what the process has opened."""

    async def list_letters(request: Request) -> Response:
        asked = parse_parameters(ListParameters, request.path_params, request.query_params)
        return _json(await _page(pool_of(request), asked))

    async def show_letter(request: Request) -> Response:
        asked = parse_parameters(LetterParameters, request.path_params, request.query_params)
        examined = await examine(pool_of(request), asked.consumer, asked.position)
        if examined is None:
            raise Rejected(
                "DEAD_LETTER_NOT_FOUND", f"Nothing is parked for {asked.consumer} at position {asked.position}."
            )
        return _json(_examined_body(examined))

    return [
        GuardedRoute(PATH, list_letters, rule=ADMIN, operation=_LIST),
        GuardedRoute(f"{PATH}/{{consumer}}/{{position}}", show_letter, rule=ADMIN, operation=_SHOW),
    ]


def operating_routes(redriving_of: Callable[[Request], Redriving]) -> list[GuardedRoute]:
    """The writes. `redriving_of` finds what the process has opened."""

    async def redrive(request: Request) -> Response:
        return await _settle(request, redriving_of(request).redrive)

    async def skip(request: Request) -> Response:
        return await _settle(request, redriving_of(request).skip)

    one = f"{PATH}/{{consumer}}/{{position}}"
    return [
        GuardedRoute(f"{one}/redrive", redrive, rule=ADMIN, operation=_REDRIVE, method="POST"),
        GuardedRoute(f"{one}/skip", skip, rule=ADMIN, operation=_SKIP, method="POST"),
    ]


async def _settle(request: Request, settle: Callable[..., Awaitable[Settled]]) -> Response:
    admin = caller(request.scope)
    asked = parse_parameters(LetterParameters, request.path_params, request.query_params)
    await _refuse_a_body(request)
    return _json(_settled_body(await settle(asked.consumer, asked.position, actor=f"{admin.name} {admin.id}")))


async def _refuse_a_body(request: Request) -> None:
    async for piece in request.stream():
        if piece:
            detail = "This takes no body."
            raise Rejected("VALIDATION_ERROR", detail, errors=(FieldError("", "extra_forbidden", detail),))


async def _page(pool: Pool, asked: ListParameters) -> dict[str, Any]:
    after = _decoded(asked.after) if asked.after is not None else ("", "")
    # One more than asked for shows whether there is a next page.
    found = await list_parked(
        pool, consumer=asked.consumer, scope_id=asked.scope_id, after=after, limit=asked.limit + 1
    )
    shown = found[: asked.limit]
    return {
        "items": [_parked_body(parked) for parked in shown],
        "next_cursor": _encoded(shown[-1]) if len(found) > len(shown) else None,
    }


def _encoded(last: Parked) -> str:
    return urlsafe_b64encode(orjson.dumps([last.consumer, last.scope_id])).decode()


def _decoded(cursor: str) -> tuple[str, str]:
    try:
        consumer, scope_id = orjson.loads(b64decode(cursor, altchars=b"-_", validate=True))
    except (ValueError, TypeError) as error:
        raise _wrong_cursor() from error
    if not isinstance(consumer, str) or not isinstance(scope_id, str) or "\0" in consumer + scope_id:
        raise _wrong_cursor()
    return consumer, scope_id


def _wrong_cursor() -> Rejected:
    return Rejected("INVALID_CURSOR", "after takes the next_cursor of the page before, unchanged.")


def _parked_body(parked: Parked) -> dict[str, Any]:
    body = parked._asdict()
    body["position"] = str(parked.position)
    body["waits_behind"] = str(parked.waits_behind) if parked.waits_behind is not None else None
    return body


def _examined_body(examined: Examined) -> dict[str, Any]:
    event = examined.event
    return {
        **_parked_body(examined.parked),
        "event_version": event.version,
        "aggregate_version": event.aggregate_version,
        "correlation_id": event.correlation_id,
        "causation_id": event.causation_id,
        "actor_id": event.actor_id,
        "traceparent": event.traceparent,
        "metadata": event.metadata,
        "payload": event.payload,
        "behind": _behind_body(examined.behind),
    }


def _behind_body(behind: Sequence[Behind]) -> list[dict[str, Any]]:
    return [{**one._asdict(), "position": str(one.position)} for one in behind]


def _settled_body(settled: Settled) -> dict[str, Any]:
    refused = settled.refused
    return {
        "redriven": settled.redriven,
        "refused": {**refused._asdict(), "position": str(refused.position)} if refused is not None else None,
        "waiting": settled.waiting,
    }


def _json(body: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), headers=headers, media_type="application/json")
