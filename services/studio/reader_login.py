"""A login of the query API's own: a role that has what readers have, and nothing to go back to.

Logged in as the owner of the tables, a statement that was smuggled in could leave the readers' role with RESET ROLE.
Name and password follow from the installation's secret, so that nothing more is to be kept, and two installations on
one server do not share a role. Where the server lets us make none, or not log in with it (a proxy that knows its users,
an owner who may make no roles), the query API has to log in as the owner.
"""

from hmac import digest

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier, Literal

from services.studio.database import CONNECT_TIMEOUT_SECONDS
from services.studio.errors import StudioError

READER_ROLE = "studio_reader"
NAME_DIGITS = 12

_EXISTS = "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)"
_CREATE = SQL("CREATE ROLE {role} LOGIN NOINHERIT PASSWORD {password}")
_ALTER = SQL("ALTER ROLE {role} LOGIN NOINHERIT PASSWORD {password}")
_GRANT = SQL("GRANT {readers} TO {role}")


def reader_login(database_url: str, secret: bytes) -> str:
    """How to connect as that role to this database, which has been migrated. Raises StudioError where it can't be."""
    password = digest(secret, b"the query API's login", "sha256").hex()
    name = f"studio_query_api_{digest(secret, b'its name', 'sha256').hex()[:NAME_DIGITS]}"
    url = make_conninfo(database_url, user=name, password=password)
    try:
        _make(database_url, name, password)
        psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT_SECONDS).close()
    except psycopg.Error as error:
        raise StudioError(
            f"The query API can't have a login of its own: {str(error).strip()}.",
            remedy="It logs in as the owner instead; docs/operating.md says how to make the login.",
        ) from error
    return url


def _make(database_url: str, name: str, password: str) -> None:
    with psycopg.connect(database_url, connect_timeout=CONNECT_TIMEOUT_SECONDS) as connection:
        (exists,) = connection.execute(_EXISTS, [name]).fetchone() or (False,)
        words = {"role": Identifier(name), "password": Literal(password), "readers": Identifier(READER_ROLE)}
        for statement in (_ALTER if exists else _CREATE, _GRANT):
            connection.execute(statement.format(**words))
