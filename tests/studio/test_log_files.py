"""The log files: bounded when written, merged by time when read, followed across rotation."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.log_file import LogFile
from services.studio.log_reader import FollowedFile, find_log_files, last_lines, show_logs


def record(second: int, event: str) -> str:
    """A log line at a second of some minute."""
    return json.dumps({"timestamp": f"2026-11-21T08:00:{second:02}Z", "event": event})


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """Two replicas of a projector, an API, and PostgreSQL, with a line or two each."""
    made = Installation(tmp_path)
    made.logs_directory.mkdir()
    made.postgres_directory.mkdir()
    written = {
        "projector-1": [record(1, "a"), "Traceback", record(4, "d")],
        "projector-2": [record(2, "b")],
        "command-api": [record(3, "c")],
    }
    for name, lines in written.items():
        (made.logs_directory / f"{name}.log").write_text("\n".join(lines) + "\n")
    (made.postgres_directory / "postgres.log").write_text("ready to accept connections\n")
    return made


def test_the_last_lines_of_all_files_are_merged_by_time(installation: Installation) -> None:
    files = find_log_files(installation, None)
    lines = [line for _, line in last_lines(files, 4)]
    for file in files:
        file.close()
    assert lines == ["Traceback", record(2, "b"), record(3, "c"), record(4, "d")]


def test_one_process_is_shown_with_all_its_replicas(installation: Installation) -> None:
    assert [file.source for file in find_log_files(installation, "projector")] == ["projector-1", "projector-2"]
    assert [file.source for file in find_log_files(installation, "command_api")] == ["command-api"]


def test_the_embedded_servers_have_logs_too(installation: Installation) -> None:
    output = io.StringIO()
    show_logs(installation, Console(file=output, width=80), process="postgres", follow=False, lines=5)
    assert output.getvalue() == "postgres │ ready to accept connections\n"


def test_an_unknown_process_is_answered_with_the_known_ones(installation: Installation) -> None:
    with pytest.raises(StudioError, match="Logs exist for: command-api, projector-1, projector-2, postgres, kafka"):
        find_log_files(installation, "nobody")


def test_a_full_file_is_moved_aside_and_followed_into_the_next(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "api", bytes_max=10)
    followed = FollowedFile(tmp_path / "api.log")
    log.write(b"first\n")
    assert followed.new_lines() == ["first"]
    log.write(b"second\n")
    assert followed.new_lines() + followed.new_lines() == ["second"]
    assert (tmp_path / "api.log.1").read_bytes() == b"first\n"
    log.close()
    followed.close()


def test_half_a_line_is_shown_when_the_other_half_is_there(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "api")
    followed = FollowedFile(tmp_path / "api.log")
    log.write(b"one\ntw")
    assert followed.new_lines() == ["one"]
    log.write(b"o\n")
    assert followed.new_lines() == ["two"]
    log.close()
    followed.close()
