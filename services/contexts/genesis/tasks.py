"""Slow work of a genesis, by the kind of task. Run by the task worker, outside any transaction.

What does it is loaded when it is first asked for: the words of the built-in author alone take 12 MB.
"""

# ruff: noqa: PLC0415

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.contexts.genesis.values.task_types import CONSISTENCY_TASK, EXPORT_TASK, WRITING_TASKS
from services.kernel.context import TaskFacts
from services.kernel.text_models import TextModel

if TYPE_CHECKING:
    from services.contexts.genesis.authors import Report

TaskFunction = Callable[[TaskFacts, "Report"], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class TextModels:
    """The text models that write in the place of the built-in author: one for each user, all of one provider."""

    provider: str
    for_user: Callable[[UUID], TextModel]


def tasks(models: TextModels | None) -> Mapping[str, TaskFunction]:
    """What each kind of task does; without `models` the built-in author writes."""
    write = write_by_built_in_author if models is None else partial(write_by_text_model, models)
    return {**dict.fromkeys(WRITING_TASKS, write), CONSISTENCY_TASK: check, EXPORT_TASK: export}


async def write_by_built_in_author(facts: TaskFacts, report: "Report") -> Mapping[str, Any]:
    """A proposal or a revision by the built-in author."""
    from services.contexts.genesis.authors import OfflineAuthor
    from services.contexts.genesis.writing import write_content

    return await write_content(OfflineAuthor(), facts.input, report)


async def write_by_text_model(models: TextModels, facts: TaskFacts, report: "Report") -> Mapping[str, Any]:
    """The same from a text model, on the account of whoever asked."""
    from services.contexts.genesis.model_author import ModelAuthor
    from services.contexts.genesis.writing import write_content

    return await write_content(ModelAuthor(models.for_user(facts.user_id), models.provider), facts.input, report)


async def check(facts: TaskFacts, report: "Report") -> Mapping[str, Any]:
    """What does not fit in a document."""
    from services.contexts.genesis.writing import check_consistency

    return await check_consistency(facts.input, report)


async def export(facts: TaskFacts, report: "Report") -> Mapping[str, Any]:
    """The foundation as one document."""
    from services.contexts.genesis.writing import export_foundation

    return await export_foundation(facts.input, report)
