"""What a writer keeps of scopes between batches: what was used lately, and no more of it than has been set."""

from uuid import UUID, uuid4

import pytest

from services.kernel.scope import Scope, ScopeKey
from services.runtime import scopes
from services.runtime.event_store import EventStore
from services.runtime.registry import Registry


class Clock:
    """Passes only when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(scopes, "monotonic", made)
    return made


@pytest.fixture
def keeping() -> scopes.Scopes:
    """Nothing is read here, so the store is never reached."""
    return scopes.Scopes(EventStore("postgresql://nobody@127.0.0.1:9/none"), Registry(()))


def a_scope(name: str, *, size: int = 1) -> dict[str, Scope]:
    return {name: Scope(ScopeKey("GENERAL", name), UUID(int=1), position=7, event_count=1, size=size)}


def kept(keeping: scopes.Scopes, *names: str) -> list[str]:
    return [name for name in names if keeping._scopes.get(name) is not None]


def test_a_scope_that_nobody_uses_for_long_is_let_go(keeping: scopes.Scopes, clock: Clock) -> None:
    keeping.keep(a_scope("quiet") | a_scope("busy"))
    clock.now += scopes.KEPT_SECONDS - 1
    assert kept(keeping, "busy") == ["busy"]
    clock.now += 2
    keeping.keep(a_scope("new"))
    assert kept(keeping, "quiet", "busy", "new") == ["busy", "new"]


def test_the_scope_used_longest_ago_makes_room_for_what_is_too_much(
    keeping: scopes.Scopes, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping._scopes, "_weight_max", 100_000)
    for name in ("first", "second", "third"):
        keeping.keep(a_scope(name, size=40_000))
    assert kept(keeping, "first", "second", "third") == ["second", "third"]
    keeping.keep(a_scope("third", size=59_000))
    assert kept(keeping, "second", "third") == ["second", "third"], "it takes its own place, not another's"


def test_one_scope_larger_than_all_that_may_be_kept_is_kept_alone(
    keeping: scopes.Scopes, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping._scopes, "_weight_max", 100_000)
    keeping.keep(a_scope("small") | a_scope("large", size=1_000_000))
    assert kept(keeping, "small", "large") == ["large"]


def test_what_is_not_committed_is_not_kept(keeping: scopes.Scopes, clock: Clock) -> None:
    keeping.keep({"new": Scope(ScopeKey("GENERAL", str(uuid4())))})
    assert kept(keeping, "new") == []
