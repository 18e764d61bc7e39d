"""Kafka → read models."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import Field
from starlette.applications import Starlette

from services.catalogue import CONTEXTS
from services.runtime.database import database_ready, open_pool
from services.runtime.dead_letters import watch_parked
from services.runtime.kafka import EVENTS_TOPIC, Subscription
from services.runtime.lifespan import Process, run_process
from services.runtime.projecting import Projector
from services.runtime.settings import KafkaSettings, read_settings

NAME = "projector"
CONNECTIONS_MAX = 3
"""Applying, sweeping, probing and counting what is parked."""


class ProjectorSettings(KafkaSettings):
    """The projector's settings."""

    group: str = Field("core", pattern=r"^[a-z][a-z0-9_]*$", description="projection group to keep current")


def main() -> None:
    """Runs the process until it is told to stop."""
    settings = read_settings(ProjectorSettings)

    @asynccontextmanager
    async def resources(process: Process, _: Starlette) -> AsyncIterator[None]:
        async with open_pool(settings.database_url, size=CONNECTIONS_MAX, name=NAME) as pool:
            projector = Projector(settings.group, CONTEXTS, pool)
            subscription = Subscription(
                settings.kafka_bootstrap,
                EVENTS_TOPIC,
                f"studio.projector.{settings.group}",
                name=f"{NAME}-{settings.instance}",
            )

            async def project() -> None:
                await projector.open()
                process.run_in_background("sweep", projector.sweep_for_ever())
                await subscription.run(projector.handle)

            process.run_in_background("parked", watch_parked(pool, settings.group))
            process.check("database", lambda: database_ready(pool))
            process.check("broker", subscription.waiting_for)
            process.run_in_background("project", project())
            yield

    run_process(NAME, settings, resources, handles_batches=True)


if __name__ == "__main__":
    main()
