"""What the query API opens and serves, for any set of contexts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from pydantic import Field
from starlette.applications import Starlette
from starlette.requests import Request

from services.kernel.context import Context
from services.runtime.access import Access, Revocations
from services.runtime.checkpoints import Checkpoints
from services.runtime.database import (
    CHECKPOINT_DOORBELL,
    OUTBOX_DOORBELL,
    PROGRESS_DOORBELL,
    Pool,
    database_ready,
    listen,
    open_pool,
)
from services.runtime.dead_letter_routes import looking_routes
from services.runtime.document_routes import document_routes
from services.runtime.event_feed import EventFeed
from services.runtime.frames import EventEncoder
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.http_edge import edge, origin_check
from services.runtime.lifespan import Process, Resources, run_process
from services.runtime.reading import READER_ROLE, Reading, read_routes
from services.runtime.revocations import watch_revocations
from services.runtime.settings import AccessSettings
from services.runtime.sse import Streaming, stream_routes
from services.runtime.streams import DEFAULT_LIMITS, StreamLimits, Streams

NAME = "query-api"


class QueryApiSettings(AccessSettings):
    """Settings of the query API."""

    database_connections: int = Field(5, ge=2, description="connections to PostgreSQL, besides the doorbell's")


def run_query_api(
    settings: QueryApiSettings, contexts: Sequence[Context], limits: StreamLimits = DEFAULT_LIMITS
) -> None:
    """Serves reads and event streams until the process is told to stop."""
    run_process(NAME, settings, _resources(settings, contexts, limits), routes=routes(contexts), edge=edge(settings))


def routes(contexts: Sequence[Context]) -> list[GuardedRoute]:
    """All that it serves, besides the probes of every process."""
    return [
        *stream_routes(_streaming),
        *read_routes(contexts, _reading),
        *looking_routes(_pool),
        *document_routes(NAME),
    ]


def _reading(request: Request) -> Reading:
    reading: Reading = request.app.state.reading
    return reading


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


def _streaming(request: Request) -> Streaming:
    streaming: Streaming = request.app.state.streaming
    return streaming


def _resources(settings: QueryApiSettings, contexts: Sequence[Context], limits: StreamLimits) -> Resources:
    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        async with open_pool(
            settings.database_url, size=settings.database_connections, name=NAME, role=READER_ROLE, by_index=True
        ) as pool:
            encoder = EventEncoder(derive for context in contexts for derive in context.frames)
            streams = Streams(encoder, limits)
            checkpoints = Checkpoints(pool)
            feed = EventFeed(pool, checkpoints, streams)
            streams.feed = feed
            revocations = Revocations()
            app.state.access = Access(settings.secret(), revocations, origin_check(settings))
            app.state.pool = pool
            app.state.reading = Reading(pool, checkpoints, feed)
            app.state.streaming = Streaming(pool, feed, streams, encoder)
            revocations.changed = lambda: streams.close_revoked(revocations)
            watch_revocations(process, pool, revocations)
            _run_loops(process, settings, checkpoints, feed, streams)
            _add_checks(process, pool, feed)
            yield

    return resources


def _run_loops(
    process: Process, settings: QueryApiSettings, checkpoints: Checkpoints, feed: EventFeed, streams: Streams
) -> None:
    def heard(channel: str, payload: str) -> None:
        if channel == CHECKPOINT_DOORBELL:
            checkpoints.heard(payload)
        elif channel == PROGRESS_DOORBELL:
            streams.heard_progress(payload)
        elif len(streams) > 0:
            # Nobody needs what nobody listens for; the checkpoints tell what is left to read.
            feed.heard_append()

    async def reconnected() -> None:
        await feed.check_history()
        await checkpoints.refresh()

    async def say_goodbye() -> None:
        await process.stopping.wait()
        streams.close_all()

    doorbells = (OUTBOX_DOORBELL, CHECKPOINT_DOORBELL, PROGRESS_DOORBELL)
    process.run_in_background("doorbells", listen(settings.database_url, doorbells, heard, connected=reconnected))
    process.run_in_background("checkpoints", checkpoints.poll())
    process.run_in_background("feed", feed.run())
    process.run_in_background("streams", streams.sweep_for_ever())
    process.run_in_background("goodbye", say_goodbye())


def _add_checks(process: Process, pool: Pool, feed: EventFeed) -> None:
    async def database() -> str | None:
        return await database_ready(pool)

    process.check("database", database)
    process.check("feed", feed.ready)
