"""What `studio up` tells its user: the merged log, its own sentences, the panel when everything is ready."""

import json
import threading
from datetime import UTC, datetime
from typing import Final

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from services.studio.log_file import LogFile
from services.studio.log_view import LogView

OWN_NAME: Final = "studio"


class Terminal:
    """Console and our own log file. Safe to use from several threads."""

    def __init__(self, console: Console, log: LogFile, *, prefix_width: int) -> None:
        self.console = console
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

    def welcome(self, command_port: int, query_port: int, seconds: float) -> None:
        """Show where everything is and what to try first."""
        with self._one_at_a_time:
            try:
                self.console.print(_welcome_panel(command_port, query_port, seconds))
            except OSError:
                self.console.quiet = True  # the terminal has gone away


def _welcome_panel(command_port: int, query_port: int, seconds: float) -> Panel:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    # Folded, never cut: the line to try is meant to be copied.
    grid.add_column(overflow="fold")
    commands, queries = f"http://127.0.0.1:{command_port}", f"http://127.0.0.1:{query_port}"
    grid.add_row("Commands", commands)
    grid.add_row("Queries", queries)
    grid.add_row("Token", "studio token")
    grid.add_row("Demo", "make demo  (or studio demo)")
    grid.add_row(
        "Try it",
        f'curl -X POST {commands}/api/v1/novels -H "Authorization: Bearer $(studio token)" '
        """-H "Content-Type: application/json" -d '{"title": "My first novel"}'""",
    )
    grid.add_row("Stop", "Ctrl-C here, or studio down")
    return Panel(grid, title=f"Genesis Studio is ready ({seconds:.1f} s)", border_style="green", expand=False)
