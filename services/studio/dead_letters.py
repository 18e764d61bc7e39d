"""`studio dead-letters`: what is parked, shown and settled through the running studio's APIs."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.studio.installation import Installation
from services.studio.running_apis import Refused, RunningApis, running_apis

PATH: Final = "/dead-letters"
PAGE_SIZE: Final = 200
WAITING_COUNTED_MAX: Final = 1000

Letter = Mapping[str, Any]


@contextmanager
def operating(installation: Installation, user_name: str) -> Iterator[RunningApis]:
    """The running studio's APIs, for an admin of that name. Raises StudioError."""
    remedy = "`studio dead-letters list` shows what is parked now."
    with running_apis(installation, user_name=user_name, remedy=remedy) as apis:
        yield apis


def list_parked(apis: RunningApis, console: Console, *, consumer: str | None, scope_id: str | None) -> None:
    """Print a line for each parked scope."""
    letters = list(_fronts(apis, consumer=consumer, scope_id=scope_id))
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


def show_parked(apis: RunningApis, console: Console, consumer: str, position: int) -> None:
    """Print one with its envelope and payload, and those behind it."""
    letter = dict(apis.get(f"{PATH}/{consumer}/{position}"))
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


def redrive_scopes(apis: RunningApis, console: Console, *, consumer: str | None, scope_id: str | None) -> bool:
    """Try parked scopes again, each as far as it goes; False if one is still refused."""
    letters = list(_fronts(apis, consumer=consumer, scope_id=scope_id))
    if not letters:
        console.print("Nothing is parked.")
    refused = [letter for letter in letters if not _redrive_scope(apis, console, letter)]
    return not refused


def skip_parked(apis: RunningApis, console: Console, consumer: str, position: int) -> bool:
    """Give one up; False if the next behind it is refused."""
    settled = apis.post(f"{PATH}/{consumer}/{position}/skip")
    console.print(f"{consumer} goes on without the event at {position}.", highlight=False)
    return _report(console, settled, f"behind {position}")


def _fronts(apis: RunningApis, *, consumer: str | None, scope_id: str | None) -> Iterator[Letter]:
    """The front of every parked scope, page by page."""
    wanted = {"consumer": consumer, "scope_id": scope_id, "limit": PAGE_SIZE}
    parameters = {name: value for name, value in wanted.items() if value is not None}
    while True:
        page = apis.get(PATH, parameters)
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        parameters["after"] = page["next_cursor"]


def _redrive_scope(apis: RunningApis, console: Console, letter: Letter) -> bool:
    about = f"{letter['consumer']} {letter['scope_id']}"
    front: Letter | None = letter
    while front is not None:
        try:
            settled = apis.post(f"{PATH}/{front['consumer']}/{front['position']}/redrive")
        except Refused as refused:
            console.print(f"{about}: {refused.sentence}", style="red", markup=False, highlight=False)
            return False
        if not _report(console, settled, about):
            return False
        front = _next_front(apis, front) if settled["waiting"] else None
    return True


def _next_front(apis: RunningApis, settled: Letter) -> Letter | None:
    """Where a scope goes on that was too long for one request; None when it is the same, parked again."""
    fronts = _fronts(apis, consumer=settled["consumer"], scope_id=settled["scope_id"])
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
