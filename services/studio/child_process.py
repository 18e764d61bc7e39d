"""Start and stop one server process of ours; shared by the embedded servers and the supervisor."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

POLL_INTERVAL_SECONDS = 0.02
LOG_TAIL_LINES = 15


def wait_until(condition: Callable[[], bool], *, deadline_seconds: float) -> bool:
    """Poll a condition until it holds; False when the deadline has passed first."""
    end = time.monotonic() + deadline_seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(POLL_INTERVAL_SECONDS)
    return True


def stop_child(child: subprocess.Popen[bytes], *, polite_signal: int, deadline_seconds: float) -> bool:
    """Signal a child, wait, kill it after the deadline, and reap it. True if it stopped by itself."""
    if child.poll() is None:
        child.send_signal(polite_signal)
    try:
        child.wait(deadline_seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return False
    return True


def log_tail(path: Path) -> str:
    """The last lines of a log file, for an error message; empty if there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
