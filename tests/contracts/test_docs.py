"""The documentation names things that exist."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STOPS = re.findall(r"`(services[\w.]*):([\w.]+)`", (ROOT / "docs" / "life_of_a_command.md").read_text())
NAMED_FILES = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "docs" / "guarantees.md").read_text())


@pytest.mark.parametrize(("module", "name"), STOPS)
def test_every_stop_of_the_life_of_a_command_exists(module: str, name: str) -> None:
    found: object = importlib.import_module(module)
    for step in name.split("."):
        found = getattr(found, step)


def test_the_walk_has_all_its_stops() -> None:
    assert len(STOPS) >= 25


@pytest.mark.parametrize("path", sorted(set(NAMED_FILES)))
def test_every_test_that_a_guarantee_cites_exists(path: str) -> None:
    assert (ROOT / path).is_file()
