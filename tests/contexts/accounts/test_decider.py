"""What users may do, decided without any server."""

from typing import Any
from uuid import uuid4

import pytest

from services.contexts.accounts import context
from services.contexts.accounts.decider import User
from services.contexts.accounts.values import Provider, user_key, user_scope
from services.kernel.decider import Decision, Given, Rejected
from services.kernel.scope import Scope
from tests.kit.deciding import BEGINNING, REGISTRY

SECRETS = ("a hash", "a sealed key")


class Account:
    """One user's scope, and what was decided last."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.scope = Scope(user_scope(self.id))

    def do(self, command_type: str, **fields: Any) -> Decision:
        """Decides a command and folds its events in."""
        route = REGISTRY.command(command_type)
        assert route is not None
        command = route.model.model_validate({"user_id": self.id, **fields})
        decision = route.decide(command, Given(uuid4(), route.type, self.id, BEGINNING), self.scope)
        for emitted in decision.events:
            aggregate = REGISTRY.aggregate(emitted.aggregate.type)
            self.scope = self.scope.folded(aggregate, emitted.aggregate, emitted.event, BEGINNING)
        return decision

    @property
    def user(self) -> User:
        """The user as decisions know them."""
        user = self.scope.find(User, user_key(self.id))
        assert user is not None
        return user


@pytest.fixture
def account() -> Account:
    account = Account()
    account.do(context.REGISTER, username="ana", email="Ana@Example.com", password_hash="a hash")
    return account


def types(decision: Decision) -> list[str]:
    return [emitted.event.TYPE for emitted in decision.events]


def blocks(decision: Decision) -> list[str]:
    return [write.block for write in decision.writes]


def test_a_registration_is_one_event_and_one_row(account: Account) -> None:
    again = Account()
    decision = again.do(context.REGISTER, username="ben", email="BEN@example.com", password_hash="a hash")
    assert (types(decision), blocks(decision)) == (["User.Registered"], ["insert_user"])
    assert again.user.email == "ben@example.com"


def test_what_was_registered_is_not_registered_again(account: Account) -> None:
    with pytest.raises(Rejected, match="IDEMPOTENCY_MISMATCH"):
        account.do(context.REGISTER, username="ana", email="ana@example.com", password_hash="a hash")


@pytest.mark.parametrize(
    ("command_type", "fields"),
    [
        (context.LOG_IN, {"session_id": uuid4(), "ip": "127.0.0.1"}),
        (context.LOG_OUT, {"session_id": uuid4()}),
        (context.UPDATE_PROFILE, {"username": "bea"}),
        (context.CHANGE_PASSWORD, {"password_hash": "a hash"}),
        (context.CHANGE_API_KEYS, {"ciphertexts": {"glm": b"a sealed key"}}),
        (context.DEACTIVATE, {}),
        (context.REACTIVATE, {}),
    ],
)
def test_nothing_is_done_to_a_user_who_is_not_there(command_type: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Rejected, match="USER_NOT_FOUND"):
        Account().do(command_type, **fields)


def test_a_profile_keeps_what_is_not_new(account: Account) -> None:
    assert types(account.do(context.UPDATE_PROFILE, username="ana")) == []
    decision = account.do(context.UPDATE_PROFILE, username="ana", avatar_url="https://example.com/a.png")
    assert decision.events[0].event.model_dump()["changed"] == {"avatar_url": "https://example.com/a.png"}
    assert (account.user.username, account.user.avatar_url) == ("ana", "https://example.com/a.png")


def test_who_is_locked_out_can_not_log_in_and_is_locked_out_once(account: Account) -> None:
    assert blocks(account.do(context.DEACTIVATE, reason="left")) == ["set_active", "lock_out"]
    assert types(account.do(context.DEACTIVATE)) == []
    with pytest.raises(Rejected, match="UNAUTHENTICATED"):
        account.do(context.LOG_IN, session_id=uuid4(), ip="127.0.0.1")
    assert blocks(account.do(context.REACTIVATE)) == ["set_active", "let_in"]
    assert types(account.do(context.REACTIVATE)) == []
    assert types(account.do(context.LOG_IN, session_id=uuid4(), ip="127.0.0.1")) == ["User.LoggedIn"]


def test_a_new_password_ends_all_sessions_but_the_one_that_asked(account: Account) -> None:
    session_id = uuid4()
    decision = account.do(context.CHANGE_PASSWORD, password_hash="a hash", session_id=session_id)
    assert [write.parameters.get("but") for write in decision.writes] == [None, session_id]
    by_admin = account.do(context.CHANGE_PASSWORD, password_hash="a hash")
    assert [emitted.event.model_dump()["by_admin"] for emitted in by_admin.events] == [True]


def test_keys_are_counted_by_provider_and_a_removed_one_is_gone(account: Account) -> None:
    account.do(context.CHANGE_API_KEYS, ciphertexts={"glm": b"a sealed key", "tuzi": b"a sealed key"})
    decision = account.do(context.CHANGE_API_KEYS, ciphertexts={"glm": None})
    assert blocks(decision) == ["remove_api_key"]
    assert set(account.user.keys) == {Provider.TUZI}


def test_no_event_has_a_secret(account: Account) -> None:
    decisions = [
        account.do(context.CHANGE_PASSWORD, password_hash="a hash"),
        account.do(context.CHANGE_API_KEYS, ciphertexts={"glm": b"a sealed key"}),
    ]
    written = "".join(emitted.event.model_dump_json() for decision in decisions for emitted in decision.events)
    assert not [secret for secret in SECRETS if secret in written]
    # Nor do values show it when they are printed.
    assert "a hash" not in repr(account.scope)
