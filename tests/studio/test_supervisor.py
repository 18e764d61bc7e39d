"""The supervisor's life, with real processes: stand-ins for ours, the real PostgreSQL and Kafka."""

import http.client
import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

from services.studio.ports import LOOPBACK, is_port_free
from services.studio.priority import BACKGROUND_NICENESS
from services.studio.supervisor import UpOptions
from tests.studio.conftest import FakeStudio, wait_for

MakeStudio = Callable[..., FakeStudio]


def test_ctrl_c_stops_everything_and_leaves_no_process_behind(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    studio.start_and_await_ready()
    assert len(studio.running_processes()) > 3
    studio.signal(signal.SIGINT)
    assert studio.await_end() == 0
    assert studio.running_processes() == []
    assert studio.installation.load() is None


def test_each_process_is_given_its_surroundings(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    state = studio.start_and_await_ready()
    given = _get_json(studio.process("projector-1").port, "/environment")
    assert given["STUDIO_INSTANCE"] == "projector-1"
    assert given["STUDIO_DATABASE_URL"] == state.database_url
    assert given["STUDIO_KAFKA_BOOTSTRAP"] == "127.0.0.1:1"
    assert given["STUDIO_LOG_FORMAT"] == "json"
    assert _get_json(studio.command_port, "/environment")["STUDIO_PORT"] == str(studio.command_port)


def test_a_worker_gives_way_to_what_people_wait_for(fake_studio: MakeStudio) -> None:
    studio = fake_studio("command_api", "task_worker")
    studio.start_and_await_ready()
    ours, worker = (studio.process(name).identity for name in ("command-api-1", "task-worker-1"))
    assert ours is not None
    assert worker is not None
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, ours.pid) == niceness
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(niceness + BACKGROUND_NICENESS, 19)
    if (autogroup := Path(f"/proc/{worker.pid}/autogroup")).exists():
        assert autogroup.read_text().endswith(f"nice {BACKGROUND_NICENESS}\n")


def test_a_process_that_crashes_is_started_again(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    studio.start_and_await_ready()
    first = studio.process("projector-1").identity
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: studio.process("projector-1").restarts == 1, "a restart")
    wait_for(lambda: studio.process("projector-1").state == "ready", "the restarted process")
    assert studio.process("projector-1").identity != first
    assert "projector-1 was ended by SIGKILL; it is started again" in studio.output()


def test_an_embedded_database_that_crashes_is_started_again(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    studio.start_and_await_ready()
    first = studio.process("postgres").identity
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    wait_for(lambda: studio.process("postgres").restarts == 1, "a restart")
    wait_for(lambda: studio.process("postgres").state == "ready", "the restarted database")


def test_a_process_that_keeps_dying_is_given_up_and_the_others_stay(fake_studio: MakeStudio) -> None:
    studio = fake_studio("command_api", "dying_api")
    studio.start()
    wait_for(lambda: "for the 6th time soon after its start" in studio.output(), "the sentence about giving up")
    assert studio.process("dying-api-1").state == "gave up"
    assert studio.process("command-api-1").state == "ready"


def test_a_second_ctrl_c_kills_a_process_that_does_not_stop(fake_studio: MakeStudio) -> None:
    studio = fake_studio("command_api", "stubborn_worker")
    studio.start_and_await_ready()
    studio.signal(signal.SIGINT)
    wait_for(lambda: "Stopping." in studio.output(), "the first stop")
    studio.signal(signal.SIGINT)
    assert studio.await_end() == 0
    assert studio.running_processes() == []


def test_after_kill_minus_nine_the_next_up_ends_the_leftovers_and_resumes(fake_studio: MakeStudio) -> None:
    killed = fake_studio()
    killed.start_and_await_ready()
    leftovers = [one.identity for one in killed.state().processes]
    killed.signal(signal.SIGKILL)
    killed.await_end()
    assert all(identity and identity.is_alive() for identity in leftovers)

    resumed = fake_studio()
    resumed.output_file = killed.output_file.with_name("resumed.txt")
    resumed.start_and_await_ready()
    assert not any(identity and identity.is_alive() for identity in leftovers)
    assert "Ended what an earlier run had left behind" in resumed.output()


def test_a_second_up_says_that_one_is_running(fake_studio: MakeStudio) -> None:
    first = fake_studio()
    first.start_and_await_ready()
    second = fake_studio()
    second.output_file = first.output_file.with_name("second.txt")
    second.start()
    assert second.await_end() == 1
    assert "already running" in second.output()
    assert "Traceback" not in second.output()
    assert first.process("command-api-1").state == "ready"


def test_a_taken_port_is_named_with_its_holder_and_the_option(fake_studio: MakeStudio) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        studio = fake_studio()
        studio.command_port = taken.getsockname()[1]
        studio.start()
        assert studio.await_end() == 1
        said = studio.output()
    assert f"Port {studio.command_port}, wanted for command-api, is already taken" in said
    assert f"(pid {os.getpid()})" in said
    assert "--command-port" in said


def test_the_real_broker_is_started_and_stopped_with_the_rest(fake_studio: MakeStudio) -> None:
    studio = fake_studio(kafka=True)
    state = studio.start_and_await_ready()
    assert {one.name for one in state.processes} == {"postgres", "kafka", "command_api", "projector"}
    studio.signal(signal.SIGTERM)
    assert studio.await_end() == 0
    assert studio.running_processes() == []
    assert is_port_free(int(state.kafka_bootstrap.rpartition(":")[2]))


def test_ctrl_c_while_starting_leaves_nothing_behind(fake_studio: MakeStudio) -> None:
    studio = fake_studio(kafka=True)
    studio.start()
    wait_for((studio.installation.kafka_directory / "server.properties").exists, "the broker's start")
    studio.signal(signal.SIGINT)
    assert studio.await_end() == 0
    assert studio.running_processes() == []


def test_a_reader_that_goes_away_does_not_disturb_what_runs(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    reading, writing = os.pipe()
    studio.start(output=writing)
    os.close(writing)
    os.close(reading)
    wait_for(lambda: "command-api-1" in _ready_instances(studio), "a ready process")
    wait_for(lambda: "projector-1" in _ready_instances(studio), "another")
    studio.signal(signal.SIGTERM)
    assert studio.await_end() == 0
    assert studio.running_processes() == []


def test_the_merged_log_is_also_kept_in_one_file_for_each_process(fake_studio: MakeStudio) -> None:
    studio = fake_studio()
    studio.start_and_await_ready()
    kept = (studio.installation.logs_directory / "projector.log").read_text()
    assert json.loads(kept.splitlines()[0])["event"] == "fake.started"
    assert "fake.started" in studio.output()


def test_the_ports_have_the_documented_defaults(tmp_path: Path) -> None:
    options = UpOptions(tmp_path)
    assert (options.command_port, options.query_port) == (8000, 8001)


def _ready_instances(studio: FakeStudio) -> list[str]:
    state = studio.installation.load()
    return [one.instance for one in state.processes if one.state == "ready"] if state else []


def _get_json(port: int, path: str) -> dict[str, str]:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    connection.request("GET", path)
    body: dict[str, str] = json.loads(connection.getresponse().read())
    connection.close()
    return body
