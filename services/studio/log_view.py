"""Logs for people: each process's JSON lines as one readable, coloured line; other lines as they are."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rich.console import Console
from rich.text import Text

PROCESS_COLOURS: Final = ("cyan", "green", "magenta", "yellow", "blue", "bright_cyan", "bright_green", "bright_magenta")
LEVEL_STYLES: Final = {
    "debug": "dim",
    "info": "green",
    "warning": "yellow",
    "error": "bold red",
    "critical": "bold white on red",
}
# Said by the prefix and the other columns already.
HIDDEN_FIELDS: Final = frozenset({"timestamp", "level", "event", "process", "instance", "logger"})
MULTI_LINE_FIELDS: Final = frozenset({"exception", "stack"})


class LogView:
    """The merged log on a terminal: a coloured prefix for each process, aligned to the longest name."""

    def __init__(self, console: Console, *, prefix_width: int) -> None:
        self._console = console
        self._prefix_width = prefix_width
        self._colours: dict[str, str] = {}

    @property
    def is_seen(self) -> bool:
        """False once the terminal, or the program at the other end of a pipe, has gone away."""
        return not self._console.quiet

    def show(self, source: str, line: str) -> None:
        """Print one line of a process's output. A terminal that has gone away is no reason to stop."""
        colour = self._colours.setdefault(source, PROCESS_COLOURS[len(self._colours) % len(PROCESS_COLOURS)])
        prefix = Text(f"{source:<{self._prefix_width}} │ ", style=colour)
        try:
            self._console.print(prefix + render_line(line), soft_wrap=True, highlight=False)
        except (OSError, SystemExit):  # rich means to exit when a pipe breaks; our processes need us to read on
            self._console.quiet = True


def render_line(line: str) -> Text:
    """`time level event key=value …` for a JSON log record, the line itself for anything else."""
    record = _parse(line)
    if record is None:
        return Text.from_ansi(line.rstrip("\n"))
    text = Text.assemble((_local_time(record.get("timestamp")), "dim"), " ", _level(record), " ", _event(record))
    for key, value in record.items():
        if key not in HIDDEN_FIELDS | MULTI_LINE_FIELDS:
            text.append(f" {key}=", "dim").append(_value(value))
    for key in sorted(MULTI_LINE_FIELDS & record.keys()):
        text.append(f"\n{str(record[key]).rstrip()}", "red")
    return text


def _parse(line: str) -> Mapping[str, Any] | None:
    if not line.lstrip().startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "event" in record else None


def _local_time(timestamp: object) -> str:
    try:
        moment = datetime.fromisoformat(str(timestamp)).astimezone()
    except ValueError:
        return "--:--:--.---"
    return moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03}"


def _level(record: Mapping[str, Any]) -> tuple[str, str]:
    level = str(record.get("level", "info")).lower()
    return f"{level:<7}", LEVEL_STYLES.get(level, "")


def _event(record: Mapping[str, Any]) -> tuple[str, str]:
    return str(record["event"]), "bold"


def _value(value: object) -> str:
    if isinstance(value, str) and value and not any(character.isspace() or character in "\"'=" for character in value):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)
