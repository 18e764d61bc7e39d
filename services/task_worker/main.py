"""The task worker: task rows → slow work → internal commands."""

import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import Field
from starlette.applications import Starlette

from services.catalogue import CONTEXTS
from services.contexts.genesis.tasks import TextModels
from services.contexts.genesis.tasks import tasks as genesis_tasks
from services.kernel.text_models import TextModel
from services.runtime.budgets import BudgetedTextModel, Budgets
from services.runtime.command_handling import CommandHandler
from services.runtime.database import TASKS_DOORBELL, Doorbells, Pool, database_ready, listen, open_pool
from services.runtime.event_store import EventStore
from services.runtime.group_commit import GroupCommit
from services.runtime.lifespan import Process, run_process
from services.runtime.registry import Registry
from services.runtime.scope_snapshots import SnapshotWriter
from services.runtime.settings import read_settings
from services.runtime.tasks import TaskWorker
from services.runtime.text_models.opening import open_text_model
from services.runtime.text_models.settings import TextModelSettings

NAME = "task-worker"
OTHER_CONNECTIONS = 2
"""For doorbells and readiness, beside one for each task in hand."""


class TaskWorkerSettings(TextModelSettings):
    """How much this worker takes on, and who writes for it."""

    task_slots: int = Field(4, ge=1, le=64, description="tasks worked on at once")


def main() -> None:
    """Works until it is told to stop."""
    settings = read_settings(TaskWorkerSettings)
    node = f"{settings.instance}@{socket.gethostname()}:{os.getpid()}"

    @asynccontextmanager
    async def resources(process: Process, app: Starlette) -> AsyncIterator[None]:
        store = EventStore(settings.database_url, name=NAME)
        async with (
            open_pool(settings.database_url, size=settings.task_slots + OTHER_CONNECTIONS, name=NAME) as pool,
            open_text_model(settings) as model,
        ):
            doorbells, snapshots = Doorbells(pool), SnapshotWriter(pool)
            writer = GroupCommit(CommandHandler(store, Registry(CONTEXTS), NAME), doorbells.ring, snapshots.store)
            models = _for_users(model, settings, pool) if model else None
            worker = TaskWorker(node, pool, writer, {**genesis_tasks(models)}, slots=settings.task_slots)
            process.check("database", lambda: database_ready(pool))
            process.run_in_background("tasks", worker.run())
            process.run_in_background(
                "doorbell", listen(settings.database_url, (TASKS_DOORBELL,), lambda channel, payload: worker.ring())
            )
            try:
                yield
            finally:
                await process.stop_background()
                await writer.close()
                await doorbells.close()
                await snapshots.close()
                store.close()

    run_process(NAME, settings, resources)


def _for_users(model: TextModel, settings: TaskWorkerSettings, pool: Pool) -> TextModels:
    """The model, on each user's budget where there is one."""
    if settings.text_model_budget_usd is None:
        return TextModels(settings.text_model_provider, lambda user_id: model)
    budgets = Budgets(pool, settings.text_model_budget_usd)
    return TextModels(settings.text_model_provider, lambda user_id: BudgetedTextModel(model, budgets, user_id))


if __name__ == "__main__":
    main()
