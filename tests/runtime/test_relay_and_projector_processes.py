"""The two processes as they are started: what they say with and without a broker, and that they stop in time."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.studio.ports import free_port
from tests.kit.recording import Happened, dead_letters, query, store
from tests.kit.waiting import eventually_sync

RELAY, PROJECTOR = "services.message_relay.main", "services.projector.main"
STOP_SECONDS_MAX = 10.0


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_without_a_broker_it_lives_names_the_broker_and_stops_in_time(module: str, database_url: str) -> None:
    with _process(module, database_url, f"127.0.0.1:{free_port()}") as (process, get):
        eventually_sync(lambda: _broker_named(get), what="readiness names the broker")
        assert get("/livez").status_code == 200
        _stops_in_time(process)


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_with_everything_there_it_is_ready_and_stops_in_time(module: str, database_url: str, kafka: str) -> None:
    with _process(module, database_url, kafka) as (process, get):
        eventually_sync(lambda: _status(get, "/readyz") == 200, what="ready")
        _stops_in_time(process)


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_without_a_database_it_waits_and_says_so(module: str, kafka: str) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    with _process(module, nowhere, kafka) as (process, get):
        eventually_sync(lambda: _status(get, "/readyz") == 503, what="not ready")
        assert any(reason.startswith("database:") for reason in get("/readyz").json()["waiting_for"])
        _stops_in_time(process)


def test_too_much_poison_ends_the_projector_with_nothing_more_parked(database_url: str) -> None:
    query(
        database_url,
        "INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)"
        " SELECT 'core', 1000 + n, gen_random_uuid(), 'scope-' || n, 0, 'why', 3 FROM generate_series(1, 99) AS n",
    )
    with _process(PROJECTOR, database_url, f"127.0.0.1:{free_port()}") as (process, get):
        eventually_sync(lambda: 'studio_parked_scopes{consumer="core"} 99.0' in get("/metrics").text, what="the gauge")
        poison = [Happened(scope_id, {"no": "novel"}, type="Novel.Created") for scope_id in ("first", "second")]
        store(database_url, poison, topic="unused")
        assert process.wait(STOP_SECONDS_MAX) == 1
    assert [letter["scope_id"] for letter in dead_letters(database_url)][:1] == ["first"]
    assert len(dead_letters(database_url)) == 100


def test_wrong_settings_are_all_listed(database_url: str) -> None:
    environment = _environment(database_url, "", 0) | {"STUDIO_RELAY_BATCH_SIZE": "0"}
    ended = subprocess.run([sys.executable, "-m", RELAY], env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode != 0
    assert "STUDIO_KAFKA_BOOTSTRAP" in ended.stderr
    assert "STUDIO_RELAY_BATCH_SIZE" in ended.stderr


@contextmanager
def _process(
    module: str, database_url: str, bootstrap: str
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[str], httpx.Response]]]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", module], env=_environment(database_url, bootstrap, port))
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            eventually_sync(lambda: _status(client.get, "/livez") == 200, what="the process answers")
            yield process, client.get
    finally:
        process.kill()
        process.wait()


def _environment(database_url: str, bootstrap: str, port: int) -> dict[str, str]:
    return os.environ | {
        "STUDIO_DATABASE_URL": database_url,
        "STUDIO_KAFKA_BOOTSTRAP": bootstrap,
        "STUDIO_PORT": str(port),
    }


def _status(get: Callable[[str], httpx.Response], path: str) -> int:
    try:
        return get(path).status_code
    except httpx.TransportError:
        return 0


def _broker_named(get: Callable[[str], httpx.Response]) -> bool:
    body: dict[str, Any] = get("/readyz").json()
    return any(reason.startswith("broker:") and "bootstrap" in reason for reason in body["waiting_for"])


def _stops_in_time(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOP_SECONDS_MAX) == 0
