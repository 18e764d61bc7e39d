"""All of our processes of one run: started when what they need is there, stopped together."""

from collections.abc import Callable, Sequence

from services.studio.child_process import wait_until
from services.studio.process_plan import Need, PlannedProcess
from services.studio.run_state import RunningProcess
from services.studio.stop_signals import StopRequest
from services.studio.supervised_process import SupervisedProcess

STOP_DEADLINE_SECONDS = 10.0
KILL_DEADLINE_SECONDS = 5.0


class ProcessGroup:
    """The processes in start order. `environment_of` is asked when a process is started, not before."""

    def __init__(
        self, processes: Sequence[SupervisedProcess], environment_of: Callable[[PlannedProcess], dict[str, str]]
    ) -> None:
        self._processes = processes
        self._environment_of = environment_of
        self._started: list[SupervisedProcess] = []

    def start_those_that_need(self, available: frozenset[Need]) -> None:
        """Start every process not yet started whose needs are all available; returns at once."""
        for process in self._processes:
            if process not in self._started and process.plan.kind.needs <= available:
                process.environment = self._environment_of(process.plan)
                process.start()
                self._started.append(process)

    def not_ready(self) -> list[SupervisedProcess]:
        """Those that can't do their work yet."""
        return [process for process in self._processes if process.state != "ready"]

    def is_ready(self, kind_name: str) -> bool:
        """Whether a process of this kind is ready."""
        return any(process.state == "ready" for process in self._processes if process.plan.kind.name == kind_name)

    def stop(self, request: StopRequest) -> None:
        """SIGTERM to all in reverse order; SIGKILL after 10 s or at a second Ctrl-C. Returns when none is left."""
        for process in reversed(self._started):
            process.request_stop()
        wait_until(lambda: self._all_ended() or request.hurry.is_set(), deadline_seconds=STOP_DEADLINE_SECONDS)
        for process in self._started:
            if not process.has_ended():
                process.kill()
        wait_until(self._all_ended, deadline_seconds=KILL_DEADLINE_SECONDS)

    def summaries(self) -> list[RunningProcess]:
        """What the state file says about the processes."""
        return [process.summary() for process in self._processes]

    def _all_ended(self) -> bool:
        return all(process.has_ended() for process in self._started)
