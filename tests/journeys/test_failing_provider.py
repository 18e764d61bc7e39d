"""Whoever writes may fail: three times, and the writer is told and may ask again."""

import asyncio
from collections.abc import Mapping
from typing import Any

from services.contexts.genesis.authors import Report, Usage
from services.contexts.genesis.engine.foundations import Proposal
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.values.task_types import CONCEPT_TASK
from services.contexts.genesis.writing import write_content
from services.kernel.context import TaskFacts
from tests.journeys.genesis_conversations import begins
from tests.kit.studio import Client, Studio
from tests.kit.task_workers import working
from tests.kit.waiting import eventually


class FailingAuthor:
    """Fails every time."""

    is_steady = True

    async def write(self, request: StageRequest, report: Report) -> tuple[Proposal, Usage]:
        raise ConnectionError("nobody answers")


async def _write(facts: TaskFacts, report: Report) -> Mapping[str, Any]:
    return await write_content(FailingAuthor(), facts.input, report)


async def _work(studio: Studio, command_id: str) -> None:
    """A worker of ours, with that author, until the command has failed."""
    async with working(studio.database_url, "failing-provider", {CONCEPT_TASK: _write}):

        async def failed() -> bool:
            return studio.rows("SELECT 1 FROM command_inbox WHERE id = %s AND status = 'FAILED'", command_id) != []

        await eventually(failed, what="the command fails", seconds=40)


def test_ac71_three_failures_fail_the_command_and_a_retry_works_at_once(user: Client, studio: Studio) -> None:
    writer = begins(user)
    with studio.without_task_workers(), user.stream(session_id=writer.session_id) as stream:
        command_id = user.command(writer.session_id, "SEED_REQUEST").json()["command_id"]
        asyncio.run(_work(studio, command_id))
        told = stream.until(lambda frame: frame.event == "Genesis.Session.Generation.Failed")[-1].payload
    assert (told["error"]["code"], told["error"]["attempts"]) == ("PROVIDER_ERROR", 3)
    status = user.finished_command(command_id)
    assert (status["status"], status["error_message"]) == ("FAILED", told["error"]["message"])
    state = writer.state()
    assert (state["status"], state["is_pending"], state["last_result"]) == ("IN_PROGRESS", False, None)
    assert "nobody answers" not in str(told)
    assert writer.asks("Seed.Request")["concept_candidates"]
