"""Named places where a process can be told to die or to stand still, to prove that nothing depends on it not doing so.

`STUDIO_CRASH_POINT=relay.sent_unmarked:kill:3` makes a process kill itself the third time it passes that place, between
the broker's acknowledgement and the row's mark; `stop` instead of `kill` makes it stand still there until SIGCONT.
Without the variable a place costs one look at a global (ADR 0014).
"""

import os
import signal
import threading
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, get_args

CRASH_POINT_VARIABLE: Final = "STUDIO_CRASH_POINT"

CrashPoint: TypeAlias = Literal[
    "command.before_commit",  # everything is decided, nothing committed
    "command.after_commit",  # committed, nobody answered yet
    "relay.read",  # rows are read, nothing sent
    "relay.sent_unmarked",  # acknowledged by the broker, not marked
    "projector.before_commit",  # the effect is written, not committed
    "projector.after_commit",  # committed, the broker's offset not moved
    "worker.claimed",  # the task is this worker's, nothing done yet
    "worker.progress_kept",  # how far it is is kept with the task, nobody told
    "worker.text_told",  # a piece of the text is told, the rest not written
    "worker.provider_answered",  # the provider has done its work, the result is not stored
    "worker.result_committed",  # the result is stored, nobody told
    "query.frame_sent",  # frames of a stream are written
    "migration.inside",  # a migration has run, its transaction is open
    "rebuild.slice_copied",  # a slice's rows are written, not committed
    "rebuild.before_swap",  # the tables are exchanged, nothing is committed
    "rebuild.after_swap",  # the exchange is committed, what was replaced not yet settled
    "migration.between",  # one migration is committed, the next not begun
]
Action: TypeAlias = Literal["kill", "stop"]

CRASH_POINTS: Final[tuple[CrashPoint, ...]] = get_args(CrashPoint)
_SIGNALS: Final = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class WrongCrashPoint(ValueError):
    """A setting that names no place, no action or no count; the text says which are known."""


@dataclass(slots=True)
class ArmedCrashPoint:
    """What is to happen at one place, at its `passing`th passing (1 is the first)."""

    point: CrashPoint
    action: Action = "kill"
    passing: int = 1
    _passed: int = field(default=0, repr=False, compare=False)
    _counting: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def setting(self) -> str:
        """The value of `STUDIO_CRASH_POINT` for it."""
        return f"{self.point}:{self.action}:{self.passing}"

    def passes(self) -> None:
        """Counts a passing; at the right one the process gets its signal and goes no further."""
        with self._counting:
            self._passed += 1
            if self._passed == self.passing:
                # To this thread: of a signal to the process another thread would hear, and this one go on meanwhile.
                signal.pthread_kill(threading.get_ident(), _SIGNALS[self.action])


_armed: ArmedCrashPoint | None = None


def reached(point: CrashPoint) -> None:
    """This place is passed now."""
    if _armed is not None and _armed.point == point:
        _armed.passes()


def arm(armed: ArmedCrashPoint | None) -> None:
    """For the whole process, from now on; None is nothing."""
    global _armed  # noqa: PLW0603  # one for the process, as the signal is
    _armed = armed


def arm_from_environment() -> None:
    """For programs without settings of their own. Raises WrongCrashPoint."""
    arm(parse_crash_point(os.environ.get(CRASH_POINT_VARIABLE, "")))


def parse_crash_point(setting: str) -> ArmedCrashPoint | None:
    """`POINT[:ACTION[:PASSING]]`; nothing when empty. Raises WrongCrashPoint."""
    if not setting:
        return None
    name, _, rest = setting.partition(":")
    action, _, passing = (rest or "kill").partition(":")
    for point in CRASH_POINTS:
        for known in get_args(Action):
            if (point, known) == (name, action) and (passing or "1").isdecimal() and int(passing or "1") > 0:
                return ArmedCrashPoint(point, known, int(passing or "1"))
    raise WrongCrashPoint(
        f"{setting} is not POINT[:ACTION[:PASSING]] with an action of {', '.join(get_args(Action))}, a passing of 1 "
        f"or more and a point of {', '.join(CRASH_POINTS)}"
    )
