"""What `studio up` tells its user: the merged log, its own sentences, the panel when everything is ready."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from services.studio.log_file import LogFile
from services.studio.log_view import LogView
from services.studio.ports import LOOPBACK

OWN_NAME: Final = "studio"

OwnCommand: TypeAlias = Callable[[str], str]
"""A subcommand as the user has to type it."""
Login: TypeAlias = tuple[str, str]
"""Address and password."""


class Terminal:
    """Console and our own log file. Safe to use from several threads."""

    def __init__(self, console: Console, log: LogFile, *, prefix_width: int, own_command: OwnCommand) -> None:
        self.console = console
        self._own_command = own_command
        self._log = log
        self._view = LogView(console, prefix_width=max(prefix_width, len(OWN_NAME)))
        self._one_at_a_time = threading.Lock()

    def output(self, source: str, line: str) -> None:
        """Show a line that a process wrote."""
        with self._one_at_a_time:
            self._view.show(source, line)

    def announce(self, sentence: str, *, level: str = "info") -> None:
        """Say something ourselves, on the terminal and in our log."""
        record = json.dumps(
            {"timestamp": datetime.now(UTC).isoformat(), "level": level, "event": sentence}, ensure_ascii=False
        )
        with self._one_at_a_time:
            self._log.write(f"{record}\n".encode())
            self._view.show(OWN_NAME, record)

    def close(self) -> None:
        """Close our log file."""
        self._log.close()

    def welcome(self, command_port: int, query_port: int, seconds: float, login: Login | None) -> None:
        """Show where everything is and what to try first; once, and nowhere else, the `login` of the first user."""
        commands, queries = f"http://{LOOPBACK}:{command_port}", f"http://{LOOPBACK}:{query_port}"
        with self._one_at_a_time:
            try:
                self.console.print(_welcome_panel(commands, queries, seconds, self._own_command))
                # Outside the panel and unwrapped: these lines are meant to be copied.
                if login is not None:
                    self.console.print(_first_login(login), soft_wrap=True, highlight=False, markup=False)
                self.console.print(
                    _first_command(commands, self._own_command), soft_wrap=True, highlight=False, markup=False
                )
            except (OSError, SystemExit):  # the terminal has gone away; see LogView
                self.console.quiet = True


def _welcome_panel(commands: str, queries: str, seconds: float, own: OwnCommand) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_row("Commands", commands)
    grid.add_row("Queries", queries)
    grid.add_row("Token", own("token"))
    grid.add_row("Demo", f"make demo, or {own('demo')}")
    grid.add_row("Look", ", ".join(map(own, ("status", "logs", "doctor"))))
    grid.add_row("Stop", f"Ctrl-C here, or {own('down')}")
    grid.add_row("Try it", "the line below, in another terminal")
    return Panel(grid, title=f"Genesis Studio is ready ({seconds:.1f} s)", border_style="green", expand=False)


def _first_login(login: Login) -> str:
    return f"Log in as {login[0]} with the password {login[1]}, which is shown this once."


def _first_command(commands: str, own: OwnCommand) -> str:
    return (
        f'curl -X POST {commands}/api/v1/novels -H "Authorization: Bearer $({own("token")})" '
        """-H "Content-Type: application/json" -d '{"title": "My first novel"}'"""
    )
