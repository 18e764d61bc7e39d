"""`studio logs`: the last lines of the log files, merged by time, and what is written from now on."""

import json
import os
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from rich.console import Console

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.log_view import LogView

TAIL_BYTES: Final = 2 * 1024**2
FOLLOW_INTERVAL_SECONDS: Final = 0.2


def show_logs(installation: Installation, console: Console, *, process: str | None, follow: bool, lines: int) -> None:
    """Print the last lines of one process or of all; with `follow`, go on until Ctrl-C. Raises StudioError."""
    files = find_log_files(installation, process)
    view = LogView(console, prefix_width=max(len(file.source) for file in files))
    with ExitStack() as opened, suppress(KeyboardInterrupt):
        for file in files:
            opened.callback(file.close)
        for source, line in last_lines(files, lines):
            view.show(source, line)
        while follow and view.is_seen:
            time.sleep(FOLLOW_INTERVAL_SECONDS)
            for file in files:
                for line in file.new_lines():
                    view.show(file.source, line)


def find_log_files(installation: Installation, process: str | None) -> list["FollowedFile"]:
    """The files of one process with all its replicas, or of all our processes. Raises StudioError if none."""
    embedded = {
        "postgres": installation.postgres_directory / "postgres.log",
        "kafka": installation.kafka_directory / "kafka.log",
    }
    name = (process or "").replace("_", "-")
    paths = [embedded[name]] if name in embedded else sorted(installation.logs_directory.glob("*.log"))
    wanted = [path for path in paths if not name or path.stem == name or path.stem.startswith(f"{name}-")]
    existing = [path for path in wanted if path.exists()]
    if not existing:
        known = ", ".join([*sorted(path.stem for path in paths), *embedded])
        raise StudioError(
            f"There is no log of {process or 'anything'} in {installation.directory}.",
            remedy=f"Logs exist for: {known}." if process else "Start the studio with `studio up`.",
        )
    return [FollowedFile(path) for path in existing]


def last_lines(files: list["FollowedFile"], count: int) -> list[tuple[str, str]]:
    """The last `count` lines over all files, oldest first, each with its source."""
    # Lines without a time (a traceback) stay behind the line above them; the sort is stable.
    dated: list[tuple[str, str, str]] = []
    for file in files:
        moment = ""
        for line in file.new_lines():
            moment = _timestamp(line) or moment
            dated.append((moment, file.source, line))
    dated.sort(key=lambda one: one[0])
    return [(source, line) for _, source, line in dated[-count:]] if count else []


@dataclass(slots=True)
class FollowedFile:
    """A log file read from near its end, across rotation."""

    path: Path
    _file: BinaryIO | None = None
    _unfinished: bytes = field(default=b"")

    @property
    def source(self) -> str:
        """Name shown before each line."""
        return self.path.stem

    def new_lines(self) -> list[str]:
        """The whole lines written since the last call; at the first call those of the file's last 2 MiB."""
        if self._file is None and not self._open():
            return []
        assert self._file is not None
        read = self._unfinished + self._file.read()
        *whole, self._unfinished = read.split(b"\n")
        if not whole and self._was_rotated():
            self.close()
        return [line.decode(errors="replace") for line in whole]

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> bool:
        if not self.path.exists():
            return False
        self._file = self.path.open("rb")
        if self.path.stat().st_size > TAIL_BYTES:
            self._file.seek(-TAIL_BYTES, os.SEEK_END)
            self._file.readline()  # the rest of a line cut in two
        return True

    def _was_rotated(self) -> bool:
        assert self._file is not None
        try:
            return os.fstat(self._file.fileno()).st_ino != self.path.stat().st_ino
        except FileNotFoundError:
            return True


def _timestamp(line: str) -> str:
    if not line.startswith("{"):
        return ""
    try:
        return str(json.loads(line).get("timestamp", ""))
    except ValueError:
        return ""
