"""The command API: HTTP commands → inbox, events and outbox, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Scope

from services.catalogue import CONTEXTS
from services.runtime.access import Access, Revocations
from services.runtime.command_handling import CommandHandler
from services.runtime.database import database_ready, open_pool
from services.runtime.dead_letter_routes import operating_routes
from services.runtime.event_store import EventStore
from services.runtime.group_commit import GroupCommit
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.http import CommandApi, command_routes
from services.runtime.http_edge import edge, origin_check
from services.runtime.lifespan import Process, run_process
from services.runtime.redriving import Redriving
from services.runtime.registry import Registry
from services.runtime.revocations import watch_revocations
from services.runtime.settings import AccessSettings, read_settings

NAME = "command-api"
OPERATING_CONNECTIONS_MAX = 2
"""For readiness and an admin's redrives; commands have a connection of their own."""


def routes(registry: Registry) -> list[GuardedRoute]:
    """Everything that this API answers, besides the probes."""
    return [*command_routes(registry, _api), *operating_routes(_redriving)]


def main() -> None:
    """Serves until it is told to stop."""
    settings = read_settings(AccessSettings)
    registry = Registry(CONTEXTS)

    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        store = EventStore(settings.database_url, name=NAME)
        writer = GroupCommit(CommandHandler(store, registry, NAME))
        app.state.api = CommandApi(registry, writer, lambda: store.epoch)
        revocations = Revocations()
        app.state.access = Access(settings.secret(), revocations, origin_check(settings))
        async with open_pool(
            settings.database_url, size_max=OPERATING_CONNECTIONS_MAX, name=f"{NAME} operating"
        ) as pool:
            app.state.redriving = Redriving(pool, CONTEXTS)
            watch_revocations(process, pool, revocations)
            process.check("database", lambda: database_ready(pool))
            try:
                yield
            finally:
                await writer.close()
                store.close()

    run_process(NAME, settings, resources, routes=routes(registry), edge=edge(settings))


def _api(scope: Scope) -> CommandApi:
    api: CommandApi = scope["app"].state.api
    return api


def _redriving(request: Request) -> Redriving:
    redriving: Redriving = request.app.state.redriving
    return redriving


if __name__ == "__main__":
    main()
