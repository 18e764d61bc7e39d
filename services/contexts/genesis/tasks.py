"""Slow work of a genesis, by the kind of task. Run by the task worker, outside any transaction.

What does it is loaded when it is first asked for: the words of the built-in author alone take 12 MB.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from services.contexts.genesis.values.task_types import CONSISTENCY_TASK, EXPORT_TASK, WRITING_TASKS

if TYPE_CHECKING:
    from services.contexts.genesis.writing import Report


async def write(asked: Mapping[str, Any], report: "Report") -> Mapping[str, Any]:
    """A proposal or a revision by the built-in author."""
    from services.contexts.genesis.writing import OfflineAuthor, write_content  # noqa: PLC0415

    return await write_content(OfflineAuthor(), asked, report)


async def check(asked: Mapping[str, Any], report: "Report") -> Mapping[str, Any]:
    """What does not fit in a document."""
    from services.contexts.genesis.writing import check_consistency  # noqa: PLC0415

    return await check_consistency(asked, report)


async def export(asked: Mapping[str, Any], report: "Report") -> Mapping[str, Any]:
    """The foundation as one document."""
    from services.contexts.genesis.writing import export_foundation  # noqa: PLC0415

    return await export_foundation(asked, report)


TASKS: Final[Mapping[str, Callable[[Mapping[str, Any], "Report"], Awaitable[Mapping[str, Any]]]]] = {
    **dict.fromkeys(WRITING_TASKS, write),
    CONSISTENCY_TASK: check,
    EXPORT_TASK: export,
}
