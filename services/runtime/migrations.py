"""Numbered SQL migrations: each applied once, in order, in its own transaction, and never edited afterwards.

A session-level advisory lock lets any number of processes start at once. A migration whose text differs
from what was applied is refused, because the database no longer is what the file says.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg

from services.runtime.crash_points import reached

MIGRATIONS_DIRECTORY = Path(__file__).resolve().parents[2] / "schemas" / "sql" / "migrations"
LOCK_KEY = 7_410_001
"""Advisory lock of this module; the event store's is another (`event_store.APPEND_LOCK_KEY`)."""

_HISTORY_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name TEXT PRIMARY KEY,
    checksum CHAR(64) NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
)
"""


class MigrationError(Exception):
    """The database and the migration files contradict each other; the message says where."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `name` orders it, `text` is run as it stands."""

    name: str
    text: str
    undo: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


def read_migrations(directory: Path = MIGRATIONS_DIRECTORY) -> list[Migration]:
    """All migrations of a directory in order; each needs its `.down.sql` beside it."""
    return [
        Migration(path.stem, path.read_text(), path.with_name(f"{path.stem}.down.sql").read_text())
        for path in sorted(directory.glob("[0-9]*.sql"))
        if not path.name.endswith(".down.sql")
    ]


def migrate(database_url: str, directory: Path = MIGRATIONS_DIRECTORY) -> list[str]:
    """Brings the database up to date and returns the names applied now. Raises MigrationError."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        applied = _applied(connection)
        return [
            migration.name for migration in read_migrations(directory) if _apply_once(connection, migration, applied)
        ]


def downgrade(database_url: str, directory: Path = MIGRATIONS_DIRECTORY) -> list[str]:
    """Undoes everything applied, newest first, and returns the names."""
    undone: list[str] = []
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        applied = _applied(connection)
        for migration in reversed(read_migrations(directory)):
            if migration.name in applied:
                with connection.transaction():
                    connection.execute(migration.undo.encode())
                    connection.execute("DELETE FROM schema_migrations WHERE name = %s", [migration.name])
                undone.append(migration.name)
    return undone


def _applied(connection: psycopg.Connection) -> dict[str, str]:
    connection.execute(_HISTORY_TABLE)
    return dict(connection.execute("SELECT name, checksum FROM schema_migrations").fetchall())


def _apply_once(connection: psycopg.Connection, migration: Migration, applied: dict[str, str]) -> bool:
    if migration.name in applied:
        if applied[migration.name] != migration.checksum:
            raise MigrationError(
                f"Migration {migration.name} was changed after it had been applied; restore its text and add a new one."
            )
        return False
    with connection.transaction():
        connection.execute(migration.text.encode())
        connection.execute(
            "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)", [migration.name, migration.checksum]
        )
        reached("migration.inside")
    reached("migration.between")
    return True
