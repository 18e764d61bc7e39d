"""A disk small enough to be filled: a tmpfs of a few hundred megabytes, mounted where data is to lie."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from services.studio.errors import StudioError

CHUNK_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """The mounted disk; `fill` and `free` may follow each other as often as wanted."""

    directory: Path

    def fill(self) -> None:
        """Leaves not a byte free."""
        with self._ballast.open("ab", buffering=0) as file, suppress(OSError):
            while True:
                # Ever smaller pieces at the end: the last page counts too.
                file.write(bytes(min(CHUNK_BYTES, max(1, self.free_bytes()))))

    def free(self) -> None:
        """Gives back what was filled."""
        self._ballast.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """What is left."""
        return shutil.disk_usage(self.directory).free

    @property
    def _ballast(self) -> Path:
        return self.directory / "ballast"


@contextmanager
def small_disk(directory: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mounted on the directory, which must exist, for the block. Raises StudioError where that is not possible."""
    reason = reason_against_mounting()
    if reason is not None:
        raise StudioError(f"A small disk can't be mounted: {reason}.", remedy="Run it as root on Linux.")
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "studio-chaos", str(directory))
    try:
        yield SmallDisk(directory)
    finally:
        # Lazily, so that whoever still has a file open there does not keep the mount for ever.
        _run("umount", "--lazy", str(directory))


def reason_against_mounting() -> str | None:
    """Why a disk can't be mounted here; None when it can be, as far as can be told without trying."""
    if shutil.which("mount") is None or os.uname().sysname != "Linux":
        return "there is no mount of Linux here"
    return "only root may mount" if os.geteuid() != 0 else None


def copy_all(source: Path, target: Path) -> None:
    """Everything in a directory into another, with its owners. Raises StudioError."""
    _run("cp", "--archive", f"{source}/.", str(target))


def _run(*command: str) -> None:
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        raise StudioError(f"{' '.join(command)}: {finished.stderr.strip()}", remedy="Run it as root on Linux.")
