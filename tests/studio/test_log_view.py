"""How log lines look to a person."""

import io
import json

from rich.console import Console

from services.studio.log_view import LogView, render_line


def rendered(**record: object) -> str:
    """A record as a line of plain text."""
    return render_line(json.dumps(record, ensure_ascii=False)).plain


def test_a_record_becomes_time_level_event_and_fields() -> None:
    line = rendered(timestamp="2026-11-21T08:00:00.123456Z", level="info", event="batch.sent", lane=7, count=256)
    assert line[2] == line[5] == ":"
    assert line[8:] == ".123 info    batch.sent lane=7 count=256"


def test_what_the_prefix_says_already_is_left_out() -> None:
    line = rendered(event="ready", process="projector", instance="projector-1", logger="services.projector.main")
    assert line.endswith("info    ready")


def test_values_with_blanks_or_quotes_are_quoted_and_others_are_not() -> None:
    assert rendered(event="e", title="新的 小说", key="plain", empty="", none=None).endswith(
        'title="新的 小说" key=plain empty="" none=null'
    )


def test_an_exception_follows_on_its_own_lines() -> None:
    line = rendered(event="failed", level="error", exception="Traceback:\n  boom\n", scope_id="s")
    assert line.endswith("error   failed scope_id=s\nTraceback:\n  boom")


def test_a_line_that_is_no_record_is_passed_on() -> None:
    for line in ("Traceback (most recent call last):", "[1, 2]", "{not json", '{"no": "event"}', "[bold]not markup[/]"):
        assert render_line(f"{line}\n").plain == line


def test_a_record_without_a_readable_time_is_shown_all_the_same() -> None:
    assert rendered(event="e", timestamp="yesterday") == "--:--:--.--- info    e"


def test_prefixes_are_aligned() -> None:
    output = io.StringIO()
    view = LogView(Console(file=output, width=40), prefix_width=9)
    view.show("api", "one")
    view.show("projector", "two " * 20)
    assert output.getvalue() == "api       │ one\nprojector │ " + "two " * 20 + "\n"


class ClosedTerminal(io.StringIO):
    """A terminal whose window was closed."""

    def write(self, _text: str) -> int:
        raise OSError(5, "Input/output error")


def test_a_terminal_that_has_gone_away_is_no_error() -> None:
    view = LogView(Console(file=ClosedTerminal()), prefix_width=3)
    view.show("api", "one")
    view.show("api", "two")
    assert not view.is_seen
