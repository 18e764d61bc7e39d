"""What the embedded broker is told: its properties, its logging, its virtual machine's options."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.studio.ports import LOOPBACK

# Measured: the same messages a second as with the defaults, in less memory and half the start time. The heap is there
# from the start: taken page by page, as what is short-lived gets old, it would look like a leak for hours.
JVM_OPTIONS: Final = (
    "-Xms128m",
    "-Xmx256m",
    "-XX:+AlwaysPreTouch",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Xshare:auto",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Djava.awt.headless=true",
    # Kafka 4.1 calls what Java 25 warns about on every start.
    "--sun-misc-unsafe-memory-access=allow",
)

LOGGING: Final = """\
status = error
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = {directory}/kafka.log
appender.file.filePattern = {directory}/kafka.%i.log
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{{ISO8601}} %p %c{{1}} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 2
rootLogger.level = WARN
rootLogger.appenderRef.file.ref = file
"""


@dataclass(frozen=True, slots=True)
class BrokerConfiguration:
    """One node that is broker and controller, on loopback, with its files under `directory`."""

    directory: Path
    port: int
    controller_port: int

    @property
    def log_directory(self) -> Path:
        """Where the broker keeps its records."""
        return self.directory / "records"

    def write(self) -> tuple[Path, Path]:
        """Write both files; their paths: server properties, logging."""
        properties, logging = self.directory / "server.properties", self.directory / "log4j2.properties"
        properties.write_text("".join(f"{key}={value}\n" for key, value in self._properties().items()))
        logging.write_text(LOGGING.format(directory=self.directory))
        return properties, logging

    def _properties(self) -> dict[str, str | int]:
        return self._node() | _TOPICS | _SMALL_MACHINE

    def _node(self) -> dict[str, str | int]:
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{LOOPBACK}:{self.controller_port}",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": str(self.log_directory),
        }


_TOPICS: Final[dict[str, str | int]] = {
    "auto.create.topics.enable": "false",
    "num.partitions": 16,
    "default.replication.factor": 1,
    "min.insync.replicas": 1,
    "message.max.bytes": 1_048_576,
    "log.retention.hours": 7 * 24,
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    # A consumer alone in its group should not wait 3 s for others to join.
    "group.initial.rebalance.delay.ms": 0,
}

_SMALL_MACHINE: Final[dict[str, str | int]] = {
    # After a kill the new broker is let in only when the old one's session has run out: 3 s instead of 9.
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
    "num.network.threads": 2,
    "num.io.threads": 4,
    "background.threads": 2,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.num.partitions": 4,
    # The default buffer alone, 128 MB, would be half of the heap.
    "log.cleaner.dedupe.buffer.size": 4 * 1_048_576,
    # Small segments and indexes: each partition's indexes are allocated at full size where files can't be sparse.
    "log.segment.bytes": 128 * 1_048_576,
    "log.index.size.max.bytes": 1_048_576,
}
