"""A task worker whose author never comes to an end: a process of its own, to be killed in the middle of a text.

`python -m tests.journeys.endless_worker DATABASE_URL NAME`
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from services.contexts.genesis.authors import Report, Usage
from services.contexts.genesis.engine.foundations import Proposal
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.values.task_types import WRITING_TASKS
from services.contexts.genesis.writing import write_content
from services.kernel.context import TaskFacts
from tests.kit.task_workers import working

HEARTBEAT_SECONDS = 0.2
WORD = "and "


class EndlessAuthor:
    """Goes on and on."""

    is_steady = True

    async def write(self, request: StageRequest, report: Report) -> tuple[Proposal, Usage]:
        while True:
            await report.text(WORD)
            await asyncio.sleep(0.05)


async def _write(facts: TaskFacts, report: Report) -> Mapping[str, Any]:
    return await write_content(EndlessAuthor(), facts.input, report)


async def _work(database_url: str, name: str) -> None:
    async with working(database_url, name, dict.fromkeys(WRITING_TASKS, _write), heartbeat_seconds=HEARTBEAT_SECONDS):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(*sys.argv[1:]))
