"""What clients do while something breaks: the part of the kit that a context of one's own replaces.

A workload is an object named on the command line, `studio chaos --workload package.module:name`. Its `script` is
what one client does from a beginning to an end, as a generator: it yields a command and is given its answer. The
rest of the kit knows nothing of what the commands mean; `promise` says what each accepted one must show.
"""

import importlib
from collections.abc import Generator, Iterable, Sequence
from random import Random
from typing import Protocol, TypeAlias

from psycopg import AsyncConnection

from services.kernel.context import Context
from services.studio.chaos.checker import Finding
from services.studio.chaos.evidence import Shown
from services.studio.chaos.told import Answer, Command
from services.studio.errors import StudioError

Script: TypeAlias = Generator[Command, Answer, None]

DEFAULT_WORKLOAD = "services.studio.chaos.genesis_work:WORKLOAD"


class Workload(Protocol):
    """What clients ask, and what they may expect of it."""

    @property
    def contexts(self) -> Sequence[Context]:
        """All contexts of the studio: their projections make the quiet fold that read models are compared with.

        Each of their tables has a `user_id`.
        """

    @property
    def promised_tables(self) -> Sequence[str]:
        """The tables that have a row if, and only if, `promise` named its `id`."""

    def script(self, random: Random) -> Script:
        """One client's work. Different at each call, the same for the same state of `random`.

        It ends, and is begun again with another user until the load ends; then it is left where it is.
        """

    def promise(self, command: Command, answer: Answer) -> Iterable[Shown]:
        """The rows of `promised_tables` that an accepted command makes, from what its client knows."""

    async def examine(self, connection: AsyncConnection) -> Sequence[Finding]:
        """What contradicts anything else that only the workload knows to hold, when all work has come to its end."""


def load_workload(name: str) -> Workload:
    """The object `package.module:name`. Raises StudioError."""
    module_name, _, attribute = name.partition(":")
    try:
        found: Workload = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise StudioError(
            f"There is no workload {name}: {error}.", remedy="Name one as package.module:name, importable from here."
        ) from error
    return found
