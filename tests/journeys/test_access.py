"""Nobody reads or changes what is somebody else's: every route of both APIs is asked by everyone who may not.

The requests come from the routes themselves (`declared_requests`), so a new one is asked without a line here.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.kernel.context import ADMIN, CREDENTIALS, OWNER, PUBLIC
from services.runtime.access import ACCOUNT_INACTIVE, TOKEN_INVALID, User, issue_access_token
from tests.journeys.declared_requests import Asked, all_requests, missing_ids, one_of_everything, unknown_routes
from tests.journeys.genesis_walks import begin
from tests.kit.refusals import refused
from tests.kit.revoking import revoke
from tests.kit.studio import Client, Studio

REQUESTS = all_requests()
OWNED = [asked for asked in REQUESTS if asked.rule is OWNER or (asked.rule is CREDENTIALS and asked.names_something)]
NAMING = [asked for asked in OWNED if asked.names_something]
MIXED = [(asked, name) for asked in NAMING for name in asked.ids if not asked.gone]
GUARDED = [asked for asked in REQUESTS if asked.rule in (OWNER, ADMIN)]

Ids = dict[str, str]


@pytest.fixture(scope="module")
def victim(studio: Studio) -> tuple[Client, Ids]:
    """A user with one of everything."""
    user = studio.registered()
    return user, one_of_everything(user)


@pytest.fixture(scope="module")
def stranger(studio: Studio) -> tuple[Client, Ids]:
    """Another, who has as much."""
    user = studio.registered()
    return user, one_of_everything(user)


@pytest.fixture(scope="module")
def disabled(studio: Studio) -> tuple[Client, Ids]:
    """A user who had one of everything before an admin disabled the account."""
    user = studio.user()
    ids = one_of_everything(user)
    revoke(studio, user.id, shown_by=str(user.token), reason=ACCOUNT_INACTIVE)
    return user, ids


@pytest.fixture(scope="module")
def logged_out(victim: tuple[Client, Ids], studio: Studio) -> tuple[Client, Ids]:
    """The victim's own login that has ended; their other one goes on."""
    user, ids = victim
    session_id = uuid4()
    login = User(user.id, user.name, session_id=session_id)
    ended = replace(user, token=issue_access_token(studio.secret, login, timedelta(hours=1))[0])
    revoke(studio, session_id, shown_by=str(ended.token))
    assert user.get("/novels").status_code == 200
    return ended, ids


@pytest.fixture
def unchanged(victim: tuple[Client, Ids]) -> Iterator[None]:
    """Nothing is written for the victim while the test runs."""
    before = victim[0].row_counts()
    yield
    assert victim[0].row_counts() == before


def told(response: httpx.Response, *sent: str) -> tuple[int, dict[str, str], Any]:
    """What an answer says, without what is different each time and the ids that were sent."""
    text = response.text
    for one in sent:
        text = text.replace(one, "…")
    body = json.loads(text or "null")
    if isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in _PASSING}
    return response.status_code, {k: v for k, v in response.headers.items() if k not in _CHANGING}, body


_PASSING = ("instance", "correlation_id", "command_id", "timestamp")
_CHANGING = (
    "date", "x-command-id", "x-correlation-id", "x-last-event-id", "content-length", "x-ratelimit-remaining",
    "x-ratelimit-reset", "ratelimit",
)  # fmt: skip


def leaks(response: httpx.Response, user: Client, ids: Ids) -> set[str]:
    """Which of the user's ids an answer has in it, of all that the store has for them."""
    rows = user.studio.rows(
        "SELECT event_id::TEXT, aggregate_id, scope_id, correlation_id::TEXT FROM domain_events"
        " WHERE metadata ->> 'user_id' = %s",
        str(user.id),
    )
    known = {str(one) for row in rows for one in row} | {one for one in ids.values() if is_an_id(one)}
    return {one for one in known if one in response.text}


def is_an_id(text: str) -> bool:
    try:
        return UUID(text) is not None
    except ValueError:
        return False


def test_of_every_route_it_is_known_what_it_takes() -> None:
    unknown = unknown_routes()
    assert not unknown, f"say in declared_requests.UNDECLARED what these take: {', '.join(unknown)}"


def test_of_everything_that_can_be_named_the_victim_has_one(victim: tuple[Client, Ids]) -> None:
    lacking = {name for asked in REQUESTS for name in asked.ids} - victim[1].keys()
    assert not lacking, f"declared_requests.one_of_everything gives nobody a {', '.join(sorted(lacking))}"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("asked", NAMING, ids=str)
def test_what_is_somebody_elses_is_answered_like_what_does_not_exist(
    victim: tuple[Client, Ids], studio: Studio, asked: Asked
) -> None:
    user = studio.user()
    foreign = answered_like_nothing(user, victim, asked, missing_ids(), *asked.ids)
    if asked.gone:
        assert foreign.status_code == 410
    elif asked.ids_in_path:
        assert foreign.status_code == asked.foreign
    if foreign.is_error:
        assert set(user.row_counts().values()) == {0}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("asked", "name"), MIXED, ids=str)
def test_in_what_is_mine_a_foreign_id_is_answered_like_a_missing_one(
    victim: tuple[Client, Ids], stranger: tuple[Client, Ids], asked: Asked, name: str
) -> None:
    user, mine = stranger
    before = user.row_counts()
    foreign = answered_like_nothing(user, victim, asked, mine, name)
    if foreign.is_error:
        assert user.row_counts() == before


def answered_like_nothing(
    user: Client, victim: tuple[Client, Ids], asked: Asked, others: Ids, *names: str
) -> httpx.Response:
    """What `user` is told of the victim's ids of these names: the same as of ids of nothing, and none of the others."""
    owner, ids = victim
    theirs, nothing = {name: ids[name] for name in names}, {name: missing_ids()[name] for name in names}
    foreign, missing = asked.send(user, others | theirs), asked.send(user, others | nothing)
    assert foreign.status_code == missing.status_code, foreign.text
    if asked.method == "GET" or foreign.is_error:
        assert told(foreign, *theirs.values()) == told(missing, *nothing.values())
    assert leaks(foreign, owner, ids) <= set(theirs.values())
    # What was accepted although it names them has taken no notice of them.
    (touched,) = user.studio.rows(_EVENTS_ABOUT, str(user.id), list(theirs.values()), list(theirs.values()))
    assert touched == (0,)
    return foreign


_EVENTS_ABOUT = """
SELECT count(*) FROM domain_events
WHERE metadata ->> 'user_id' = %s AND (scope_id = ANY(%s) OR aggregate_id = ANY(%s))
"""


@pytest.mark.parametrize(
    "asked", [asked for asked in OWNED if asked.method == "GET" and not asked.names_something], ids=str
)
def test_what_names_nothing_shows_nothing_of_somebody_else(
    victim: tuple[Client, Ids], stranger: tuple[Client, Ids], asked: Asked
) -> None:
    response = asked.send(stranger[0], stranger[1])
    assert response.status_code == 200, response.text
    assert not leaks(response, *victim)


def test_lists_and_filters_show_nothing_of_somebody_else(user: Client, victim: tuple[Client, Ids]) -> None:
    here, (_, theirs) = begin(user), victim
    sessions = user.get("/conversations/sessions", scope_type="GENESIS", scope_id=theirs["novel_id"])
    assert (sessions.json(), sessions.headers["x-total-count"]) == ([], "0")
    assert [novel["id"] for novel in user.get("/novels").json()] == [here.novel_id]
    assert user.get(f"{here.stage_path}/rounds", session_id=theirs["session_id"]).json() == []


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("asked", GUARDED, ids=str)
def test_whoever_has_no_token_that_counts_is_nobody(
    victim: tuple[Client, Ids],
    disabled: tuple[Client, Ids],
    logged_out: tuple[Client, Ids],
    studio: Studio,
    asked: Asked,
) -> None:
    before = disabled[0].row_counts()
    for user, ids, number in (
        (studio.nobody(), victim[1], TOKEN_INVALID),
        (*logged_out, TOKEN_INVALID),
        (*disabled, ACCOUNT_INACTIVE),
    ):
        response = asked.send(user, ids)
        assert refused(response, 401, "UNAUTHENTICATED")["error"]["code"] == number
        assert response.headers["www-authenticate"] == "Bearer"
    assert disabled[0].row_counts() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("asked", [asked for asked in REQUESTS if asked.rule is ADMIN], ids=str)
def test_what_is_for_admins_is_refused_to_everybody_else(victim: tuple[Client, Ids], asked: Asked) -> None:
    user, ids = victim
    refused(asked.send(user, ids), 403, "FORBIDDEN")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("asked", [asked for asked in REQUESTS if asked.rule is CREDENTIALS], ids=str)
def test_what_checks_credentials_itself_wants_some(
    victim: tuple[Client, Ids],
    disabled: tuple[Client, Ids],
    logged_out: tuple[Client, Ids],
    studio: Studio,
    asked: Asked,
) -> None:
    for user, ids in ((studio.nobody(), victim[1]), logged_out, disabled):
        response = asked.send(user, ids)
        assert 400 <= response.status_code < 500, response.text


@pytest.mark.parametrize("asked", [asked for asked in REQUESTS if asked.rule is PUBLIC], ids=str)
def test_what_is_public_needs_no_token_and_shows_nothing_of_anybody(
    victim: tuple[Client, Ids], studio: Studio, asked: Asked
) -> None:
    response = asked.send(studio.nobody(), victim[1])
    assert response.status_code == 200, response.text
    assert not leaks(response, *victim)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", ["command_id", "event_id", "novel_id"])
def test_a_key_that_is_somebody_elses_id_tells_nothing_and_makes_something_new(
    victim: tuple[Client, Ids], user: Client, name: str
) -> None:
    owner, theirs = victim
    made = user.post("/novels", {"title": "Salt"}, headers={"Idempotency-Key": theirs[name]})
    assert made.status_code == 201, made.text
    assert "idempotent-replayed" not in made.headers
    assert leaks(made, owner, theirs) <= ({theirs[name]} if name != "command_id" else set())
    assert user.get(f"/novels/{made.json()['id']}").status_code == 200
