"""The limit of one API process: the same server, routes, checks and bodies, with a writer that has nothing to write.

`python -m benchmarks.no_store`, with the settings of a command API.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast
from uuid import UUID

from starlette.applications import Starlette
from starlette.types import Scope

from services.catalogue import CONTEXTS
from services.runtime.access import Access, Revocations
from services.runtime.command_handling import Outcome, Submission
from services.runtime.group_commit import GroupCommit
from services.runtime.http import CommandApi, command_routes
from services.runtime.http_edge import edge, origin_check
from services.runtime.lifespan import Process, run_process
from services.runtime.registry import Registry
from services.runtime.settings import AccessSettings, read_settings

EPOCH = UUID(int=1)


class NothingWritten:
    """A writer whose commits take no time."""

    async def submit(self, submission: Submission) -> Outcome:
        """An answer of the usual size: the ids and times that a body has, and what was sent."""
        given = submission.given
        body = {
            "id": given.command_id,
            "user_id": given.user_id,
            "status": "ACTIVE",
            "version": 1,
            "created_at": given.now,
            "updated_at": given.now,
            **submission.payload,
        }
        return Outcome(
            given.command_id,
            201,
            body,
            version=1,
            location=f"{submission.path}/{given.command_id}",
            scope_id=str(given.command_id),
            position=1,
        )


def main() -> None:
    """Serves until it is told to stop."""
    settings = read_settings(AccessSettings)
    registry = Registry(CONTEXTS)
    writer = cast("GroupCommit", NothingWritten())
    command_api = CommandApi(registry, writer, lambda: EPOCH)

    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        app.state.access = Access(settings.secret(), Revocations(), origin_check(settings))
        yield

    def api(_: Scope) -> CommandApi:
        return command_api

    run_process(
        "no-store",
        settings,
        resources,
        routes=command_routes(registry, api),
        edge=edge(settings),
    )


if __name__ == "__main__":
    main()
