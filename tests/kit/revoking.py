"""Logins taken back before their time, as a logout or an admin does."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import httpx
import psycopg

from services.runtime.access import TOKEN_INVALID
from tests.kit.studio import API, Studio
from tests.kit.waiting import eventually_sync


def revoke(studio: Studio, subject: UUID, *, shown_by: str, reason: int = TOKEN_INVALID) -> None:
    """Takes back what was issued to a user or a session up to now; returns when every copy of both APIs knows.

    `shown_by` is a token that no longer counts then.
    """
    with psycopg.connect(studio.database_url) as connection:
        connection.execute(
            "INSERT INTO access_revocations (subject, revoked_at, reason, expires_at)"
            " VALUES (%s, clock_timestamp(), %s, clock_timestamp() + INTERVAL '1 day')",
            [subject, reason],
        )
    answers = [partial(_write, url, shown_by) for url in studio.command_urls]
    answers += [partial(_read, url, shown_by) for url in studio.query_urls]
    for answer in answers:
        eventually_sync(partial(_is_refused, answer), what="every copy of both APIs knows of the revocation")


def _is_refused(answer: Callable[[], int]) -> bool:
    return answer() == 401


def _write(url: str, token: str) -> int:
    # Refused in any case, so that nothing is written while the token counts.
    return httpx.post(f"{url}{API}/novels", content=b"[]", headers={"Authorization": f"Bearer {token}"}).status_code


def _read(url: str, token: str) -> int:
    return httpx.get(f"{url}{API}/novels", headers={"Authorization": f"Bearer {token}"}).status_code
