"""One way for every process to start, be probed and stop.

A process is a Starlette application served by uvicorn. Its `resources` open what it needs and close it again;
its background loops end the process when they fail, so that the supervisor restarts it. SIGTERM sets
`stopping`, requests in hand are finished, then the resources close, all within `STOP_DEADLINE_SECONDS`.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib.metadata import version
from types import FrameType
from typing import Any, Literal

import uvicorn
import uvloop
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from services.kernel.context import PUBLIC
from services.kernel.responses import Response as ResponseBody
from services.runtime.admission import Counted
from services.runtime.connections import SWEEP_SECONDS, bounded_protocol, close_overdue
from services.runtime.guarded_routes import GuardedRoute, checked_routes
from services.runtime.logs import configure_logs, get_logger
from services.runtime.operations import Media, Operation
from services.runtime.settings import ProcessSettings

STOP_DEADLINE_SECONDS = 9
KEEP_ALIVE_SECONDS = 75
"""Longer than the minute after which an ingress drops an idle connection: we never close one it is about to use."""

log = get_logger(__name__)

ReadinessCheck = Callable[[], Awaitable[str | None]]
"""None when ready, else a few words naming what is waited for."""


class Process:
    """A running process: who it is, whether it is ready, whether it is stopping, what runs in its background."""

    def __init__(self, name: str, settings: ProcessSettings) -> None:
        self.name = name
        self.settings = settings
        self.stopping = asyncio.Event()
        self.failed = False
        self._checks: dict[str, ReadinessCheck] = {}
        self._background: set[asyncio.Task[None]] = set()

    def check(self, what: str, check: ReadinessCheck) -> None:
        """Adds a check to `/readyz`."""
        self._checks[what] = check

    def run_in_background(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Runs a loop until it ends or the process stops; its failure stops the process."""
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background_ended)

    async def waiting_for(self) -> list[str]:
        """What keeps the process from being ready; empty when nothing does."""
        reasons = [(what, await check()) for what, check in self._checks.items()]
        return [f"{what}: {reason}" for what, reason in reasons if reason is not None]

    async def stop_background(self) -> None:
        """Cancels the loops and waits until each has ended, at most STOP_DEADLINE_SECONDS.

        A library may lose a cancellation that arrives together with what it waited for, so there is a second one.
        """
        self.stopping.set()
        for _ in range(2):
            for task in self._background:
                task.cancel()
            if self._background:
                await asyncio.wait(self._background, timeout=STOP_DEADLINE_SECONDS / 2)
        for task in self._background:
            log.error("background.did_not_stop", loop=task.get_name())

    def _background_ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if task.cancelled():
            if self.stopping.is_set():
                return
            # Not by us: something it waited for was cancelled, and took it along.
            log.error("background.failed", loop=task.get_name(), reason="it was cancelled")
        elif (error := task.exception()) is not None:
            log.error("background.failed", loop=task.get_name(), exc_info=error)
        else:
            return
        self.failed = True
        self.stopping.set()


Resources = Callable[[Process, Starlette], AbstractAsyncContextManager[None]]


YOUNG_MAX, OF_BATCHES = 10_000, 400_000
"""New objects before cycles are looked for among them, and of those who handle batches."""


def spare_the_collector(young_max: int) -> None:
    """Looks for cycles among so many new objects at a time, and never among what was there at the start.

    A request makes a few cycles, which must not pile up. Whoever handles batches makes hundreds of thousands of small
    objects without a cycle among them: looking for one again and again took a quarter of the relay's time.
    """
    gc.freeze()
    gc.set_threshold(young_max, 20, 20)


def run_process(
    name: str,
    settings: ProcessSettings,
    resources: Resources,
    *,
    routes: Sequence[BaseRoute] = (),
    edge: Callable[[ASGIApp], ASGIApp] | None = None,
    handles_batches: bool = False,
) -> None:
    """Serves the process until SIGTERM or SIGINT; exits with 1 when a background loop failed.

    `edge` is put around the routes instead of Starlette's own middleware. `handles_batches`: of thousands of objects.
    """
    guarded = checked_routes(routes)
    configure_logs(name, settings.instance, settings.log_format, settings.log_level)
    if uvloop.run(_serve(name, settings, resources, guarded, edge, handles_batches=handles_batches)):
        sys.exit(1)


async def _serve(
    name: str,
    settings: ProcessSettings,
    resources: Resources,
    routes: Sequence[GuardedRoute],
    edge: Callable[[ASGIApp], ASGIApp] | None,
    *,
    handles_batches: bool,
) -> bool:
    process = Process(name, settings)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with resources(process, app):
            spare_the_collector(OF_BATCHES if handles_batches else YOUNG_MAX)
            log.info("process.started", port=settings.port)
            try:
                yield
            finally:
                await process.stop_background()
        log.info("process.stopped")

    app = Starlette(routes=[*routes, *probe_routes(lambda _: process)], lifespan=lifespan)
    if edge is not None:
        app.middleware_stack = edge(app.router)
    # A path is right or it is not there: a redirect would lose a command's body.
    app.router.redirect_slashes = False
    server = _Server(
        process,
        uvicorn.Config(
            app,
            http=bounded_protocol(settings.connections_max),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=STOP_DEADLINE_SECONDS,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ),
    )
    watcher = asyncio.create_task(server.exit_when_stopping())
    await server.serve()
    watcher.cancel()
    return process.failed or not server.started


class _Server(uvicorn.Server):
    """Tells the process that it is stopping before uvicorn waits for open responses, and the other way round."""

    def __init__(self, process: Process, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._process = process

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's, but without raising the signal again: a process that stopped cleanly exits with 0."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's, which comes ten times a second; now and then it looks for whoever keeps us waiting."""
        if counter % int(SWEEP_SECONDS * 10) == 0:
            close_overdue(self.server_state.connections)
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._process.stopping.set()
        super().handle_exit(sig, frame)

    async def exit_when_stopping(self) -> None:
        await self._process.stopping.wait()
        self.should_exit = True


class LiveResponse(ResponseBody):
    """The process runs."""

    status: Literal["live"]


class ReadyResponse(ResponseBody):
    """Whether the process can do its work, and what it waits for."""

    status: Literal["ready", "waiting"]
    waiting_for: list[str]


class VersionResponse(ResponseBody):
    """What runs here."""

    process: str
    version: str


_LIVE = Operation("Whether the process runs.", {200: LiveResponse})
_READY = Operation("Whether the process can do its work.", {200: ReadyResponse, 503: ReadyResponse})
_METRICS = Operation("Metrics in Prometheus' text format.", {200: Media("text/plain")})
_VERSION = Operation("What runs here.", {200: VersionResponse})


def probe_routes(process_of: Callable[[Request], Process]) -> list[GuardedRoute]:
    """Where every process answers about itself. `process_of` finds it."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(request: Request) -> Response:
        process = process_of(request)
        waiting = ["stopping"] if process.stopping.is_set() else await process.waiting_for()
        body = {"status": "waiting" if waiting else "ready", "waiting_for": waiting}
        return JSONResponse(body, status_code=503 if waiting else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def show_version(request: Request) -> Response:
        return JSONResponse({"process": process_of(request).name, "version": version("genesis-studio")})

    return [
        GuardedRoute("/livez", live, rule=PUBLIC, operation=_LIVE, counted=Counted.FREE),
        GuardedRoute("/readyz", ready, rule=PUBLIC, operation=_READY, counted=Counted.FREE),
        GuardedRoute("/metrics", metrics, rule=PUBLIC, operation=_METRICS, counted=Counted.FREE),
        GuardedRoute("/version", show_version, rule=PUBLIC, operation=_VERSION, counted=Counted.FREE),
    ]
