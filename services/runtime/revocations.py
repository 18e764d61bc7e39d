"""Keeps a process's list of taken-back tokens current: read at start and every second.

The list is short, because an entry is needed only for as long as a token issued before it could still be used.
"""

import asyncio
from time import monotonic
from typing import Final

import psycopg

from services.runtime.access import Revocations
from services.runtime.database import Pool
from services.runtime.lifespan import Process
from services.runtime.logs import get_logger
from services.runtime.sql_files import read_sql

POLL_SECONDS: Final = 1.0
STALE_SECONDS_MAX: Final = 5.0
"""Not ready once it has not been read for this long: a user who was disabled would still be let in."""

_SQL = read_sql("services.runtime", "revocations.sql")

log = get_logger(__name__)


def watch_revocations(process: Process, pool: Pool, revocations: Revocations) -> None:
    """Keeps the list current for as long as the process runs, which is not ready without it."""
    kept = RevocationList(pool, revocations)
    process.check("revocations", kept.ready)
    process.run_in_background("revocations", kept.poll())


class RevocationList:
    """Reads the list into `revocations`, for as long as the process runs."""

    def __init__(self, pool: Pool, revocations: Revocations) -> None:
        self._pool = pool
        self._revocations = revocations
        self._read_at: float | None = None

    async def poll(self) -> None:
        """Reads again and again."""
        while True:
            try:
                await self._refresh()
            except psycopg.OperationalError as error:
                log.warning("revocations.unreachable", reason=str(error))
            await asyncio.sleep(POLL_SECONDS)

    async def ready(self) -> str | None:
        """A readiness check: None while the list is current."""
        if self._read_at is None:
            return "the list of revoked tokens has not been read"
        seconds = monotonic() - self._read_at
        return f"the list of revoked tokens is {seconds:.0f} s old" if seconds > STALE_SECONDS_MAX else None

    async def _refresh(self) -> None:
        began = monotonic()
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SQL["read_revocations"])).fetchall()
        self._revocations.replace({row["subject"]: (row["revoked_at"], row["reason"]) for row in rows})
        self._read_at = began
