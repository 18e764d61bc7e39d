"""A genesis as a writer has it: ask, read, say what is wrong, confirm, go on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.kit.studio import Client

Object = dict[str, Any]

IDEA = "A lighthouse keeper receives letters from the drowned"


@dataclass(frozen=True)
class Writer:
    """A user in a conversation about a novel, at one of its stages."""

    client: Client
    novel_id: str
    flow_id: str
    session_id: str
    stage_id: str

    def send(self, command: str, **payload: Any) -> Object:
        """A typed command that is accepted; its status once it is COMPLETED."""
        answer = self.client.command(self.session_id, f"Command.Genesis.Session.{command}", **payload)
        assert answer.status_code in (200, 202), answer.text
        body: Object = answer.json()
        if answer.status_code == 202:
            body = self.client.finished_command(body["command_id"])
            assert body["status"] == "COMPLETED", body
        return body

    def asks(self, command: str, **payload: Any) -> Object:
        """What is newest after a command."""
        self.send(command, **payload)
        return self.newest()

    def state(self) -> Object:
        """The genesis as its screen is drawn."""
        found: Object = self.client.get(f"/conversations/sessions/{self.session_id}/state").json()
        return found

    def newest(self) -> Object:
        """The newest settings document of the session's line."""
        found: Object = self.state()["last_result"]["settings"]
        return found

    def versions(self) -> list[Object]:
        """All settings versions of the record, the newest first."""
        found: list[Object] = self.client.get(f"/genesis/instances/{self.stage_id}/settings").json()
        return found

    def goes_on(self) -> "Writer":
        """Completes the stage, and opens a conversation in the next."""
        self.send("Stage.Complete")
        return self.at(str(self.state_of_flow()["current_stage"]))

    def at(self, stage: str) -> "Writer":
        """A conversation in a stage that is reached."""
        flow = self.state_of_flow()
        stage_id, session_id = self.client.new_stage_session(flow, stage)
        return replace(self, stage_id=stage_id, session_id=session_id)

    def state_of_flow(self) -> Object:
        """The flow."""
        found: Object = self.client.get(f"/genesis/flows/{self.novel_id}").json()
        return found


def begins(client: Client, idea: str | None = None, **payload: Any) -> Writer:
    """A genesis with an idea or without."""
    body = {"initial_input": idea, **payload} if idea else dict(payload)
    started = client.created("/genesis/sessions", body)
    return Writer(client, started["novel_id"], started["flow_id"], started["session_id"], started["stage_id"])


def with_concept(client: Client, idea: str | None = None, **payload: Any) -> Writer:
    """At INITIAL_PROMPT with a concept chosen."""
    writer = begins(client, idea, **payload)
    proposed = writer.asks("Seed.Request", **({"user_input": idea} if idea else {}))
    writer.send("Concept.Confirm", concept_id=proposed["concept_candidates"][0]["concept_id"])
    return writer


def with_world(client: Client, idea: str | None = None, **payload: Any) -> Writer:
    """At WORLDVIEW with a world proposed and confirmed."""
    writer = with_concept(client, idea, **payload).goes_on()
    writer.send("World.Request")
    writer.send("World.Confirm")
    return writer


def with_cast(client: Client, idea: str | None = None, **payload: Any) -> Writer:
    """At CHARACTERS with a cast proposed and confirmed."""
    writer = with_world(client, idea, **payload).goes_on()
    writer.send("Character.Request")
    writer.send("Character.Confirm")
    return writer


def with_plot(client: Client, idea: str | None = None, **payload: Any) -> Writer:
    """At PLOT_OUTLINE with a plot proposed and confirmed."""
    writer = with_cast(client, idea, **payload).goes_on()
    writer.send("Plot.Request")
    writer.send("Plot.Confirm")
    return writer


def names_in(items: list[Mapping[str, Any]], key: str = "name") -> list[str]:
    """What the items are called."""
    return [str(item[key]) for item in items]


def writes_everything(client: Client, idea: str = IDEA, feedback: str = "darker") -> Writer:
    """Makes everything happen that can happen to content, and ends at FINISHED."""
    writer = with_concept(client, idea)
    themes = writer.asks("Theme.Request")["theme_candidates"]
    writer.send("Theme.Confirm", theme_id=themes[0]["theme_id"])
    writer.send("Theme.Revise", user_feedback=feedback)
    writer.send("Theme.Confirm", theme_id=themes[0]["theme_id"])
    writer = writer.goes_on()
    writer.send("World.Request")
    path = f"/conversations/sessions/{writer.session_id}"
    client.created(f"{path}/versions", {"label": "colder"})
    assert client.write("PUT", f"{path}/versions/merge", {"source": "colder", "target": "v1"}).status_code == 200
    for extra in ("consistency", "content/export"):
        client.finished_command(client.post(f"{path}/{extra}", {}).json()["command_id"])
    for name in ("World", "Character", "Plot"):
        if name != "World":
            writer.send(f"{name}.Request")
        if name == "Character":
            writer.send("CharacterNetwork.Create")
        writer.send(f"{name}.Update", user_feedback=feedback)
        writer.send(f"{name}.Confirm")
        writer = writer.goes_on()
    writer.send("Details.Request")
    writer.send("Details.Confirm")
    return writer
