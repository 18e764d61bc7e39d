"""What the role of the query API can see and do, whatever a statement says: rows of one user, and nothing else.

Made from the catalogue: a new table or view that the role may read has to hide what is not the caller's, or be listed
here with the reason why it belongs to nobody.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from services.catalogue import CONTEXTS
from services.kernel.context import SqlFile
from services.runtime.database import Pool, open_pool
from services.runtime.reading import READER_ROLE
from services.runtime.sql_files import read_sql
from tests.kit.histories import tell_story, write_histories
from tests.kit.servers import fresh_database
from tests.runtime.rebuilding.sight import project

OWNER_COLUMNS: Mapping[str, str] = {"users": "id"}
"""Where the owner is not in `user_id`."""

NOBODYS: Mapping[str, str] = {
    "access_revocations": "ids and times; every API needs all of it",
    "dead_letters": "of admins, by the rule of the routes",
    "dead_letter_overview": "of admins, by the rule of the routes",
    "domain_events": "the feed reads the whole log; what is shown is filtered by each statement",
    "projection_checkpoints": "positions only",
    "store_epoch": "one value for all",
    "used_stream_tokens": "ids of tokens that cannot be used again",
}
"""What has no owner, and why readers may see it."""

WRITABLE: Mapping[str, set[str]] = {"used_stream_tokens": {"INSERT", "DELETE"}}
"""What opening a stream writes."""


@pytest.fixture(scope="module")
def told(postgres: str) -> Iterator[str]:
    """Two users with rows in everything that has an owner."""
    with fresh_database(postgres) as url:
        write_histories(url, tell_story(rounds=1), scopes=2)
        project(url)
        with psycopg.connect(url) as connection:
            connection.execute(_REST)
        yield url


_REST = """
INSERT INTO command_inbox (
    id, user_id, session_id, command_type, idempotency_key, request_hash, status, created_at, updated_at
)
SELECT gen_random_uuid(), user_id, gen_random_uuid(), 'T', gen_random_uuid()::TEXT, '', 'RECEIVED', now(), now()
FROM novels;

INSERT INTO async_tasks (id, task_type, triggered_by_command_id, scope_id, user_id, dedupe_key, created_at)
SELECT gen_random_uuid(), 'T', id, 's', user_id, id::TEXT, now() FROM command_inbox;

INSERT INTO users (id, username, email, password_hash)
SELECT user_id, left(user_id::TEXT, 20), user_id::TEXT || '@example.org', 'hash' FROM novels;

INSERT INTO user_api_keys (user_id, name, ciphertext) SELECT id, 'glm', '\\x00' FROM users;
"""


@pytest.fixture
def superuser(told: str) -> Iterator[psycopg.Connection]:
    """Sees everything."""
    with psycopg.connect(told, autocommit=True) as connection:
        yield connection


def readable(connection: psycopg.Connection) -> dict[str, str | None]:
    """Every table and view that the role may read, with the column of its owner."""
    rows = connection.execute(
        "SELECT c.relname, EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'user_id')"
        " FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        " AND n.nspname NOT LIKE 'pg\\_toast%%' AND has_any_column_privilege(%s, c.oid, 'SELECT')",
        [READER_ROLE],
    )
    return {name: OWNER_COLUMNS.get(name, "user_id" if has_user_id else None) for name, has_user_id in rows}


def counted(connection: psycopg.Connection, table: str, column: str, owner: UUID) -> int:
    """How many rows of an owner the connection sees when it asks for that owner's."""
    statement = SQL("SELECT count(*) FROM {} WHERE {} = %s").format(Identifier(table), Identifier(column))
    row = connection.execute(statement, [owner]).fetchone()
    assert row is not None
    return int(row[0])


def seen_as(url: str, caller: str | None, table: str, column: str, owner: UUID) -> int:
    """The same for the role of readers, in the name of a user, or of nobody."""
    with psycopg.connect(url) as connection:
        connection.execute(f"SET LOCAL ROLE {READER_ROLE}".encode())
        if caller is not None:
            connection.execute("SELECT set_config('studio.user_id', %s, TRUE)", [caller])
        return counted(connection, table, column, owner)


def test_everything_readers_may_read_has_an_owner_or_a_reason_to_have_none(superuser: psycopg.Connection) -> None:
    unowned = {table for table, column in readable(superuser).items() if column is None}
    assert unowned == NOBODYS.keys()


def test_a_query_for_somebody_else_by_hand_finds_nothing(told: str, superuser: psycopg.Connection) -> None:
    owned = {table: column for table, column in readable(superuser).items() if column is not None}
    assert len(owned) > 15
    first, second = (row[0] for row in superuser.execute("SELECT user_id FROM novels ORDER BY user_id"))
    for table, column in owned.items():
        theirs = counted(superuser, table, column, first)
        assert theirs > 0, f"{table}: give the two users rows of it, or it hides nothing here"
        assert seen_as(told, str(first), table, column, first) == theirs, table
        for other in (str(second), str(uuid4()), "", None):
            assert seen_as(told, other, table, column, first) == 0, f"{table} shows its rows to {other!r}"


def test_readers_cannot_write(superuser: psycopg.Connection) -> None:
    rights = superuser.execute(
        "SELECT c.relname, p.privilege FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
        " CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'])"
        " AS p (privilege)"
        " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%%'"
        " AND (has_table_privilege(%(role)s, c.oid, p.privilege)"
        " OR p.privilege IN ('INSERT', 'UPDATE') AND has_any_column_privilege(%(role)s, c.oid, p.privilege))",
        {"role": READER_ROLE},
    ).fetchall()
    found: dict[str, set[str]] = {}
    for table, privilege in rights:
        found.setdefault(table, set()).add(privilege)
    assert found == WRITABLE


def test_readers_can_make_nothing_and_become_nobody(superuser: psycopg.Connection) -> None:
    (role,) = superuser.execute(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolcanlogin,"
        " (SELECT count(*) FROM pg_auth_members WHERE member = r.oid),"
        " (SELECT count(*) FROM pg_class WHERE relowner = r.oid),"
        " has_database_privilege(oid, current_database(), 'CREATE'), has_schema_privilege(oid, 'public', 'CREATE'),"
        " (SELECT count(*) FROM pg_sequence WHERE has_sequence_privilege(r.oid, seqrelid, 'USAGE, UPDATE')),"
        " (SELECT count(*) FROM pg_proc WHERE prosecdef AND has_function_privilege(r.oid, oid, 'EXECUTE'))"
        " FROM pg_roles AS r WHERE rolname = %s",
        [READER_ROLE],
    ).fetchall()
    assert role == (False, 0, 0, False, False, 0, 0)


def test_a_password_and_a_key_are_in_no_column_that_readers_may_read(superuser: psycopg.Connection) -> None:
    columns = superuser.execute(
        "SELECT attrelid::regclass::TEXT, attname FROM pg_attribute"
        " WHERE attname ~ '(hash|ciphertext|secret|password)' AND attnum > 0"
        " AND attrelid IN (SELECT oid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm'))"
        " AND has_column_privilege(%s, attrelid, attnum, 'SELECT')",
        [READER_ROLE],
    ).fetchall()
    ours = {column for column in columns if not column[0].startswith(("pg_", "information_schema."))}
    # The digest of a request's body, by which a key that comes again is compared: of the user's own.
    assert ours == {("command_inbox", "request_hash"), ("command_overview", "request_hash")}


# The way of a statement: what the query API's pool lets through.


@pytest.fixture
async def pool(told: str) -> AsyncIterator[Pool]:
    """One connection, as the query API has them."""
    async with open_pool(told, size=1, name="test", role=READER_ROLE) as pool:
        yield pool


ESCAPES = ("RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "DISCARD ALL", "COMMIT")


@pytest.mark.anyio
@pytest.mark.parametrize("escape", ESCAPES)
async def test_a_parameter_is_no_part_of_a_statement(pool: Pool, escape: str) -> None:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT %s AS said, current_user AS role", [f"x'; {escape}; --"])
        assert await cursor.fetchone() == {"said": f"x'; {escape}; --", "role": READER_ROLE}


@pytest.mark.anyio
@pytest.mark.parametrize("escape", ESCAPES)
async def test_a_statement_with_parameters_carries_no_second_one(pool: Pool, escape: str) -> None:
    async with pool.connection() as connection:
        with pytest.raises(psycopg.errors.SyntaxError, match="multiple commands"):
            await connection.execute(f"SELECT %s::TEXT; {escape}".encode(), ["x"])
        cursor = await connection.execute("SELECT current_user AS role")
        assert await cursor.fetchone() == {"role": READER_ROLE}


@pytest.mark.anyio
@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
async def test_a_caller_is_forgotten_with_the_transaction(pool: Pool, end: str) -> None:
    async with pool.connection() as connection:
        await connection.execute("BEGIN")
        await connection.execute("SELECT set_config('studio.user_id', %s, TRUE)", [str(uuid4())])
        await connection.execute(end.encode())
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT coalesce(current_setting('studio.user_id', TRUE), '') AS caller, current_user AS role"
        )
        assert await cursor.fetchone() == {"caller": "", "role": READER_ROLE}


def test_no_statement_of_a_read_says_who_is_asking() -> None:
    files = {query.sql for context in CONTEXTS for query in context.queries}
    files |= {SqlFile("services.runtime", name) for name in ("dead_letters.sql", "event_feed.sql", "sse.sql")}
    statements = {name: text for file in files for name, text in read_sql(file.package, file.name).items()}
    assert len(statements) > 30
    changing = re.compile(rb"set_config|studio\.user_id|\b(?:set|reset|discard|call|begin|commit)\b", re.IGNORECASE)
    assert not [name for name, text in statements.items() if changing.search(re.sub(rb"--[^\n]*", b"", text))]
