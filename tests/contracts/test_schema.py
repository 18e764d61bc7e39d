"""The database that the migrations make, against what the specification and the table models say."""

import threading
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from services.runtime.migrations import MIGRATIONS_DIRECTORY, MigrationError, downgrade, migrate, read_migrations
from services.runtime.recorded_events import STORED_HEADERS
from shared_types import account_tables, conversation_tables, genesis_tables, novel_tables, write_side
from shared_types.table import Json, Table

SPECIFIED = (
    "domain_events", "command_inbox", "async_tasks", "event_outbox", "flow_resume_handles", "genesis_sessions",
    "projection_checkpoints", "conversation_sessions", "conversation_rounds", "genesis_flows",
    "genesis_stage_records", "genesis_stage_sessions", "genesis_stage_settings", "genesis_stage_transitions",
    "genesis_branches", "genesis_stage_assessments", "novels", "characters", "character_relations", "worldview_entries",
    "story_arcs",
)  # fmt: skip

PYTHON_TYPES = {
    "uuid": UUID, "text": str, "character varying": str, "character": str, "integer": int, "smallint": int,
    "bigint": int, "boolean": bool, "timestamp with time zone": datetime, "date": date, "numeric": Decimal,
    "jsonb": Json, "xid8": int,
}  # fmt: skip

ELEMENT_TYPES = {"_text": str}


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(postgres, dbname=name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _relations(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        return {name for (name,) in rows}


def _models() -> dict[str, type[Table]]:
    found = [
        value
        for module in (write_side, account_tables, conversation_tables, genesis_tables, novel_tables)
        for value in vars(module).values()
    ]
    return {
        model.TABLE: model
        for model in found
        if isinstance(model, type) and issubclass(model, Table) and model is not Table
    }


def test_ac1_migrations_make_every_table_and_a_second_run_changes_nothing(empty_database: str) -> None:
    assert migrate(empty_database)
    assert set(SPECIFIED) <= _relations(empty_database)
    assert migrate(empty_database) == []


def test_ac1_migrations_started_at_once_are_applied_once(empty_database: str) -> None:
    applied: list[list[str]] = []
    runs = [threading.Thread(target=lambda: applied.append(migrate(empty_database))) for _ in range(5)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(60)
    assert sorted(map(bool, applied)) == [False, False, False, False, True]


def test_ac1_every_migration_can_be_undone_and_done_again(empty_database: str) -> None:
    done = migrate(empty_database)
    assert downgrade(empty_database) == done[::-1]
    assert _relations(empty_database) == {"schema_migrations"}
    assert migrate(empty_database) == done


def test_ac1_a_migration_carries_over_the_rows_that_are_there_and_its_undoing_brings_them_back(
    empty_database: str, tmp_path: Path
) -> None:
    for file in MIGRATIONS_DIRECTORY.glob("000[123]*.sql"):
        (tmp_path / file.name).write_text(file.read_text())
    migrate(empty_database, tmp_path)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(_ROWS_OF_EVERY_STATUS)
        before = _rows(connection)
        for file in MIGRATIONS_DIRECTORY.glob("0004*.sql"):
            (tmp_path / file.name).write_text(file.read_text())
        migrate(empty_database, tmp_path)
        assert _rows(connection) == before
        leaves = connection.execute("SELECT tableoid::regclass::text FROM command_inbox ORDER BY created_at").fetchall()
        assert [name.rsplit("_", 1)[0] for (name,) in leaves] == [
            "command_inbox_completed",  # the default one: older than anything is kept
            "command_inbox_completed_from",
            "command_inbox_failed_from",
            "command_inbox",
        ]
        (newest, *_) = read_migrations()[3:4]
        connection.execute(newest.undo.encode())
        assert _rows(connection) == before


_ROWS_OF_EVERY_STATUS = """
INSERT INTO command_inbox (
    id, user_id, session_id, command_type, idempotency_key, request_hash, status, error_message, created_at, updated_at
)
SELECT
    gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'T', gen_random_uuid()::text, '', status, 'why',
    now() - age, now()
FROM (
    VALUES ('COMPLETED'::command_status, interval '300 days'), ('COMPLETED', '20 days'), ('FAILED', '19 days'),
        ('PROCESSING', '1 hour')
) AS commands (status, age);
INSERT INTO async_tasks (
    id, task_type, triggered_by_command_id, scope_id, user_id, status, result_data, error_data, started_at,
    completed_at, dedupe_key, created_at
)
SELECT
    gen_random_uuid(), 'T', id, 's', user_id,
    CASE status WHEN 'PROCESSING' THEN 'RUNNING' ELSE status::text END::task_status,
    '{}', '{}', now(), now(), id::text, created_at
FROM command_inbox;
INSERT INTO event_outbox (
    id, position, lane, topic, key, payload, status, sent_at, retry_count, last_error, scheduled_at, created_at
)
VALUES
    (gen_random_uuid(), 1, 1, 't', 's', '{}', 'SENT', now() - interval '2 hours', 0, NULL, NULL, now()),
    (gen_random_uuid(), 2, 1, 't', 's', '{}', 'FAILED', NULL, 5, 'too large', NULL, now()),
    (gen_random_uuid(), 3, 2, 't', 'r', '{}', 'SENT', now() - interval '1 hour', 0, NULL, NULL, now()),
    (gen_random_uuid(), 4, 2, 't', 'r', '{}', 'PENDING', NULL, 1, 'too large', now() + interval '1 hour', now()),
    (gen_random_uuid(), 5, 2, 't', 'q', '{}', 'PENDING', NULL, 0, NULL, NULL, now());
UPDATE event_outbox SET headers = jsonb_build_object('ce_id', id, 'ce_metadata', '{"source": "a\\b"}');
"""


def _rows(connection: psycopg.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: connection.execute(sql.SQL("SELECT * FROM {} ORDER BY id").format(sql.Identifier(table))).fetchall()
        for table in ("command_inbox", "async_tasks", "event_outbox")
    }


def test_a_migration_that_was_edited_after_it_ran_is_refused(empty_database: str, tmp_path: Path) -> None:
    for file in MIGRATIONS_DIRECTORY.glob("*.sql"):
        (tmp_path / file.name).write_text(file.read_text())
    migrate(empty_database, tmp_path)
    changed = tmp_path / "0002_pre_tasks.sql"
    changed.write_text(changed.read_text() + "-- a word more\n")
    with pytest.raises(MigrationError, match="0002_pre_tasks was changed"):
        migrate(empty_database, tmp_path)


def test_ac2_two_open_commands_of_a_type_clash_and_closed_ones_do_not(migrated: str) -> None:
    session_id, insert = (
        uuid4(),
        (
            "INSERT INTO command_inbox "
            "(id, user_id, session_id, command_type, idempotency_key, request_hash, status, error_message)"
            " VALUES (%s, %s, %s, 'T', %s, '', %s, 'why')"
        ),
    )

    def add(connection: psycopg.Connection, status: str) -> None:
        connection.execute(insert, [uuid4(), uuid4(), session_id, str(uuid4()), status])

    with psycopg.connect(migrated, autocommit=True) as connection:
        for status in ("COMPLETED", "FAILED", "RECEIVED"):
            add(connection, status)
        for status in ("RECEIVED", "PROCESSING"):
            with pytest.raises(psycopg.errors.UniqueViolation, match="idx_command_inbox_unique_pending_command"):
                add(connection, status)
        add(connection, "COMPLETED")


def test_ac3_one_active_handle_a_correlation_id_and_any_number_of_ended_ones(migrated: str) -> None:
    insert = (
        "INSERT INTO flow_resume_handles (id, correlation_id, status, resume_handle, resumed_at)"
        " VALUES (%s, 'c', %s, '{\"run\": 1}', now())"
    )
    with psycopg.connect(migrated, autocommit=True) as connection:
        for status in ("RESUMED", "EXPIRED", "RESUMED", "PENDING_PAUSE"):
            connection.execute(insert, [uuid4(), status])
        for status in ("PENDING_PAUSE", "PAUSED"):
            with pytest.raises(psycopg.errors.UniqueViolation, match="unique_correlation"):
                connection.execute(insert, [uuid4(), status])


@pytest.mark.parametrize("table", sorted(set(SPECIFIED) - {"genesis_sessions"}))
def test_ac4_every_table_has_a_model_with_the_same_columns_types_and_nullability(table: str, migrated: str) -> None:
    with psycopg.connect(migrated) as connection:
        columns = connection.execute(
            "SELECT c.column_name, c.data_type, c.udt_name, c.is_nullable, t.table_type = 'VIEW' "
            "FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name) "
            "WHERE table_schema = 'public' AND table_name = %s ORDER BY c.ordinal_position",
            [table],
        ).fetchall()
        enums: dict[str, list[str]] = {}
        for name, label in connection.execute(
            "SELECT t.typname, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid "
            "ORDER BY e.enumsortorder"
        ):
            enums.setdefault(name, []).append(label)
    model = _models()[table]
    assert list(model.model_fields) == [name for name, *_ in columns]
    for name, data_type, udt_name, is_nullable, is_view in columns:
        annotation = model.model_fields[name].annotation
        members = set(typing.get_args(annotation)) if isinstance(annotation, types.UnionType) else {annotation}
        # The catalogue calls every column of a view nullable; what is in its rows is the next test's business.
        assert is_view or (type(None) in members) == (is_nullable == "YES"), name
        kinds = members - {type(None)}
        if data_type == "USER-DEFINED":
            (enum,) = kinds
            assert isinstance(enum, type)
            assert issubclass(enum, StrEnum)
            assert list(enum) == enums[udt_name], name
        elif data_type == "ARRAY":
            (array,) = kinds
            (element,) = typing.get_args(array)
            # The catalogue does not say whether an element may be NULL.
            parts = set(typing.get_args(element)) - {type(None)} or {element}
            assert (typing.get_origin(array), parts) == (list, {ELEMENT_TYPES[udt_name]}), name
        elif not all(isinstance(kind, type) and issubclass(kind, StrEnum) for kind in kinds):
            expected = PYTHON_TYPES[data_type]
            wanted = set(typing.get_args(expected)) if isinstance(expected, types.UnionType) else {expected}
            assert kinds == wanted, name


def test_ac4_outbox_rows_of_every_status_are_what_their_model_says(migrated: str) -> None:
    with psycopg.connect(migrated, autocommit=True, row_factory=dict_row) as connection:
        connection.execute(
            "INSERT INTO outbox_messages (id, position, lane, topic, payload, header_values)"
            " SELECT gen_random_uuid(), position, 7, 'topic', '{}', array_fill('x'::TEXT, '{19}')"
            " FROM generate_series(1, 6) AS position;"
            "INSERT INTO relay_marks (lane, position) VALUES (7, 2), (7, 4), (8, 6);"
            "INSERT INTO outbox_exceptions (position, lane, scope_id, state, retry_count, last_error, scheduled_at)"
            " VALUES (2, 7, 's', 'parked', 5, 'refused', NULL), (3, 7, 's', 'redriven', 0, NULL, NULL),"
            " (4, 7, 's', 'skipped', 5, 'refused', NULL), (5, 7, 's', 'deferred', 1, 'refused', now())"
        )
        rows = connection.execute("SELECT * FROM event_outbox ORDER BY position").fetchall()
    assert [write_side.EventOutbox(**row).status for row in rows] == [
        "SENT", "FAILED", "PENDING", "FAILED", "PENDING", "PENDING",
    ]  # fmt: skip
    assert [row["sent_at"] is not None for row in rows] == [True, False, False, False, False, False]
    assert [row["retry_count"] for row in rows] == [0, 5, 0, 5, 1, 0]


def test_ac4_a_message_has_a_value_for_every_header_that_there_is(migrated: str) -> None:
    with psycopg.connect(migrated, autocommit=True) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(
            "INSERT INTO outbox_messages (id, position, lane, topic, payload, header_values)"
            " VALUES (gen_random_uuid(), 1, 7, 'topic', '{}', %s)",
            [[None] * (len(STORED_HEADERS) - 1)],
        )


def test_ac5_sessions_have_no_stage_and_no_state_column_and_the_scope_index(migrated: str) -> None:
    assert not {"stage", "state"} & set(_models()["conversation_sessions"].model_fields)
    with psycopg.connect(migrated) as connection:
        row = connection.execute(
            "SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_conversation_sessions_scope'"
        ).fetchone()
    assert row is not None
    assert row[0].endswith("(scope_type, scope_id)")
