"""`studio dead-letters`: what is parked, shown and settled through the running studio's APIs.

Through them, not past them: a redrive is logged and counted where every other is.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import LOOPBACK

PATH: Final = "/api/v1/dead-letters"
PAGE_SIZE: Final = 200
ANSWER_SECONDS_MAX: Final = 60.0
WAITING_COUNTED_MAX: Final = 1000

Letter = Mapping[str, Any]


class _Refused(StudioError):
    """An API's problem document."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem["detail"]), remedy="`studio dead-letters list` shows what is parked now.")


@dataclass(frozen=True, slots=True)
class Apis:
    """Both APIs of a running studio, asked as an admin."""

    http: httpx.Client
    command_url: str
    query_url: str

    def get(self, path: str = "", parameters: Mapping[str, Any] | None = None) -> Any:
        """A read's body. Raises StudioError."""
        return self._ask("GET", f"{self.query_url}{PATH}{path}", parameters or {})

    def post(self, path: str) -> Any:
        """A write's body. Raises StudioError."""
        return self._ask("POST", f"{self.command_url}{PATH}{path}", {})

    def fronts(self, *, consumer: str | None, scope_id: str | None) -> Iterator[Letter]:
        """The front of every parked scope, page by page."""
        wanted = {"consumer": consumer, "scope_id": scope_id, "limit": PAGE_SIZE}
        parameters = {name: value for name, value in wanted.items() if value is not None}
        while True:
            page = self.get(parameters=parameters)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            parameters["after"] = page["next_cursor"]

    def _ask(self, method: str, url: str, parameters: Mapping[str, Any]) -> Any:
        try:
            response = self.http.request(method, url, params=parameters)
        except httpx.HTTPError as error:
            raise StudioError(
                f"{url} does not answer: {error}.", remedy="Look at `studio status`; nothing is lost by asking again."
            ) from error
        if response.is_error:
            raise _Refused(response.json())
        return response.json()


@contextmanager
def operating(installation: Installation, user_name: str) -> Iterator[Apis]:
    """The running studio's APIs, for an admin of that name. Raises StudioError."""
    # Imported late: `studio --help` starts faster without it.
    from services.runtime.access import UserRole, issue_token  # noqa: PLC0415

    running = installation.require_running()
    token = issue_token(installation.ensure_secret(), user_name, UserRole.ADMIN)
    command_url, query_url = (f"http://{LOOPBACK}:{port}" for port in (running.command_port, running.query_port))
    with httpx.Client(timeout=ANSWER_SECONDS_MAX, headers={"Authorization": f"Bearer {token}"}) as http:
        yield Apis(http, command_url, query_url)


def list_parked(apis: Apis, console: Console, *, consumer: str | None, scope_id: str | None) -> None:
    """Print a line for each parked scope."""
    letters = list(apis.fronts(consumer=consumer, scope_id=scope_id))
    if not letters:
        console.print("Nothing is parked.")
        return
    table = Table("consumer", "position", "scope", "event", "tries", "waiting", "since (UTC)", "reason", box=None)
    for letter in letters:
        table.add_row(
            letter["consumer"],
            letter["position"],
            Text(letter["scope_id"]),
            letter["event_type"],
            str(letter["attempts"]),
            _waiting(letter["waiting"]),
            _second(letter["parked_at"]),
            Text(_first_line(letter["reason"])),
        )
    for column in table.columns:
        column.overflow = "fold"
    console.print(table)


def show_parked(apis: Apis, console: Console, consumer: str, position: int) -> None:
    """Print one with its envelope and payload, and those behind it."""
    letter = dict(apis.get(f"/{consumer}/{position}"))
    payload, behind = letter.pop("payload"), letter.pop("behind")
    table = Table(box=None, show_header=False, padding=(0, 1))
    for name, value in letter.items():
        if value is not None:
            table.add_row(f"[bold]{name}[/]", Text(value if isinstance(value, str) else json.dumps(value)))
    table.columns[1].overflow = "fold"
    console.print(table)
    console.print_json(data=payload)
    for waiting in behind:
        console.print(f"  waits behind it: {waiting['position']} {waiting['event_type']}", highlight=False)
    if letter["waiting"] > len(behind):
        console.print(f"  {_waiting(letter['waiting'])} wait behind it in all.", highlight=False)


def redrive_scopes(apis: Apis, console: Console, *, consumer: str | None, scope_id: str | None) -> bool:
    """Try parked scopes again, each as far as it goes; False if one is still refused."""
    letters = list(apis.fronts(consumer=consumer, scope_id=scope_id))
    if not letters:
        console.print("Nothing is parked.")
    refused = [letter for letter in letters if not _redrive_scope(apis, console, letter)]
    return not refused


def skip_parked(apis: Apis, console: Console, consumer: str, position: int) -> bool:
    """Give one up; False if the next behind it is refused."""
    settled = apis.post(f"/{consumer}/{position}/skip")
    console.print(f"{consumer} goes on without the event at {position}.", highlight=False)
    return _report(console, settled, f"behind {position}")


def _redrive_scope(apis: Apis, console: Console, letter: Letter) -> bool:
    about = f"{letter['consumer']} {letter['scope_id']}"
    front: Letter | None = letter
    while front is not None:
        try:
            settled = apis.post(f"/{front['consumer']}/{front['position']}/redrive")
        except _Refused as refused:
            console.print(f"{about}: {refused.sentence}", style="red", markup=False, highlight=False)
            return False
        if not _report(console, settled, about):
            return False
        front = _next_front(apis, front) if settled["waiting"] else None
    return True


def _next_front(apis: Apis, settled: Letter) -> Letter | None:
    """Where a scope goes on that was too long for one request; None when it is the same, parked again."""
    fronts = apis.fronts(consumer=settled["consumer"], scope_id=settled["scope_id"])
    return next((front for front in fronts if int(front["position"]) > int(settled["position"])), None)


def _report(console: Console, settled: Mapping[str, Any], about: str) -> bool:
    refused = settled["refused"]
    console.print(f"{about}: {settled['redriven']} redriven.", markup=False, highlight=False)
    if refused is None:
        return True
    console.print(
        f"{about}: then the event at {refused['position']} was refused: {refused['reason']}",
        style="red", markup=False, highlight=False,
    )  # fmt: skip
    return False


def _waiting(count: int) -> str:
    return str(count) if count < WAITING_COUNTED_MAX else f"{WAITING_COUNTED_MAX} or more"


def _second(timestamp: str) -> str:
    return timestamp[:19].replace("T", " ")


def _first_line(reason: str) -> str:
    return reason.splitlines()[0] if reason else ""
