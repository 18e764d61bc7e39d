"""One whole story at a time, from an idea to a finished foundation, always with the same commands in the same order.

So that what comes out is the same each time, whatever breaks meanwhile. A client waits for slow work by trying what
can only be done with its result.
"""

from collections.abc import Generator, Iterable, Sequence
from difflib import unified_diff
from random import Random
from typing import Any, Final

from psycopg import AsyncConnection

from services.catalogue import CONTEXTS
from services.kernel.context import Context
from services.runtime.sql_files import read_sql
from services.studio.chaos.checker import Finding
from services.studio.chaos.evidence import Shown
from services.studio.chaos.told import Answer, Command
from services.studio.chaos.workload import Script
from services.studio.demo_story import STORIES, Story

STORY: Final = STORIES[1]
DIFFERENT: Final = (
    "id", "novel_id", "user_id", "from_character_id", "to_character_id", "created_at", "updated_at",
)  # fmt: skip
"""Columns that no two stories have in common."""

_SQL = read_sql("services.studio.chaos", "story_work.sql")


class StoryWork:
    """Every client tells the same story of its own novel, one after the other."""

    @property
    def contexts(self) -> Sequence[Context]:
        """All of ours."""
        return CONTEXTS

    @property
    def promised_tables(self) -> Sequence[str]:
        """None: what a story makes is compared as a whole."""
        return ()

    def script(self, random: Random) -> Script:
        """The story, without any choice left to chance."""
        return tell(STORY)

    def promise(self, command: Command, answer: Answer) -> Iterable[Shown]:
        """Nothing, see above."""
        return ()

    async def examine(self, connection: AsyncConnection) -> Sequence[Finding]:
        """Every finished story is like the first, in what happened and in what came of it."""
        rows = await (await connection.execute(_SQL["read_finished"], {"other": list(DIFFERENT)})).fetchall()
        if not rows:
            return (Finding(1, "lost", "no story came to its end"),)
        (first, *first_story), *others = rows
        return [
            Finding(1, "contradicted", f"story {scope_id} is another than {first}: {_differences(first_story, story)}")
            for scope_id, *story in others
            if story != first_story
        ]


def _differences(one: Sequence[Any], other: Sequence[Any]) -> str:
    (one_events, one_novel), (other_events, other_novel) = one, other
    if one_events != other_events:
        return "\n".join(unified_diff(one_events, other_events, n=1, lineterm=""))
    return f"{one_novel} / {other_novel}"


def tell(story: Story) -> Script:
    """A novel from nothing to its finished foundation."""
    begun = yield from _accepted(
        Command("POST", "/genesis/sessions", {"initial_input": story.idea, "title": story.title})
    )
    novel_id, stage_id, session_id = begun["novel_id"], begun["stage_id"], begun["session_id"]
    yield from _accepted(_typed(session_id, "Seed.Request", user_input=story.idea))
    # The proposal is the stage's first version; it can be confirmed when the worker has stored it.
    yield from _accepted(Command("POST", f"/genesis/instances/{stage_id}/settings/1/confirm"))
    theme = {"theme": {"core_theme": story.theme}, "concept": {"title": story.title, "premise": story.idea}}
    body = {"settings": theme, "session_id": session_id, "summary": story.theme}
    saved = yield from _accepted(Command("POST", f"/genesis/instances/{stage_id}/settings", body))
    yield from _accepted(Command("POST", f"/genesis/instances/{stage_id}/settings/{saved['version']}/confirm"))
    for kind in ("World", "Character", "Plot"):
        entered = yield from _accepted(Command("POST", f"/genesis/instances/{stage_id}/advance", {}))
        stage_id = entered["id"]
        bound = yield from _accepted(Command("POST", f"/genesis/stages/{stage_id}/sessions", {}))
        session_id = bound["session_id"]
        yield from _accepted(_typed(session_id, f"{kind}.Request"))
        # There is something to revise when the first version is stored, and the second when the revision is.
        yield from _accepted(_typed(session_id, f"{kind}.Update", user_feedback=story.remarks[kind]))
        yield from _accepted(_typed(session_id, f"{kind}.Confirm", settings_version=2))
    yield from _accepted(Command("POST", f"/genesis/flows/{novel_id}/complete", {}))


def _typed(session_id: str, name: str, **payload: Any) -> Command:
    command = {"type": f"Command.Genesis.Session.{name}", "payload": payload}
    return Command("POST", f"/conversations/sessions/{session_id}/commands", command)


def _accepted(command: Command) -> Generator[Command, Answer, Any]:
    """The body of the answer that accepts the command, tried until it is: each try is a command of its own."""
    while not (answer := (yield command)).accepted:
        pass
    return answer.body


WORKLOAD: Final = StoryWork()
