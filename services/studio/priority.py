"""Who goes first where all share one machine: what people wait for, and then what works for minutes behind them."""

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Final

BACKGROUND_NICENESS: Final = 10
"""A tenth of the share of the others while they want the same processor; all of it while they do not."""

# EINVAL: the session could not be given a group when it began, and that of all the others keeps its weight.
_NOT_OFFERED: Final = (errno.ENOENT, errno.ESRCH, errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL)


def niced(command: Sequence[str | Path], *, niceness: int = BACKGROUND_NICENESS) -> list[str | Path]:
    """The command of a process that gives way to others, each of its threads from the first."""
    return ["nice", "-n", str(niceness), *command]


def give_way(session_leader_pid: int, *, niceness: int = BACKGROUND_NICENESS) -> bool:
    """Lets a whole session give way to other sessions; False when the system wants to be asked again in a moment.

    Linux divides the processors among sessions first where it groups them (sched(7), autogroup): there the niceness of
    a process counts within its session only, and each of ours has one of its own. Nothing happens on systems that do
    not group, or do not let us.
    """
    try:
        with Path(f"/proc/{session_leader_pid}/autogroup").open("wb", buffering=0) as autogroup:
            return autogroup.write(str(niceness).encode()) is not None
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
        return True
