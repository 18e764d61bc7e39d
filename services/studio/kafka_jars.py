"""Apache Kafka's jars: pinned in `kafka_jars.lock`, downloaded once from Maven Central, checked at every start."""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from rich.console import Console

from services.studio.errors import StudioError

LOCK_FILE: Final = Path(__file__).with_name("kafka_jars.lock")
LOCK_POLL_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class PinnedJar:
    """One jar by Maven coordinate (`group:artifact:version`), SHA-256 (hex) and size in bytes."""

    coordinate: str
    sha256: str
    size: int

    @property
    def file_name(self) -> str:
        """`artifact-version.jar`, as Maven names it."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def ensure_jars(
    directory: Path,
    *,
    lock_file: Path = LOCK_FILE,
    console: Console | None = None,
    cancelled: threading.Event | None = None,
) -> list[Path]:
    """The pinned jars' paths in class-path order; downloads those that are missing or damaged.

    Safe to call from several processes at once. A jar is in `directory` whole and verified, or not at all.
    Raises StudioError when the repository can't be reached or sends something else than what is pinned, and
    soon after `cancelled` is set.
    """
    pinned = read_lock_file(lock_file)
    cancelled = cancelled or threading.Event()
    directory.mkdir(parents=True, exist_ok=True)
    with _one_process_at_a_time(directory, cancelled):
        missing = [jar for jar in pinned if not _is_intact(directory / jar.file_name, jar)]
        if missing:
            # Imported only when needed: the Maven library costs every start a quarter of a second and 15 MB.
            from services.studio.kafka_download import download_jars  # noqa: PLC0415

            download_jars(missing, directory, console or Console(stderr=True), cancelled)
    return [directory / jar.file_name for jar in pinned]


def cancelled_start() -> StudioError:
    """What a start raises that was told to stop meanwhile."""
    return StudioError("The start of Kafka was cancelled.", remedy="Start again.")


def default_jars_directory() -> Path:
    """Where all installations of one user share the jars; STUDIO_CACHE_DIR or the user's cache directory."""
    chosen = os.environ.get("STUDIO_CACHE_DIR")
    cache = Path(chosen) if chosen else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "genesis-studio" / "kafka-4.1.0"


def read_lock_file(path: Path = LOCK_FILE) -> list[PinnedJar]:
    """The pinned jars, in the order of the file."""
    lines = (line.split() for line in path.read_text().splitlines() if line and not line.startswith("#"))
    return [PinnedJar(coordinate, digest.removeprefix("sha256:"), int(size)) for coordinate, digest, size in lines]


@contextmanager
def _one_process_at_a_time(directory: Path, cancelled: threading.Event) -> Iterator[None]:
    with (directory / ".lock").open("w") as lock:  # freed by the system when the process ends, however it ends
        while not _try_lock(lock):
            if cancelled.wait(LOCK_POLL_SECONDS):
                raise cancelled_start()
        yield


def _try_lock(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_intact(path: Path, jar: PinnedJar) -> bool:
    return path.exists() and path.stat().st_size == jar.size and sha256_of(path) == jar.sha256


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
