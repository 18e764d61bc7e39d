"""One installation: where its data, logs, secret and state file are, and who may use it."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.studio.errors import StudioError
from services.studio.run_state import RunState

DEFAULT_DATA_DIRECTORY: Final = Path(".studio")
LAYOUT_VERSION: Final = 1
FREE_BYTES_MIN: Final = 1024**3
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Installation:
    """Paths under one data directory; nothing is opened or made until a method says so."""

    directory: Path

    @property
    def postgres_directory(self) -> Path:
        """Data directory of the embedded PostgreSQL."""
        return self.directory / "postgres"

    @property
    def kafka_directory(self) -> Path:
        """Data directory of the embedded Kafka."""
        return self.directory / "kafka"

    @property
    def logs_directory(self) -> Path:
        """Where each of our processes has its log file."""
        return self.directory / "logs"

    @property
    def secret_file(self) -> Path:
        """The secret that signs tokens: 32 random bytes in hex, readable by the owner only."""
        return self.directory / "secret"

    @property
    def run_file(self) -> Path:
        """What runs now, for the other commands."""
        return self.directory / "run.json"

    def prepare(self) -> None:
        """Make the directory, its layout version and its secret. Raises StudioError if it can't be used."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._require_known_layout()
            self.ensure_secret()
        except OSError as error:
            raise StudioError(
                f"The data directory {self.directory} can't be used: {error.strerror}.",
                remedy="Correct its permissions, or choose another with --data.",
            ) from error

    def require_free_space(self) -> None:
        """Raise StudioError if less than 1 GiB is free: a full disk stops PostgreSQL in the middle of work."""
        free = self.free_bytes()
        if free < FREE_BYTES_MIN:
            raise StudioError(
                f"Only {free // 1024**2} MiB are free on the disk of {self.directory}; the studio wants 1 GiB.",
                remedy="Free some space, or choose a directory on another disk with --data.",
            )

    def free_bytes(self) -> int:
        """Free space on the disk that holds the directory, or will."""
        existing = next(path for path in [self.directory, *self.directory.parents] if path.exists())
        return shutil.disk_usage(existing).free

    def ensure_secret(self) -> bytes:
        """The secret as the processes read it (the hex text in bytes); made at the first call."""
        if not self.secret_file.exists():
            _write_private(self.secret_file, secrets.token_hex(SECRET_BYTES))
        return self.secret_file.read_text().strip().encode()

    def layout_version(self) -> int | None:
        """Version of the directory's layout, or None for a directory that is not an installation yet."""
        file = self.directory / "layout_version"
        return int(file.read_text()) if file.exists() else None

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the installation for this process. Raises StudioError if another `studio up` has it."""
        with (self.directory / "up.lock").open("w") as lock:
            try:
                # The system frees it when the process ends, however it ends; a pid file alone would go stale.
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._already_running() from None
            yield

    def running(self) -> RunState | None:
        """The state of the `studio up` that has the installation now, or None if none has."""
        state = self.load()
        return state if state is not None and state.supervisor.is_alive() else None

    def require_running(self) -> RunState:
        """The state of the running `studio up`; raises StudioError if none runs."""
        state = self.running()
        if state is None:
            raise StudioError(
                f"No studio is running on {self.directory}.",
                remedy="Start it with `studio up`, name another directory with --data, or set STUDIO_DATABASE_URL.",
            )
        return state

    def save(self, state: RunState) -> None:
        """Replace the state file; it holds the database's password, so only the owner may read it.

        Not safe from two threads at once.
        """
        _write_private(self.run_file, state.model_dump_json(indent=2))

    def load(self) -> RunState | None:
        """The last saved state, or None if there is none that can be read."""
        try:
            return RunState.model_validate_json(self.run_file.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def forget_run(self) -> None:
        """Remove the state file: nothing runs any more."""
        self.run_file.unlink(missing_ok=True)

    def _require_known_layout(self) -> None:
        found = self.layout_version()
        if found is None:
            (self.directory / "layout_version").write_text(f"{LAYOUT_VERSION}\n")
        elif found > LAYOUT_VERSION:
            raise StudioError(
                f"{self.directory} was made by a newer version of Genesis Studio.",
                remedy="Update this installation, or choose another directory with --data.",
            )

    def _already_running(self) -> StudioError:
        state = self.load()
        who = f" (pid {state.supervisor.pid})" if state else ""
        return StudioError(
            f"The studio is already running on {self.directory}{who}.",
            remedy="`studio status` shows it, `studio down` stops it. For a second one choose other ports and --data.",
        )


def _write_private(path: Path, text: str) -> None:
    # Renamed into place: a reader never sees half a file, a crash never leaves one.
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.replace(path)
