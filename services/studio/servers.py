"""The database and the broker of one run: embedded ones that we keep running, or the user's own by address."""

import threading
from collections.abc import Callable, Collection
from pathlib import Path

from rich.console import Console

from services.studio.database import require_database
from services.studio.embedded_kafka import EmbeddedKafka
from services.studio.embedded_postgres import EmbeddedPostgres
from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import free_ports
from services.studio.restart_policy import RestartPolicy
from services.studio.run_state import RunningProcess
from services.studio.supervised_process import Observer
from services.studio.supervised_server import SupervisedServer


class Servers:
    """Starts the two independently of each other: commands are accepted while Kafka is still on its way."""

    def __init__(
        self,
        installation: Installation,
        *,
        database_url: str | None,
        kafka_bootstrap: str | None,
        taken_ports: Collection[int],
        jars_directory: Path,
        observer: Observer,
        stopping: threading.Event,
        restart_policy: Callable[[], RestartPolicy],
        console: Console,
    ) -> None:
        database_port, kafka_port, controller_port = free_ports(3, but=taken_ports)
        self._own_database_url = database_url
        self._postgres = None if database_url else EmbeddedPostgres(installation.postgres_directory, port=database_port)
        kafka = EmbeddedKafka(
            installation.kafka_directory,
            port=kafka_port,
            controller_port=controller_port,
            jars_directory=jars_directory,
            console=console,
        )
        self.kafka_bootstrap = kafka_bootstrap or kafka.bootstrap
        self._supervised_postgres = self._postgres and SupervisedServer(
            "postgres", database_port, self._postgres, observer, stopping, restart_policy()
        )
        self._supervised_kafka = (
            None
            if kafka_bootstrap
            else SupervisedServer("kafka", kafka_port, kafka, observer, stopping, restart_policy())
        )
        self._kafka_start: threading.Thread | None = None
        self._kafka_failure: StudioError | None = None

    @property
    def database_url(self) -> str:
        """URL for libpq; empty until the embedded server has been started for the first time."""
        if self._postgres:
            return self._postgres.url if self._postgres.has_password() else ""
        return self._own_database_url or ""

    def start_database(self) -> None:
        """Return when the database accepts connections; raises StudioError."""
        if self._supervised_postgres:
            self._supervised_postgres.start()
        else:
            require_database(self.database_url)

    def begin_kafka(self) -> None:
        """Start the embedded broker in the background, if we use it."""
        if self._supervised_kafka:
            self._kafka_start = threading.Thread(target=self._start_kafka, name="kafka", daemon=True)
            self._kafka_start.start()

    def is_kafka_started(self) -> bool:
        """Whether the broker has come up (the user's own counts as up); raises StudioError when it could not."""
        if self._kafka_failure:
            raise self._kafka_failure
        return self._kafka_start is None or not self._kafka_start.is_alive()

    def revive_dead(self) -> None:
        """Start an embedded server again that has died."""
        for server in self._supervised():
            server.revive_if_dead()

    def stop(self) -> None:
        """Stop Kafka, then PostgreSQL; also when their start has not finished."""
        if self._supervised_kafka and self._kafka_start:
            self._supervised_kafka.stop()
            self._kafka_start.join()
            self._supervised_kafka.stop()  # the start may have launched the broker just before it saw the first stop
        if self._supervised_postgres:
            self._supervised_postgres.stop()

    def summaries(self) -> list[RunningProcess]:
        """What the state file says about the embedded servers."""
        return [server.summary() for server in self._supervised()]

    def _supervised(self) -> list[SupervisedServer]:
        return [server for server in (self._supervised_kafka, self._supervised_postgres) if server]

    def _start_kafka(self) -> None:
        assert self._supervised_kafka is not None
        try:
            self._supervised_kafka.start()
        except StudioError as error:
            self._kafka_failure = error
        except OSError as error:
            self._kafka_failure = StudioError(
                f"Kafka can't be started: {error}.", remedy="`studio doctor` checks disk and permissions."
            )
