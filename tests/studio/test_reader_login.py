"""The query API's own login: what readers may, it may, and nothing more, whatever a statement says."""

from secrets import token_bytes

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.studio.errors import StudioError
from services.studio.reader_login import reader_login
from tests.kit.studio import Studio, running_studio

ESCAPES = ("RESET ROLE", "SET ROLE NONE", "SET SESSION AUTHORIZATION DEFAULT", "DISCARD ALL")
READS = ("SELECT FROM novels", "SELECT FROM domain_events", "SELECT password_hash FROM users", "TABLE user_api_keys")
WRITES = ("DELETE FROM novels", "CREATE TABLE public.t ()", "SET ROLE studio", "TRUNCATE domain_events")


@pytest.mark.parametrize("escape", ESCAPES)
def test_leaving_the_role_of_readers_gives_nothing(migrated: str, escape: str) -> None:
    url = reader_login(migrated, token_bytes(32))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET ROLE studio_reader")
        connection.execute("SELECT FROM novels")
        connection.execute(escape.encode())
        for statement in (*READS, *WRITES):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)):
                connection.execute(statement.encode())


def test_the_same_secret_gives_the_same_login_again_and_another_secret_another(migrated: str) -> None:
    secret = token_bytes(32)
    first = reader_login(migrated, secret)
    assert reader_login(migrated, secret) == first
    assert reader_login(migrated, token_bytes(32)) != first


def test_an_owner_who_may_make_no_roles_goes_without(migrated: str) -> None:
    known = reader_login(migrated, token_bytes(32))
    with pytest.raises(StudioError, match="permission denied to create role"):
        reader_login(known, token_bytes(32))


def test_the_query_api_of_a_studio_is_logged_in_so() -> None:
    with running_studio() as studio:
        assert studio.user().get("/novels").status_code == 200
        logins = _logins(studio)
    (login,) = logins["query-api"]
    assert login.startswith("studio_query_api_")
    assert conninfo_to_dict(studio.database_url)["user"] in set().union(*logins.values())


def _logins(studio: Studio) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, login in studio.rows("SELECT application_name, usename FROM pg_stat_activity WHERE usename IS NOT NULL"):
        found.setdefault(name, set()).add(login)
    return found
