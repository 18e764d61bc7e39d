"""An API with an endpoint for each thing that the edge treats in its own way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from services.kernel.context import OWNER, PUBLIC
from services.runtime.access import Access, Revocations
from services.runtime.admission import Counted
from services.runtime.guarded_routes import GuardedRoute, caller
from services.runtime.http_edge import edge, origin_check
from services.runtime.lifespan import Process, run_process
from services.runtime.operations import Operation
from services.runtime.settings import AccessSettings, read_settings

PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; frame-ancestors 'none'"
SECONDS_MAX = 1.0


async def _who(request: Request) -> Response:
    body = await request.body()
    return JSONResponse({"id": str(caller(request.scope).id), "bytes": len(body)})


async def _public(_: Request) -> Response:
    return JSONResponse({})


async def _page(_: Request) -> Response:
    return HTMLResponse(
        "<!doctype html>", headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"}
    )


async def _never(_: Request) -> Response:
    answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
    return await answer


async def _begins_and_stops(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"the beginning"
        await asyncio.get_running_loop().create_future()

    return StreamingResponse(pieces())


async def _lasts(_: Request) -> Response:
    await asyncio.sleep(3 * SECONDS_MAX)
    return JSONResponse({})


_ANY = Operation("Something.", {200: dict[str, Any]})

ROUTES = [
    GuardedRoute("/api/v1/who", _who, rule=OWNER, operation=_ANY),
    GuardedRoute("/api/v1/who", _who, rule=OWNER, operation=_ANY, method="POST"),
    GuardedRoute("/api/v1/public", _public, rule=PUBLIC, operation=_ANY),
    GuardedRoute("/api/v1/password", _public, rule=PUBLIC, operation=_ANY, method="POST", counted=Counted.PASSWORD),
    GuardedRoute("/api/v1/free", _public, rule=PUBLIC, operation=_ANY, counted=Counted.FREE),
    GuardedRoute("/docs", _page, rule=PUBLIC, operation=_ANY, counted=Counted.FREE),
    GuardedRoute("/api/v1/never", _never, rule=OWNER, operation=_ANY, seconds_max=SECONDS_MAX),
    GuardedRoute("/api/v1/begins-and-stops", _begins_and_stops, rule=OWNER, operation=_ANY, seconds_max=SECONDS_MAX),
    GuardedRoute("/api/v1/lasts", _lasts, rule=OWNER, operation=_ANY, seconds_max=None),
]


def main() -> None:
    """Serves until it is told to stop."""
    settings = read_settings(AccessSettings)

    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        app.state.access = Access(settings.secret(), Revocations(), origin_check(settings))
        yield

    run_process("sample-api", settings, resources, routes=ROUTES, edge=edge(settings))


if __name__ == "__main__":
    main()
