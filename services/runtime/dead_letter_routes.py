"""What is parked over HTTP, for admins only: looked at on the query API, settled on the command API."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from services.kernel.context import ADMIN
from services.kernel.decider import FieldError, Rejected
from services.runtime.database import Pool
from services.runtime.dead_letters import Behind, Examined, Parked, examine, list_parked
from services.runtime.guarded_routes import GuardedRoute, caller
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
        GuardedRoute(PATH, list_letters, rule=ADMIN),
        GuardedRoute(f"{PATH}/{{consumer}}/{{position}}", show_letter, rule=ADMIN),
    ]


def operating_routes(redriving_of: Callable[[Request], Redriving]) -> list[GuardedRoute]:
    """The writes. `redriving_of` finds what the process has opened."""

    async def redrive(request: Request) -> Response:
        return await _settle(request, redriving_of(request).redrive)

    async def skip(request: Request) -> Response:
        return await _settle(request, redriving_of(request).skip)

    one = f"{PATH}/{{consumer}}/{{position}}"
    return [
        GuardedRoute(f"{one}/redrive", redrive, rule=ADMIN, method="POST"),
        GuardedRoute(f"{one}/skip", skip, rule=ADMIN, method="POST"),
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
