"""One process's log file, kept to two files of bounded size."""

from pathlib import Path
from typing import BinaryIO, Final

FILE_BYTES_MAX: Final = 20 * 1024**2


class LogFile:
    """Appends lines to `<name>.log`; when that is full it becomes `<name>.log.1`, replacing the one before."""

    def __init__(self, directory: Path, name: str, *, bytes_max: int = FILE_BYTES_MAX) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._path = directory / f"{name}.log"
        self._bytes_max = bytes_max
        self._file: BinaryIO = self._path.open("ab", buffering=0)
        self._size = self._path.stat().st_size

    def write(self, line: bytes) -> None:
        """Append a line. A full disk loses the line, not the process: the terminal still shows it."""
        try:
            if self._size + len(line) > self._bytes_max:
                self._rotate()
            self._file.write(line)
            self._size += len(line)
        except OSError:
            return

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _rotate(self) -> None:
        self._file.close()
        self._path.replace(self._path.with_suffix(".log.1"))
        self._file = self._path.open("ab", buffering=0)
        self._size = 0
