"""The database as the command line uses it: reach it, migrate it, with sentences instead of tracebacks."""

from typing import Final

import psycopg

from services.studio.errors import StudioError

CONNECT_TIMEOUT_SECONDS: Final = 5


def require_database(database_url: str) -> None:
    """Raise StudioError if the database does not accept connections."""
    try:
        psycopg.connect(database_url, connect_timeout=CONNECT_TIMEOUT_SECONDS).close()
    except psycopg.Error as error:
        raise StudioError(
            f"The database can't be reached: {_first_line(error)}.",
            remedy="Check --database-url (STUDIO_DATABASE_URL) and that the server runs, "
            "or leave it out to use the embedded one.",
        ) from error


def migrate_database(database_url: str) -> None:
    """Bring the database's tables up to date. Raises StudioError."""
    # Imported late: commands that never touch the database start faster without it.
    from services.runtime.migrations import MigrationError, migrate  # noqa: PLC0415

    try:
        migrate(database_url)
    except MigrationError as error:
        raise StudioError(str(error), remedy="Nothing was changed by this migration.") from error
    except psycopg.Error as error:
        raise StudioError(
            f"The database could not be migrated: {_first_line(error)}.",
            remedy="Each migration is one transaction: what had not finished was undone. Correct the cause, try again.",
        ) from error


def count_parked_scopes(database_url: str) -> dict[str, int]:
    """How many scopes wait for an operator, by consumer. Raises StudioError."""
    from services.runtime.sql_files import read_sql  # noqa: PLC0415  (as above)

    statement = read_sql("services.runtime", "dead_letters.sql")["count_parked_scopes"]
    try:
        with psycopg.connect(database_url, connect_timeout=CONNECT_TIMEOUT_SECONDS) as connection:
            return dict(connection.execute(statement).fetchall())
    except psycopg.Error as error:
        raise StudioError(
            f"Parked events can't be counted: {_first_line(error)}.", remedy="`studio migrate` makes what is missing."
        ) from error


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
