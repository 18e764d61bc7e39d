"""The command API: HTTP commands → inbox, events and outbox, in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Scope

from services.catalogue import CONTEXTS
from services.command_api.accounts import Accounts, account_routes
from services.command_api.sessions import Sessions
from services.runtime.access import Access, Revocations
from services.runtime.command_handling import CommandHandler
from services.runtime.database import Doorbells, database_ready, open_pool
from services.runtime.dead_letter_routes import operating_routes
from services.runtime.document_routes import document_routes
from services.runtime.event_store import EventStore
from services.runtime.group_commit import GroupCommit
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.http import CommandApi, command_routes
from services.runtime.http_edge import edge, origin_check
from services.runtime.lifespan import Process, run_process
from services.runtime.passwords import Passwords
from services.runtime.redriving import Redriving
from services.runtime.registry import Registry
from services.runtime.revocations import watch_revocations
from services.runtime.scope_snapshots import SnapshotWriter
from services.runtime.sealing import Seal
from services.runtime.settings import LoginSettings, read_settings

NAME = "command-api"
OTHER_CONNECTIONS = 4
"""For doorbells, logins, readiness and an admin's redrives; commands have a connection of their own."""


def main() -> None:
    """Serves until it is told to stop."""
    settings = read_settings(LoginSettings)
    registry = Registry(CONTEXTS)

    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        store = EventStore(settings.database_url, name=NAME)
        revocations = Revocations()
        app.state.access = Access(settings.secret(), revocations, origin_check(settings))
        async with open_pool(settings.database_url, size=OTHER_CONNECTIONS, name=f"{NAME} other") as pool:
            doorbells, snapshots = Doorbells(pool), SnapshotWriter(pool)
            writer = GroupCommit(CommandHandler(store, registry, NAME), doorbells.ring, snapshots.store)
            app.state.api = CommandApi(registry, writer, lambda: store.epoch)
            app.state.accounts = Accounts(
                registry,
                writer,
                Sessions(
                    pool,
                    settings.secret(),
                    timedelta(minutes=settings.access_token_expire_minutes),
                    timedelta(days=settings.refresh_token_expire_days),
                ),
                Passwords(),
                Seal(settings.secret(), "provider keys"),
                lambda: store.epoch,
            )
            app.state.redriving = Redriving(pool, CONTEXTS)
            watch_revocations(process, pool, revocations)
            process.check("database", lambda: database_ready(pool))
            try:
                yield
            finally:
                await writer.close()
                await doorbells.close()
                await snapshots.close()
                store.close()

    run_process(NAME, settings, resources, routes=routes(registry), edge=edge(settings))


def routes(registry: Registry) -> list[GuardedRoute]:
    """All that it serves, besides the probes of every process."""
    return [
        *command_routes(registry, _api),
        *account_routes(_accounts),
        *operating_routes(_redriving),
        *document_routes(NAME),
    ]


def _api(scope: Scope) -> CommandApi:
    found: CommandApi = scope["app"].state.api
    return found


def _accounts(request: Request) -> Accounts:
    found: Accounts = request.app.state.accounts
    return found


def _redriving(request: Request) -> Redriving:
    found: Redriving = request.app.state.redriving
    return found


if __name__ == "__main__":
    main()
