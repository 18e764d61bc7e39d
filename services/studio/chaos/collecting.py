"""Collects what store, broker and read models say of some users, for the checker."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, sql

from services.runtime.kafka import EVENTS_TOPIC, Message, read_messages
from services.runtime.sql_files import read_sql
from services.studio.chaos.evidence import Evidence, InboxRow, PublishedEvent, ReadModels, StoredEvent
from services.studio.chaos.folding import find_differences
from services.studio.chaos.studio_under_test import StudioUnderTest
from services.studio.chaos.workload import Workload

_SQL = read_sql("services.studio.chaos", "collecting.sql")

Offsets = Mapping[int, int]


async def collect(
    studio: StudioUnderTest, workload: Workload, *, head: int, users: Collection[UUID] | None, since: Offsets | None
) -> Evidence:
    """Everything up to the head about these users, or about all. Raises psycopg and Kafka errors.

    `since` says from which offsets on the broker's messages are read: the users were not there before. Without it the
    broker is not asked.
    """
    names = None if users is None else [str(user) for user in users]
    named = {"users": names, "head": head}
    async with await studio.connect() as connection:
        await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
        async with connection.transaction():
            events = [StoredEvent(*row) for row in await _rows(connection, _SQL["read_events"], named)]
            inbox = [InboxRow(*row) for row in await _rows(connection, _SQL["read_inbox"], named)]
            read_models = ReadModels(
                {table: await _counts(connection, table, named) for table in workload.promised_tables},
                await find_differences(connection, workload, studio.state.database_url, names),
                [(str(c), int(p), str(r)) for c, p, r in await _rows(connection, _SQL["read_parked"], {})],
            )
    published = None if since is None else await _published(studio, events, since, everybody=users is None)
    return Evidence(head, events, inbox, published, read_models)


async def _published(
    studio: StudioUnderTest, events: Sequence[StoredEvent], since: Offsets, *, everybody: bool
) -> list[PublishedEvent]:
    messages = await read_messages(studio.state.kafka_bootstrap, EVENTS_TOPIC, since)
    scopes = {event.scope_id for event in events}
    found = [_published_event(message) for message in messages]
    return [event for event in found if everybody or event.scope_id in scopes]


def _published_event(message: Message) -> PublishedEvent:
    headers = {name: value.decode() for name, value in message.headers}
    return PublishedEvent(
        message.partition,
        message.offset,
        int(headers["ce_position"]),
        UUID(headers["ce_id"]),
        headers["ce_type"],
        headers["ce_scopeid"],
        int(headers["ce_lane"]),
    )


async def _counts(connection: AsyncConnection, table: str, named: Mapping[str, Any]) -> dict[str, int]:
    statement = sql.SQL(_SQL["count_by_id"].decode()).format(table=sql.Identifier(table))
    return dict(await _rows(connection, statement, named))


async def _rows(
    connection: AsyncConnection, statement: bytes | sql.Composed, named: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement, named)).fetchall()
