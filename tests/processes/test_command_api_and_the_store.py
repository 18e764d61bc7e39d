"""A command API whose way to the store fails: cut at the commit, or blocked by somebody who holds the append lock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.runtime.event_store import APPEND_LOCK_KEY
from services.studio.chaos.proxy import Action, Interference, Proxy, proxied_url, proxy_before
from services.studio.chaos.wire_protocols import PostgresWire
from tests.kit.processes import Alone, running
from tests.kit.recording import query

COMMAND_API = "services.command_api.main"
NOVEL = {"title": "Cut off"}
ATTEMPTS_MAX = 3
"""How often a command API tries by itself before it answers 503."""


@dataclass(frozen=True)
class Behind:
    """A command API that reaches its database by way of a proxy."""

    api: Alone
    proxy: Proxy
    database_url: str

    def post(self, key: str) -> httpx.Response:
        return self.api.post("/novels", NOVEL, key=key)

    def count(self, key: str) -> tuple[int, int, int]:
        """Inbox rows, events and outbox rows of the command with this key."""
        [row] = query(
            self.database_url,
            f"""
            SELECT count(DISTINCT c.id) AS commands, count(DISTINCT e.event_id) AS events, count(DISTINCT o.id) AS rows
            FROM command_inbox AS c
            LEFT JOIN domain_events AS e ON e.causation_id = c.id
            LEFT JOIN event_outbox AS o ON o.id = e.event_id
            WHERE c.idempotency_key = '{key}'
            """,
        )
        return row["commands"], row["events"], row["rows"]


@pytest.fixture
def behind(migrated: str) -> Iterator[Behind]:
    """A command API with a connection that has been used, so that the next commit is a command's."""
    port = int(conninfo_to_dict(migrated)["port"] or 0)
    with (
        proxy_before(port, PostgresWire) as proxy,
        running(COMMAND_API, proxied_url(migrated, proxy.port)) as api,
    ):
        found = Behind(api, proxy, migrated)
        assert found.post(_key()).status_code == 201
        yield found


@pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_REPLY])
def test_ac12_a_commit_cut_once_is_answered_as_if_nothing_had_been(behind: Behind, action: Action) -> None:
    done = behind.proxy.interfere(Interference(action))
    key = _key()
    answer = behind.post(key)

    assert done.is_set()
    assert answer.status_code == 201, answer.text
    assert "idempotent-replayed" not in answer.headers
    assert behind.count(key) == (1, 1, 1)
    assert behind.post(key).json() == answer.json()


@pytest.mark.parametrize("action", [Action.CUT_BEFORE, Action.CUT_REPLY])
def test_ac12_a_commit_cut_again_and_again_is_refused_and_the_same_key_gives_one_answer_later(
    behind: Behind, action: Action
) -> None:
    done = behind.proxy.interfere(Interference(action, times=ATTEMPTS_MAX))
    key = _key()
    refused = behind.post(key)
    assert done.is_set()
    _is_unavailable(refused)

    first, second = behind.post(key), behind.post(key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert behind.count(key) == (1, 1, 1)


def test_commands_behind_a_held_append_lock_are_refused_in_time_and_taken_when_it_is_free(behind: Behind) -> None:
    keys = [_key() for _ in range(20)]
    with _append_lock_held(behind.database_url), ThreadPoolExecutor(len(keys)) as threads:
        for refused in threads.map(behind.post, keys):
            _is_unavailable(refused)
        assert [behind.count(key) for key in keys] == [(0, 0, 0)] * len(keys)

    assert {behind.post(key).status_code for key in keys} == {201}
    assert [behind.count(key) for key in keys] == [(1, 1, 1)] * len(keys)


def test_a_refusal_for_a_held_append_lock_names_the_holder(behind: Behind) -> None:
    with _append_lock_held(behind.database_url) as pid:
        detail = behind.post(_key()).json()["detail"]
    assert "held by" in detail
    assert str(pid) in detail
    assert "somebody at a prompt" in detail


@contextmanager
def _append_lock_held(database_url: str) -> Iterator[int]:
    """Somebody has a transaction open that holds the lock, and does nothing; the backend's pid."""
    with psycopg.connect(database_url, application_name="somebody at a prompt") as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK_KEY])
        yield connection.info.backend_pid
        connection.rollback()


def _is_unavailable(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (503, "STORE_UNAVAILABLE"), answer.text
    assert int(answer.headers["retry-after"]) >= 1


def _key() -> str:
    return uuid4().hex
