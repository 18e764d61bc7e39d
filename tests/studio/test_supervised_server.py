"""An embedded server that dies, or can't be started, for as long as something is wrong with the machine."""

import threading
from dataclasses import dataclass, field

import pytest

from services.studio import supervised_server
from services.studio.errors import StudioError
from services.studio.restart_policy import RestartPolicy
from services.studio.supervised_server import SupervisedServer


@dataclass
class Machine:
    """A server on a machine that is short of something: it can't be started, for whichever reason comes next."""

    reasons: list[Exception] = field(default_factory=list)
    pid: int | None = None
    starts: int = 0

    def start(self) -> None:
        self.starts += 1
        if self.reasons:
            raise self.reasons.pop()
        self.pid = 1

    def stop(self) -> None:
        self.pid = None


@dataclass
class Listener:
    """What a person was told."""

    told: list[str] = field(default_factory=list)

    def output(self, source: str, line: str) -> None:
        pass

    def announce(self, sentence: str, *, level: str = "info") -> None:
        self.told.append(sentence)

    def changed(self) -> None:
        pass


def test_a_server_that_cannot_be_started_for_long_is_there_again_when_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervised_server, "HOPELESS_DELAY_SECONDS", 0.0)
    machine, listener = Machine(), Listener()
    policy = RestartPolicy(first_delay_seconds=0.0)
    server = SupervisedServer("postgres", 1, machine, listener, threading.Event(), policy)
    server.start()
    for reason in (StudioError("It ends at once.", remedy="Wait."), OSError("No space left on device")):
        machine.stop()
        machine.reasons = [reason for _ in range(2 * policy.deaths_max)]
        for _ in range(2 * policy.deaths_max):
            server.revive_if_dead()
            assert server.state == "restarting"
        server.revive_if_dead()
        assert server.state == "ready"
        assert any("6 times soon after its start" in sentence for sentence in listener.told)
    assert listener.told[-1] == "postgres runs again."
