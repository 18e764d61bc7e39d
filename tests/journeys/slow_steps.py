"""A whole genesis as a row of slow steps, so that something may happen to each of them, and what each has to leave."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from psycopg import AsyncConnection, IsolationLevel

from services.studio.chaos.folding import find_differences
from services.studio.chaos.genesis_work import WORKLOAD
from tests.journeys.genesis_conversations import Writer, begins
from tests.kit.studio import Client, StoredEvent

IDEA = "A lighthouse keeper receives letters from the drowned"
FAILED = "Genesis.Session.Generation.Failed"
STARTED = "Genesis.Session.Generation.Started"
SAVED = "Genesis.Stage.SettingsSaved"


@dataclass(frozen=True)
class SlowStep:
    """Something that is asked for and comes later. `told_as` is the event of its result; `is_text` if it is written."""

    name: str
    writer: Writer
    told_as: str
    ask: Callable[[], httpx.Response]
    is_text: bool = True

    def asked(self) -> str:
        """Asks, and returns the command's id."""
        answer = self.ask()
        assert answer.status_code == 202, answer.text
        return str(answer.json()["command_id"])

    def cancelled(self, command_id: str) -> httpx.Response:
        """The answer to taking it back."""
        path = f"/conversations/sessions/{self.writer.session_id}/commands/{command_id}/cancel"
        return self.writer.client.post(path, {})


def slow_steps(client: Client, idea: str = IDEA, feedback: str = "add a drowned piano") -> Iterator[SlowStep]:
    """Every kind of slow work in the order of a genesis; each must have its result before the next is taken."""
    writer = begins(client, idea)

    def step(name: str, command: str, told_as: str, **payload: Any) -> SlowStep:
        here, kind = writer, f"Command.Genesis.Session.{command}"
        return SlowStep(
            name, here, f"Genesis.Session.{told_as}", lambda: client.command(here.session_id, kind, **payload)
        )

    yield step("concepts", "Seed.Request", "Concept.Proposed", user_input=idea)
    yield step("other concepts", "Theme.Revise", "Concept.Proposed", target="concept", user_feedback=feedback)
    writer.send("Concept.Confirm", concept_id=writer.newest()["concept_candidates"][0]["concept_id"])
    yield step("themes", "Theme.Request", "Theme.Proposed")
    yield step("other themes", "Theme.Revise", "Theme.Revised", target="theme", user_feedback=feedback)
    writer.send("Theme.Confirm", theme_id=writer.newest()["theme_candidates"][0]["theme_id"])
    for name in ("World", "Character", "Plot"):
        writer = writer.goes_on()
        yield step(name.lower(), f"{name}.Request", f"{name}.Proposed")
        if name == "Character":
            yield step("network", "CharacterNetwork.Create", "CharacterNetwork.Created")
        yield step(f"other {name.lower()}", f"{name}.Update", f"{name}.Updated", user_feedback=feedback)
        writer.send(f"{name}.Confirm")
    writer = writer.goes_on()
    yield step("details", "Details.Request", "Details.Generated")
    writer.send("Details.Confirm")
    path = f"/conversations/sessions/{writer.session_id}"
    checked, exported = "Genesis.Session.Consistency.Checked", "Genesis.Session.Export.Completed"
    yield SlowStep("check", writer, checked, lambda: client.post(f"{path}/consistency", {}), is_text=False)
    yield SlowStep("export", writer, exported, lambda: client.post(f"{path}/content/export", {}), is_text=False)


def events_of(step: SlowStep, command_id: str) -> list[StoredEvent]:
    """What a step has made happen, in order."""
    return [event for event in step.writer.client.events() if str(event.correlation_id) == command_id]


def ends_once(step: SlowStep, command_id: str, status: str) -> None:
    """It has come to this end, and to no other: in its events, its command, its task, its rounds and versions."""
    told = step.writer.client.finished_command(command_id)
    assert told["status"] == status, told
    types = Counter(event.type for event in events_of(step, command_id))
    completed = status == "COMPLETED"
    assert (types[step.told_as], types[FAILED]) == ((1, 0) if completed else (0, 1)), types
    assert types[STARTED] <= 1
    assert types[SAVED] == (completed and step.is_text)
    said = [(row["role"], row["correlation_id"]) for row in rounds_of(step)]
    assert said.count(("assistant", command_id)) == (completed and step.is_text)
    assert said.count(("user", command_id)) == step.is_text
    statement = "SELECT status FROM async_tasks WHERE triggered_by_command_id = %s"
    wanted = "COMPLETED" if completed else "CANCELLED"
    assert step.writer.client.studio.rows(statement, command_id) == [(wanted,)]
    shown = "SELECT 1 FROM genesis_stage_settings WHERE command_id = %s"
    assert len(step.writer.client.studio.rows(shown, command_id)) == (completed and step.is_text)


def rounds_of(step: SlowStep) -> list[dict[str, Any]]:
    """The whole conversation of the step's session."""
    path = f"/conversations/sessions/{step.writer.session_id}/rounds"
    found: list[dict[str, Any]] = step.writer.client.get(path, limit=200).json()
    return found


def outcome(client: Client, novel_id: str) -> tuple[list[str], Any]:
    """What has happened in a genesis, and the documents that it has led to."""
    confirmed = client.get(f"/genesis/flows/{novel_id}/state").json()["confirmed_data"]
    return [event.type for event in client.events()], confirmed


def undisturbed(client: Client) -> tuple[list[str], Any]:
    """The outcome of a genesis to which nothing happens."""
    steps = slow_steps(client)
    for step in steps:
        ends_once(step, step.asked(), "COMPLETED")
    return outcome(client, step.writer.novel_id)


def differences(client: Client) -> list[Any]:
    """What the user's read models show otherwise than if they were made anew from the events."""

    async def compare() -> list[Any]:
        url = client.studio.database_url
        async with await AsyncConnection.connect(url) as live:
            await live.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            return await find_differences(live, WORKLOAD, url, [str(client.id)])

    client.get("/novels")
    return asyncio.run(compare())
