"""An embedded server, kept running: PostgreSQL or Kafka, started again in place when it dies.

Unlike a process of ours it is never given up. All the others wait for it, and what ends a server or keeps it from
starting is mostly the machine's: a full disk, no memory. When that has passed, it is there again by itself.
"""

import threading
import time
from dataclasses import dataclass, field
from typing import Final, Protocol

from services.studio.errors import StudioError
from services.studio.process_identity import ProcessIdentity
from services.studio.restart_policy import RestartPolicy
from services.studio.run_state import ProcessState, RunningProcess
from services.studio.supervised_process import Observer

HOPELESS_DELAY_SECONDS: Final = 15.0
"""Between two starts of a server that dies again and again."""


class EmbeddedServer(Protocol):
    """What `EmbeddedPostgres` and `EmbeddedKafka` have in common."""

    @property
    def pid(self) -> int | None:
        """Pid while it runs."""

    def start(self) -> None:
        """Return when it serves; raises StudioError."""

    def stop(self) -> None:
        """Return when it has stopped; harmless when it does not run."""


@dataclass(slots=True)
class SupervisedServer:
    """One embedded server. `stopping` ends the waits of `revive_if_dead`."""

    name: str
    port: int
    server: EmbeddedServer
    observer: Observer
    stopping: threading.Event
    restarts: RestartPolicy = field(default_factory=RestartPolicy)
    state: ProcessState = "waiting"
    restart_count: int = 0
    _identity: ProcessIdentity | None = None

    def start(self) -> None:
        """Return when it serves; raises StudioError."""
        self._become("starting")
        self.server.start()
        pid = self.server.pid
        self._identity = ProcessIdentity.of(pid) if pid else None
        self._become("ready")

    def stop(self) -> None:
        """Return when it has stopped."""
        self.server.stop()
        self._become("stopped")

    def revive_if_dead(self) -> None:
        """Start it again if it has died, after a pause that grows with each death."""
        if self.state not in {"ready", "restarting"} or self.server.pid is not None:
            return
        delay = self.restarts.delay_after_death(time.monotonic())
        if delay is None:
            delay = HOPELESS_DELAY_SECONDS
            self._complain()
        self.observer.announce(f"{self.name} has died; it is started again in {delay:.1f} s.", level="warning")
        self._become("restarting")
        if not self.stopping.wait(delay):
            self.restart_count += 1
            self._start_again()

    def summary(self) -> RunningProcess:
        """What the state file says about it."""
        return RunningProcess(
            name=self.name,
            instance=self.name,
            port=self.port,
            state=self.state,
            restarts=self.restart_count,
            identity=self._identity,
        )

    def _start_again(self) -> None:
        try:
            self.start()
        except (StudioError, OSError) as error:
            # OSError: what it writes before it starts found no room.
            self.observer.announce(str(error), level="error")
            self._become("restarting")
        else:
            self.observer.announce(f"{self.name} runs again.")

    def _complain(self) -> None:
        self.observer.announce(
            f"{self.name} has died {self.restarts.deaths_max} times soon after its start; "
            "see its log with `studio logs`.",
            level="error",
        )

    def _become(self, state: ProcessState) -> None:
        if state != self.state:
            self.state = state
            self.observer.changed()
