"""`studio demo`: two story ideas from nothing to a finished foundation, over HTTP and the event stream only.

Every event is printed when it arrives, with the time since the command that caused it was sent.
"""

import json
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import httpx
from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from services.studio.demo_story import STORIES, Story
from services.studio.errors import StudioError

EVENT_DEADLINE_SECONDS: Final = 30.0
API: Final = "/api/v1"
FAILED: Final = "Genesis.Session.Generation.Failed"
SAVED: Final = "Genesis.Stage.SettingsSaved"
CONFIRMED: Final = "Genesis.Stage.SettingsConfirmed"
QUIET: Final = frozenset({"genesis.state-updated"})
"""Frames that tell nothing that the event behind them does not."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame of the stream and when it arrived, seconds."""

    event: str
    data: Mapping[str, Any]
    at: float

    @property
    def correlation_id(self) -> str | None:
        """Id of the command that began it."""
        found: str | None = self.data.get("correlation_id")
        return found


def run_demo(command_url: str, query_url: str, token: str, console: Console) -> list[str]:
    """Tells both stories and returns the ids of their novels. Raises StudioError when something does not come."""
    with httpx.Client(timeout=30, headers={"Authorization": f"Bearer {token}"}) as http:
        stream = _Stream(http, query_url)
        studio = _Studio(http, command_url, query_url, stream, console)
        try:
            return [_tell(studio, story) for story in STORIES]
        finally:
            stream.close()


class _Stream:
    """The user's event stream, read in a thread of its own."""

    def __init__(self, http: httpx.Client, query_url: str) -> None:
        self.frames: queue.Queue[Arrived] = queue.Queue()
        self._opened = threading.Event()
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, args=(http, query_url), daemon=True)
        self._thread.start()
        if not self._opened.wait(EVENT_DEADLINE_SECONDS):
            raise StudioError(
                "The event stream could not be opened.", remedy="Look at `studio status` and `studio logs query_api`."
            )

    def next(self) -> Arrived:
        """The next frame."""
        try:
            return self.frames.get(timeout=EVENT_DEADLINE_SECONDS)
        except queue.Empty:
            raise StudioError(
                f"No event arrived within {EVENT_DEADLINE_SECONDS:.0f} s.",
                remedy="Look at `studio status` and `studio logs`.",
            ) from None

    def close(self) -> None:
        """Ends the connection."""
        if self._response is not None:
            self._response.close()

    def _read(self, http: httpx.Client, query_url: str) -> None:
        try:
            with http.stream(
                "GET", f"{query_url}{API}/events/stream", timeout=httpx.Timeout(30, read=None)
            ) as response:
                self._response = response
                response.raise_for_status()
                self._opened.set()
                event = ""
                for line in response.iter_lines():
                    name, _, value = line.partition(": ")
                    if name == "event":
                        event = value
                    elif name == "data":
                        self.frames.put(Arrived(event, json.loads(value), perf_counter()))
        except (httpx.HTTPError, httpx.StreamError):
            # Closed by us at the end, or by the server: then the next wait for a frame says so.
            return


class _Studio:
    """Commands and reads, each printed with what follows from it."""

    def __init__(self, http: httpx.Client, command_url: str, query_url: str, stream: _Stream, console: Console) -> None:
        self._http = http
        self._command_url = command_url
        self._query_url = query_url
        self._stream = stream
        self._console = console

    def title(self, text: str) -> None:
        """A heading."""
        self._console.print(Rule(text))

    def say(self, text: str) -> None:
        """A line of the story."""
        self._console.print(f"  [italic]{escape(text)}[/italic]")

    def ask(self, path: str, body: Mapping[str, Any], until: str) -> Any:
        """Sends a command, prints its events up to and with the one called `until`, and returns the answer's body."""
        started = perf_counter()
        response = self._http.post(f"{self._command_url}{API}{path}", json=body)
        if response.is_error:
            raise StudioError(
                f"POST {path} was refused: {response.json().get('detail', response.text)}",
                remedy="Look at `studio logs`.",
            )
        answered = perf_counter() - started
        named = f" {body['type']}" if "type" in body else ""
        self._console.print(
            f"[bold cyan]POST {path}[/]{named} → {response.status_code} [dim]{1000 * answered:.1f} ms[/]"
        )
        command_id = response.headers["X-Command-ID"]
        while True:
            frame = self._stream.next()
            if frame.correlation_id != command_id:
                continue
            if frame.event not in QUIET:
                self._console.print(f"    [green]{frame.event}[/] [dim]+{1000 * (frame.at - started):.1f} ms[/]")
            if frame.event == FAILED:
                raise StudioError(
                    f"Nothing was written: {frame.data['payload']['error']['message']}",
                    remedy="Look at `studio logs task_worker`.",
                )
            if frame.event == until:
                return response.json()

    def look(self, path: str) -> Any:
        """A read."""
        response = self._http.get(f"{self._query_url}{API}{path}")
        response.raise_for_status()
        return response.json()


class _Conversation:
    """A story in one of its stages: what is asked of the author, and what is read of the answer."""

    def __init__(self, studio: _Studio, stage_id: str, session_id: str) -> None:
        self._studio = studio
        self._stage_id = stage_id
        self._session_id = session_id

    def send(self, command: str, until: str, **payload: Any) -> None:
        """A typed command of the session."""
        body = {"type": f"Command.Genesis.Session.{command}", "payload": payload}
        self._studio.ask(f"/conversations/sessions/{self._session_id}/commands", body, until)

    def remark(self, command: str, words: str, **payload: Any) -> None:
        """Feedback, of which a new version comes."""
        self._studio.say(f"“{words}”")
        self.send(command, SAVED, user_feedback=words, **payload)
        self._studio.say(f"Next: {self._last_result()['assessment']['suggestions'][0]}")

    def document(self) -> dict[str, Any]:
        """The newest version."""
        settings: dict[str, Any] = self._last_result()["settings"]
        return settings

    def goes_on(self) -> "_Conversation":
        """The stage is completed; a conversation in the next."""
        entered = self._studio.ask(f"/genesis/instances/{self._stage_id}/advance", {}, "Genesis.Flow.Advanced")
        bound = self._studio.ask(f"/genesis/stages/{entered['id']}/sessions", {}, "Genesis.Stage.SessionBound")
        return _Conversation(self._studio, entered["id"], bound["session_id"])

    def _last_result(self) -> Any:
        return self._studio.look(f"/conversations/sessions/{self._session_id}/state")["last_result"]


def _tell(studio: _Studio, story: Story) -> str:
    studio.title(story.name)
    begun = studio.ask(
        "/genesis/sessions", {"initial_input": story.idea, "title": story.title}, "Genesis.Session.Started"
    )
    novel_id = str(begun["novel_id"])
    here = _Conversation(studio, begun["stage_id"], begun["session_id"])
    _find_concept(studio, here, story)
    _find_theme(studio, here, story)
    for kind, told in _STAGES.items():
        here = here.goes_on()
        here.send(f"{kind}.Request", SAVED)
        here.remark(f"{kind}.Update", story.remarks[kind])
        for line in told(here.document()):
            studio.say(line)
        here.send(f"{kind}.Confirm", CONFIRMED)
    finished = studio.ask(f"/genesis/flows/{novel_id}/complete", {}, "Novel.GenesisCompleted")
    novel = studio.look(f"/novels/{novel_id}")
    cast = ", ".join(character["name"] for character in studio.look(f"/novels/{novel_id}/characters"))
    studio.say(f"{novel['title']} · {novel['status']} · {cast} → {finished['redirect']}")
    return novel_id


def _find_concept(studio: _Studio, here: _Conversation, story: Story) -> None:
    here.send("Seed.Request", SAVED, user_input=story.idea)
    here.remark("Theme.Revise", story.remarks["concept"], target="concept")
    candidates = here.document()["concept_candidates"]
    for candidate in candidates:
        studio.say(f"{candidate['title']} ({candidate['total']}): {candidate['hook']}")
    best = max(candidates, key=lambda candidate: float(candidate["total"]))
    here.send("Concept.Confirm", CONFIRMED, concept_id=best["concept_id"])


def _find_theme(studio: _Studio, here: _Conversation, story: Story) -> None:
    here.send("Theme.Request", SAVED)
    here.remark("Theme.Revise", story.remarks["theme"], target="theme")
    candidates = here.document()["theme_candidates"]
    for candidate in candidates:
        studio.say(candidate["core_theme"])
    here.send("Theme.Confirm", CONFIRMED, theme_id=candidates[0]["theme_id"])


def _world_lines(document: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {dimension['core_rule']}" for name, dimension in document["dimensions"].items()]


def _cast_lines(document: Mapping[str, Any]) -> list[str]:
    return [f"{one['name']} ({one['role_type']}): {one['motivation']}" for one in document["characters"]]


def _plot_lines(document: Mapping[str, Any]) -> list[str]:
    outline = document["outline"]
    return [outline["logline"], *(f"{node['chapter']}. {node['title']}" for node in outline["nodes"])]


_STAGES: Final[Mapping[str, Callable[[Mapping[str, Any]], list[str]]]] = {
    "World": _world_lines,
    "Character": _cast_lines,
    "Plot": _plot_lines,
}
"""By its kind what is asked for in a stage, and what of it a person wants to see."""
