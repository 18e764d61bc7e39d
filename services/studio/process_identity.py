"""Which process exactly: a pid alone may belong to somebody else by the time it is used."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil

from services.studio.child_process import wait_until

# psutil derives the creation time from the boot time, which moves a little when the clock is set.
CREATE_TIME_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A process by pid and creation time (seconds since the epoch)."""

    pid: int
    create_time: float

    @classmethod
    def of(cls, pid: int) -> Self | None:
        """The identity of the process that has this pid now, or None if there is none."""
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    @classmethod
    def of_this_process(cls) -> Self:
        """Our own identity."""
        return cls(os.getpid(), psutil.Process().create_time())

    def process(self) -> psutil.Process | None:
        """The live process, or None if it has ended (a zombie has) or the pid is another's by now."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.create_time) <= CREATE_TIME_TOLERANCE_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return self.process() is not None

    def end(self, *, deadline_seconds: float, polite_signal: int = signal.SIGTERM) -> bool:
        """Ask the process to stop, kill it after the deadline. False if there was nothing to end."""
        if not self.send(polite_signal):
            return False
        if not self.has_ended_within(deadline_seconds):
            self.send(signal.SIGKILL)
            self.has_ended_within(deadline_seconds)
        return True

    def send(self, number: int) -> bool:
        """Send a signal; False if the process has ended."""
        process = self.process()
        with suppress(psutil.NoSuchProcess):
            if process is not None:
                process.send_signal(number)
                return True
        return False

    def has_ended_within(self, seconds: float) -> bool:
        """Wait for the end of a process that need not be our child."""
        # Not psutil's wait: it waits for a zombie too, and an orphan stays one for as long as init pleases.
        return wait_until(lambda: not self.is_alive(), deadline_seconds=seconds)
