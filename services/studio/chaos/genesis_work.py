"""The studio's own workload: novels, flows through their stages, sessions, rounds, and slow work for some."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any, Final

from psycopg import AsyncConnection

from services.catalogue import CONTEXTS
from services.kernel.context import Context
from services.studio.chaos.checker import Finding
from services.studio.chaos.evidence import Shown
from services.studio.chaos.told import Answer, Command
from services.studio.chaos.workload import Script

ROUNDS_MAX: Final = 6
SLOW_SHARE: Final = 0.3
"""Of the scripts that ask for slow work: concept candidates from the task workers."""
DOCUMENT: Final[Mapping[str, Any]] = {
    "concept": {"title": "盐与灯塔", "premise": "A keeper finds letters from the sea.", "hook": "The sea writes back."},
    "theme": {"core_theme": "守望与放手"},
}
_SEED: Final = "Command.Genesis.Session.Seed.Request"


class GenesisWork:
    """A client begins a novel, works on its first stage, talks, and moves on to the second; some things are refused."""

    @property
    def contexts(self) -> Sequence[Context]:
        """All of ours."""
        return CONTEXTS

    @property
    def promised_tables(self) -> Sequence[str]:
        """What is made by one command each; slow work and moves between stages add rows of their own to others."""
        return ("novels", "genesis_flows", "conversation_sessions")

    def script(self, random: Random) -> Script:
        """A novel from its title to its second stage."""
        novel = yield Command("POST", "/novels", {"title": random.choice(("The Lighthouse", "盐与灯塔", "🗺️ Map"))})
        if not novel.accepted:
            return
        novel_id = novel.body["id"]
        yield Command("PATCH", f"/novels/{novel_id}", {"theme": f"What we owe, {random.random()}"})
        flow = yield Command("POST", f"/genesis/flows/{novel_id}", {})
        if not flow.accepted:
            return
        stages = f"/genesis/processes/{flow.body['id']}/stages"
        begun = yield Command("POST", f"{stages}/INITIAL_PROMPT/sessions", {})
        if not begun.accepted:
            return
        stage_id, session_id = begun.body["instance"]["id"], begun.body["session"]["session_id"]
        if random.random() < SLOW_SHARE:
            yield Command("POST", f"/conversations/sessions/{session_id}/commands", _seed(random))
        yield from _talk(random, session_id)
        yield from _settle(stage_id, session_id)
        yield Command("POST", f"/genesis/flows/{novel_id}/switch-stage", {"target_stage": "NOWHERE"})

    def promise(self, command: Command, answer: Answer) -> Iterable[Shown]:
        """The novel, flow or session that was made."""
        if command.method != "POST":
            return
        if command.path == "/novels":
            yield Shown("novels", answer.body["id"])
        elif command.path.startswith("/genesis/flows/") and command.path.count("/") == 3:
            yield Shown("genesis_flows", answer.body["id"])
        elif command.path.startswith("/genesis/processes/"):
            yield Shown("conversation_sessions", answer.body["session"]["session_id"])
        elif command.path.startswith("/genesis/stages/"):
            yield Shown("conversation_sessions", answer.body["session_id"])

    async def examine(self, connection: AsyncConnection) -> Sequence[Finding]:
        """Nothing: the four logs say it all."""
        return ()


def _talk(random: Random, session_id: str) -> Script:
    for number in range(random.randint(1, ROUNDS_MAX)):
        content = {"content": f"Let the keeper refuse at first ({number})."}
        yield Command("POST", f"/conversations/sessions/{session_id}/rounds", {"role": "user", "input": content})


def _settle(stage_id: str, session_id: str) -> Script:
    """Confirms a document and goes on; refused while slow work of the stage is still open."""
    instance = f"/genesis/instances/{stage_id}"
    saved = yield Command("POST", f"{instance}/settings", {"settings": DOCUMENT, "session_id": session_id})
    if not saved.accepted:
        return
    yield Command("POST", f"{instance}/settings/{saved.body['version']}/confirm")
    entered = yield Command("POST", f"{instance}/advance", {})
    if entered.accepted:
        yield Command("POST", f"/genesis/stages/{entered.body['id']}/sessions", {})


def _seed(random: Random) -> Mapping[str, Any]:
    return {"type": _SEED, "payload": {"user_input": f"A keeper hears letters, {random.randint(1, 1000)} of them."}}


WORKLOAD: Final = GenesisWork()
