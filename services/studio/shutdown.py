"""`studio down`: stop a run from another terminal, or what is left of a killed one."""

import signal
from typing import Final

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.leftovers import end_leftovers, find_leftovers
from services.studio.run_state import RunState

# Our processes have 10 s, Kafka 15 s, PostgreSQL 20 s before each is killed.
DOWN_DEADLINE_SECONDS: Final = 60.0


def shut_down(installation: Installation) -> str:
    """Return, when nothing runs any more, a sentence saying what was stopped. Raises StudioError."""
    running = installation.running()
    if running is not None:
        _stop_supervisor(running)
        return "The studio has stopped; its data is kept."
    leftovers = find_leftovers(installation.load())
    end_leftovers(leftovers)
    installation.forget_run()
    if leftovers:
        return f"Ended what an earlier run had left behind: {', '.join(one.instance for one in leftovers)}."
    return "Nothing was running."


def _stop_supervisor(running: RunState) -> None:
    running.supervisor.send(signal.SIGTERM)
    if not running.supervisor.has_ended_within(DOWN_DEADLINE_SECONDS):
        raise StudioError(
            f"`studio up` (pid {running.supervisor.pid}) has not stopped within {DOWN_DEADLINE_SECONDS:.0f} s.",
            remedy="Its terminal and `studio logs studio` say what it waits for.",
        )
