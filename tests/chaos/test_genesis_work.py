"""The studio's own workload: what a client asks, and what it may expect."""

from random import Random
from typing import Any

from services.studio.chaos.evidence import Shown
from services.studio.chaos.genesis_work import WORKLOAD
from services.studio.chaos.told import Answer, Command
from services.studio.chaos.workload import DEFAULT_WORKLOAD, load_workload

MADE: dict[str, Any] = {
    "id": "made",
    "version": 1,
    "session_id": "bound",
    "instance": {"id": "stage"},
    "session": {"session_id": "opened"},
}
"""An answer that has every field which any answer has."""


def _commands(seed: int, status: int = 201) -> list[Command]:
    script, commands = WORKLOAD.script(Random(seed)), []
    command = next(script)
    try:
        while True:
            commands.append(command)
            command = script.send(Answer(status, MADE))
    except StopIteration:
        return commands


def test_the_workload_is_found_by_its_name() -> None:
    assert load_workload(DEFAULT_WORKLOAD) is WORKLOAD


def test_the_same_seed_asks_the_same_and_another_one_something_else() -> None:
    assert _commands(1) == _commands(1)
    assert _commands(1) != _commands(2)


def test_a_client_that_is_refused_its_beginning_ends() -> None:
    assert [command.path for command in _commands(1, status=409)] == ["/novels"]


def test_some_clients_ask_for_slow_work() -> None:
    asked = [command.body for seed in range(20) for command in _commands(seed) if command.path.endswith("/commands")]
    assert 0 < len(asked) < 20


def test_each_table_that_is_promised_of_is_promised_by_some_command() -> None:
    promised = [shown for command in _commands(1) for shown in WORKLOAD.promise(command, Answer(201, MADE))]
    assert {shown.table for shown in promised} == set(WORKLOAD.promised_tables)
    assert promised[0] == Shown("novels", "made")
