"""Outbox → Kafka, and the housekeeping of what has been sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import Field
from starlette.applications import Starlette

from services.runtime.database import OUTBOX_DOORBELL, database_ready, listen, open_pool
from services.runtime.dead_letters import RELAY, watch_parked
from services.runtime.lifespan import Process, run_process
from services.runtime.relaying import Relay, RelayOptions
from services.runtime.retention import Retention
from services.runtime.settings import KafkaSettings, read_settings

NAME = "message-relay"
CONNECTIONS_MAX = 5
"""Reading ahead, marking, leasing, housekeeping, probing and counting what is parked."""


class RelaySettings(KafkaSettings):
    """The relay's settings; times as their names say."""

    relay_poll_interval_seconds: float = Field(1.0, gt=0, le=60, description="longest wait between two looks")
    relay_batch_size: int = Field(4000, ge=1, le=10_000, description="rows that are read and sent together")
    relay_retry_backoff_ms: int = Field(1000, ge=1, description="wait after the first refusal of a message; doubles")
    relay_max_backoff_ms: int = Field(60_000, ge=1, description="longest wait between two tries of a refused message")
    relay_max_retries: int = Field(5, ge=1, le=100, description="refusals after which a message is parked")

    def options(self) -> RelayOptions:
        """The relay's bounds."""
        return RelayOptions(
            poll_seconds=self.relay_poll_interval_seconds,
            rows_max=self.relay_batch_size,
            retry_seconds=self.relay_retry_backoff_ms / 1000,
            retry_seconds_max=self.relay_max_backoff_ms / 1000,
            retries_max=self.relay_max_retries,
        )


def main() -> None:
    """Runs the process until it is told to stop."""
    settings = read_settings(RelaySettings)

    @asynccontextmanager
    async def resources(process: Process, _: Starlette) -> AsyncIterator[None]:
        async with open_pool(settings.database_url, size=CONNECTIONS_MAX, name=NAME, by_index=True) as pool:
            relay = Relay(
                pool, settings.kafka_bootstrap, name=f"{NAME}-{settings.instance}", options=settings.options()
            )
            process.run_in_background("parked", watch_parked(pool, RELAY))
            process.check("database", lambda: database_ready(pool))
            process.check("broker", relay.waiting_for)
            process.run_in_background("relay", relay.run())
            process.run_in_background("retention", Retention(pool).run())
            process.run_in_background(
                "doorbell", listen(settings.database_url, (OUTBOX_DOORBELL,), lambda *_: relay.wake())
            )
            yield

    run_process(NAME, settings, resources, handles_batches=True)


if __name__ == "__main__":
    main()
