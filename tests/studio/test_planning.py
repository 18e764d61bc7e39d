"""Ports, replicas and restarts: what is decided before and between processes."""

import socket

import pytest

from services.studio import ports
from services.studio.errors import StudioError
from services.studio.ports import LOOPBACK, free_ports, is_port_free, require_free_port
from services.studio.process_plan import PROCESS_KINDS, kind_named, parse_replicas, plan_processes
from services.studio.restart_policy import RestartPolicy


def test_free_ports_are_different_and_free() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    assert all(map(is_port_free, found))


def test_no_two_processes_are_given_one_port_before_they_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(port for port in free_ports(50) if all(map(is_port_free, range(port, port + 8))))
    monkeypatch.setattr(ports, "CANDIDATE_PORTS", range(first, first + 8))
    planned = plan_processes(PROCESS_KINDS, {"query_api": 2, "projector": 2}, {"query_api": (first, "--query-port")})
    others = free_ports(1, but={one.port for one in planned})
    assert sorted([one.port for one in planned] + others) == list(range(first, first + 8))


def test_a_taken_port_is_said_with_purpose_and_option() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StudioError, match=rf"Port {port}, wanted for query-api, is already taken.*--query-port"):
            require_free_port(port, purpose="query-api", option="--query-port")


def test_every_kind_of_process_is_planned_once_in_dependency_order() -> None:
    command_port, query_port = free_ports(2)
    first_ports = {"command_api": (command_port, "--command-port"), "query_api": (query_port, "--query-port")}
    planned = plan_processes(PROCESS_KINDS, {}, first_ports)
    assert [one.log_name for one in planned] == [
        "command-api", "query-api", "message-relay", "projector", "task-worker",
    ]  # fmt: skip
    assert [planned[0].port, planned[1].port] == [command_port, query_port]
    assert len({one.port for one in planned}) == len(planned)


def test_the_apis_do_not_wait_for_kafka() -> None:
    assert {kind.name for kind in PROCESS_KINDS if "kafka" not in kind.needs} == {"command_api", "query_api"}


def test_nobody_waits_for_what_works_in_the_background() -> None:
    assert [kind.name for kind in PROCESS_KINDS if kind.in_background] == ["task_worker"]


def test_replicas_have_their_own_names_logs_and_following_ports() -> None:
    command_port = free_ports(1)[0]
    planned = plan_processes(
        PROCESS_KINDS, {"command_api": 3, "projector": 2}, {"command_api": (command_port, "--command-port")}
    )
    apis = [one for one in planned if one.kind.name == "command_api"]
    assert [one.log_name for one in apis] == ["command-api-1", "command-api-2", "command-api-3"]
    assert apis[0].port == command_port < apis[1].port < apis[2].port
    assert [one.instance for one in planned if one.kind.name == "projector"] == ["projector-1", "projector-2"]


def test_replicas_are_read_with_dashes_or_underscores() -> None:
    assert parse_replicas(["message-relay=2", "task_worker=0"]) == {"message_relay": 2, "task_worker": 0}


@pytest.mark.parametrize("value", ["projector", "projector=", "projector=many", "projector=-1"])
def test_replicas_that_are_no_number_are_refused(value: str) -> None:
    with pytest.raises(StudioError, match="not PROCESS=NUMBER"):
        parse_replicas([value])


def test_an_unknown_process_is_answered_with_the_known_ones() -> None:
    with pytest.raises(StudioError, match=r"no process named reactor.*command_api, query_api"):
        kind_named("reactor")


def test_restarts_wait_longer_each_time_and_stop_at_the_sixth_death_soon_after_a_start() -> None:
    policy, now = RestartPolicy(), 0.0
    for longest in (0.5, 1.0, 2.0, 4.0, 8.0):
        delay = policy.delay_after_death(now)
        assert delay is not None
        assert longest / 2 <= delay <= longest
        now += delay + 9.0
    assert policy.delay_after_death(now) is None


def test_a_process_that_ran_long_enough_starts_over_with_the_shortest_delay() -> None:
    policy, now = RestartPolicy(), 0.0
    for _ in range(20):
        delay = policy.delay_after_death(now)
        assert delay is not None
        assert delay <= 0.5
        now += delay + 10.1
    for _ in range(4):
        policy.delay_after_death(now)
    delay = policy.delay_after_death(now + 100.0)
    assert delay is not None
    assert delay <= 0.5
