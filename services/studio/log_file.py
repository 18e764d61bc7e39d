"""One process's log file, kept to two files of bounded size."""

from pathlib import Path
from typing import BinaryIO, Final

FILE_BYTES_MAX: Final = 20 * 1024**2


class LogFile:
    """Appends lines to `<name>.log`; when that is full it becomes `<name>.log.1`, replacing the one before."""

    def __init__(self, directory: Path, name: str, *, bytes_max: int = FILE_BYTES_MAX) -> None:
        self._path = directory / f"{name}.log"
        self._bytes_max = bytes_max
        self._file: BinaryIO | None = None
        self._size = 0

    def write(self, line: bytes) -> None:
        """Append a line. A full disk loses the line, not the process: the terminal still shows it."""
        try:
            file = self._file or self._open()
            if self._size + len(line) > self._bytes_max:
                file = self._rotate(file)
            file.write(line)
            self._size += len(line)
        except OSError:
            return

    def close(self) -> None:
        """Close the file; the next line opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("ab", buffering=0)
        self._size = self._path.stat().st_size
        return self._file

    def _rotate(self, full: BinaryIO) -> BinaryIO:
        full.close()
        self._path.replace(self._path.with_suffix(".log.1"))
        return self._open()
