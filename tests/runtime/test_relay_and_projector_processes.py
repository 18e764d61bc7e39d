"""The two processes as they are started: what they say with and without a broker, and that they stop in time."""

import os
import subprocess
import sys
from typing import Any

import pytest

from services.studio.ports import free_port
from tests.kit.processes import STOP_SECONDS_MAX, Alone, running
from tests.kit.recording import Happened, dead_letters, query, store
from tests.kit.waiting import eventually_sync

RELAY, PROJECTOR = "services.message_relay.main", "services.projector.main"


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_without_a_broker_it_lives_names_the_broker_and_stops_in_time(module: str, database_url: str) -> None:
    with running(module, database_url, f"127.0.0.1:{free_port()}") as process:
        eventually_sync(lambda: _broker_named(process), what="readiness names the broker")
        assert process.status("/livez") == 200
        process.stops_in_time()


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_with_everything_there_it_is_ready_and_stops_in_time(module: str, database_url: str, kafka: str) -> None:
    with running(module, database_url, kafka) as process:
        eventually_sync(lambda: process.status("/readyz") == 200, what="ready")
        process.stops_in_time()


@pytest.mark.parametrize("module", [RELAY, PROJECTOR])
def test_without_a_database_it_waits_and_says_so(module: str, kafka: str) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    with running(module, nowhere, kafka) as process:
        eventually_sync(lambda: process.status("/readyz") == 503, what="not ready")
        assert any(reason.startswith("database:") for reason in process.get("/readyz").json()["waiting_for"])
        process.stops_in_time()


def test_too_much_poison_ends_the_projector_with_nothing_more_parked(database_url: str) -> None:
    query(
        database_url,
        "INSERT INTO dead_letters (consumer, position, event_id, scope_id, lane, reason, attempts)"
        " SELECT 'core', 1000 + n, gen_random_uuid(), 'scope-' || n, 0, 'why', 3 FROM generate_series(1, 99) AS n",
    )
    gauge = 'studio_parked_scopes{consumer="core"} 99.0'
    with running(PROJECTOR, database_url, f"127.0.0.1:{free_port()}") as process:
        eventually_sync(lambda: gauge in process.get("/metrics").text, what="the gauge")
        poison = [Happened(scope_id, {"no": "novel"}, type="Novel.Created") for scope_id in ("first", "second")]
        store(database_url, poison, topic="unused")
        assert process.process.wait(STOP_SECONDS_MAX) == 1
    assert [letter["scope_id"] for letter in dead_letters(database_url)][:1] == ["first"]
    assert len(dead_letters(database_url)) == 100


def test_wrong_settings_are_all_listed(database_url: str) -> None:
    environment = _environment(database_url, "", 0) | {"STUDIO_RELAY_BATCH_SIZE": "0"}
    ended = subprocess.run([sys.executable, "-m", RELAY], env=environment, capture_output=True, text=True, check=False)

    assert ended.returncode != 0
    assert "STUDIO_KAFKA_BOOTSTRAP" in ended.stderr
    assert "STUDIO_RELAY_BATCH_SIZE" in ended.stderr


def _environment(database_url: str, bootstrap: str, port: int) -> dict[str, str]:
    return os.environ | {
        "STUDIO_DATABASE_URL": database_url,
        "STUDIO_KAFKA_BOOTSTRAP": bootstrap,
        "STUDIO_PORT": str(port),
    }


def _broker_named(process: Alone) -> bool:
    body: dict[str, Any] = process.get("/readyz").json()
    return any(reason.startswith("broker:") and "bootstrap" in reason for reason in body["waiting_for"])
