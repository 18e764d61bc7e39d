"""Crash points: a process dies or stands still exactly where it was told to; a wrong setting is refused at start."""

import os
import re
import subprocess
import sys
from pathlib import Path
from signal import SIGCONT, SIGKILL

import psutil
import pytest
from typer.testing import CliRunner

from services.runtime.crash_points import (
    CRASH_POINT_VARIABLE,
    CRASH_POINTS,
    ArmedCrashPoint,
    WrongCrashPoint,
    parse_crash_point,
)
from services.studio.main import app
from tests.kit.waiting import eventually_sync

SERVICES = Path(__file__).resolve().parents[2] / "services"
PASSING_FIVE_TIMES = """
from services.runtime.crash_points import arm_from_environment, reached
arm_from_environment()
for passing in range(1, 6):
    print(passing, flush=True)
    reached("relay.read")
    reached("relay.sent_unmarked")
"""
PASSING_IN_A_THREAD = """
import os
from threading import Thread
from services.runtime.crash_points import arm_from_environment, reached
arm_from_environment()

def pass_it():
    reached("relay.read")
    while True:
        os.write(1, b"further")

Thread(target=pass_it).start()
"""


def _started(setting: str, program: str = PASSING_FIVE_TIMES) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, CRASH_POINT_VARIABLE: setting},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_process_kills_itself_at_the_passing_it_was_told() -> None:
    with _started("relay.sent_unmarked:kill:3") as process:
        told, _ = process.communicate(timeout=30)
    assert (process.returncode, told.split()) == (-SIGKILL, ["1", "2", "3"])


def test_the_thread_that_passes_goes_no_further_whatever_the_others_do() -> None:
    for _ in range(10):
        with _started("relay.read:stop", program=PASSING_IN_A_THREAD) as process:
            found = psutil.Process(process.pid)
            eventually_sync(lambda: found.status() == psutil.STATUS_STOPPED, what="it stands still")  # noqa: B023
            process.kill()
            told, _ = process.communicate(timeout=30)
        assert told == ""


def test_without_the_setting_nothing_happens() -> None:
    with _started("") as process:
        told, _ = process.communicate(timeout=30)
    assert (process.returncode, told.split()) == (0, ["1", "2", "3", "4", "5"])


def test_a_process_stands_still_at_the_passing_it_was_told_until_it_may_go_on() -> None:
    with _started("relay.sent_unmarked:stop:2") as process:
        found = psutil.Process(process.pid)
        eventually_sync(lambda: found.status() == psutil.STATUS_STOPPED, what="it stands still")
        process.send_signal(SIGCONT)
        told, _ = process.communicate(timeout=30)
    assert (process.returncode, told.split()) == (0, ["1", "2", "3", "4", "5"])


def test_a_point_alone_means_killed_at_its_first_passing() -> None:
    assert parse_crash_point("relay.read") == ArmedCrashPoint("relay.read", "kill", 1)


def test_what_is_armed_is_written_as_it_is_read() -> None:
    armed = ArmedCrashPoint("projector.after_commit", "stop", 7)
    assert parse_crash_point(armed.setting()) == armed


@pytest.mark.parametrize("setting", ["relay.asleep", "relay.read:shoot", "relay.read:kill:0", "relay.read:kill:x", ":"])
def test_a_setting_that_names_nothing_is_refused_with_all_points(setting: str) -> None:
    with pytest.raises(WrongCrashPoint, match=re.escape(", ".join(CRASH_POINTS))):
        parse_crash_point(setting)


def test_a_process_with_a_wrong_crash_point_does_not_start_and_lists_it_with_the_rest() -> None:
    environment = {**os.environ, CRASH_POINT_VARIABLE: "relay.asleep"}
    command = [sys.executable, "-m", "services.message_relay.main"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode != 0
    assert "STUDIO_CRASH_POINT: Value error, relay.asleep is not" in ended.stderr
    assert "STUDIO_KAFKA_BOOTSTRAP" in ended.stderr


def test_a_command_of_studio_refuses_a_wrong_crash_point_too() -> None:
    refused = CliRunner(env={CRASH_POINT_VARIABLE: "relay.asleep"}).invoke(app, ["migrate"])
    assert (refused.exit_code, "relay.asleep is not POINT" in refused.stderr) == (1, True)


def test_every_crash_point_is_passed_in_exactly_one_place() -> None:
    texts = [path.read_text() for path in SERVICES.rglob("*.py")]
    passed = [point for text in texts for point in re.findall(r'reached\("([^"]+)"\)', text)]
    assert sorted(passed) == sorted(CRASH_POINTS)
