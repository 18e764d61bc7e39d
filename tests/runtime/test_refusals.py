"""Which codes a rule may refuse with, read from its code: by whatever way it comes to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from services.catalogue import CONTEXTS
from services.kernel.decider import Rejected
from services.runtime import refusals as module
from services.runtime.refusals import names, refusals
from services.runtime.registry import Registry

Rule = Callable[..., Any]
REGISTRY = Registry(CONTEXTS)


@pytest.fixture(autouse=True)
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of this file are followed as well."""
    monkeypatch.setattr(module, "_OURS", ("services.", __name__))


def itself() -> None:
    raise Rejected("GONE", "It was removed.")


def another() -> None:
    itself()


def given_a_default(missing: tuple[str, str] = ("GONE", "It was removed.")) -> None:
    raise Rejected(*missing)


def inside() -> Rule:
    def later() -> None:
        itself()

    return later


def handed(rule: Rule) -> None:
    rule()


def around(rule: Rule) -> Rule:
    def later() -> None:
        rule()

    return later


def of_a_module() -> None:
    module.itself()  # type: ignore[attr-defined]


def round_and_round() -> None:
    round_and_round_again()


def round_and_round_again() -> None:
    round_and_round()
    itself()


@dataclass(frozen=True)
class Step:
    check: Rule


STEPS: Mapping[str, Step] = {"first": Step(itself)}


class Draft:
    @property
    def flow(self) -> None:
        return itself()


def by_a_table(step: str) -> None:
    STEPS[step].check()


def by_a_property() -> None:
    assert Draft().flow is None


@pytest.mark.parametrize(
    "rule",
    [
        itself, another, given_a_default, inside, partial(handed, itself), around(itself), round_and_round, by_a_table,
        by_a_property,
    ],
)  # fmt: skip
def test_a_code_is_found(rule: Rule) -> None:
    assert refusals([rule]) == {"GONE"}


def test_a_code_is_found_through_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "itself", itself, raising=False)
    assert refusals([of_a_module]) == {"GONE"}


def test_what_is_not_named_is_not_found() -> None:
    assert refusals([handed]) == set()


@pytest.mark.parametrize(
    ("command", "codes", "others"),
    [
        ("Command.Novel.Create", set(), {"NOVEL_NOT_FOUND"}),
        ("Command.Novel.Update", {"NOVEL_NOT_FOUND"}, {"FLOW_CLOSED"}),
        ("Command.Genesis.Flow.Pause", {"FLOW_NOT_FOUND", "INVALID_FLOW_STATUS"}, {"STAGE_BUSY"}),
        ("Command.Genesis.Session.Theme.Confirm", {"THEME_NOT_FOUND", "VERSION_NOT_FOUND"}, {"PLAN_NOT_FOUND"}),
    ],
)
def test_a_command_has_the_codes_of_its_own_rules(command: str, codes: set[str], others: set[str]) -> None:
    found = refusals([REGISTRY.commands[command].decide])
    assert codes <= found
    assert not others & found


def test_a_reaction_speaks_of_the_commands_that_it_reacts_to() -> None:
    (react,) = REGISTRY.reactions
    told = {name for name, route in REGISTRY.commands.items() if names(react, route.model)}
    assert told == {f"Command.Conversation.Session.{verb}" for verb in ("Create", "Update", "Delete")}
