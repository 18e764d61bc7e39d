"""Whatever is wrong with a request, it is answered with its status and place, and nothing is written."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.kernel.context import OWNER
from tests.journeys.declared_requests import Asked, declared_requests, missing_ids
from tests.journeys.genesis_walks import Standing, begin, confirm
from tests.kit.refusals import refused
from tests.kit.studio import API, Client, Studio

REQUESTS = declared_requests()
GUARDED = [asked for asked in REQUESTS if not asked.public]
OWNED = [asked for asked in GUARDED if asked.names_something and asked.rule is OWNER]
VERSIONED = [asked for asked in GUARDED if asked.command is not None and asked.command.version is not None]


@pytest.fixture
def unchanged(user: Client) -> Iterator[None]:
    """The test adds no row to what it finds when it asks for this."""
    before = user.row_counts()
    yield
    assert user.row_counts() == before


@pytest.fixture(scope="module")
def owner(studio: Studio) -> tuple[Client, dict[str, str]]:
    """A user with one of everything, and the ids of it."""
    user = studio.user()
    here = begin(user)
    confirm(user, here)
    command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
    (task,) = user.finished_command(command_id)["tasks"]
    ids = {
        "novel_id": here.novel_id,
        "process_id": here.flow_id,
        "stage_id": here.stage_id,
        "instance_id": here.stage_id,
        "session_id": here.session_id,
        "command_id": command_id,
        "task_id": task["task_id"],
    }
    return user, missing_ids() | ids


# Bodies that cannot be stored, wherever they are sent to.

PLACES = {
    "session": ("/conversations/sessions", '{"metadata": %s}', "/metadata"),
    "command": ("/conversations/sessions/{session}/commands", '{"type": "SEED_REQUEST", "payload": %s}', "/payload"),
    "settings": ("/genesis/instances/{stage}/settings", '{"session_id": "{session}", "settings": %s}', "/settings"),
    "transition": ("/genesis/instances/{stage}/advance", '{"transition_data": %s}', "/transition_data"),
}
"""Endpoints with an object that is kept as it is sent: path, body around the object, pointer to the object."""

UNSTORABLE = {
    "a NUL": (r'{"a": ["x\u0000"]}', "/a/0", "NUL_CHARACTER"),
    "a NUL in a key": (r'{"a\u0000": 1}', "/a\0", "NUL_CHARACTER"),
    "half a surrogate pair": (r'{"a": "\ud83d"}', "/a", "LONE_SURROGATE"),
    "half a pair in a key": (r'{"\ude00": 1}', "/?", "LONE_SURROGATE"),
    "NaN": ('{"a": {"b": NaN}}', "/a/b", "NUMBER_NOT_FINITE"),
    "Infinity": ('{"a": -Infinity}', "/a", "NUMBER_NOT_FINITE"),
    "a float beyond all floats": ('{"a": 1e999}', "/a", "NUMBER_NOT_FINITE"),
    "an integer of 54 bits": (f'{{"a": {2**53}}}', "/a", "INTEGER_TOO_LARGE"),
    "a negative one": (f'{{"a": {-(2**53)}}}', "/a", "INTEGER_TOO_LARGE"),
    "an integer of 5000 digits": (f'{{"a/b~": {10**4000}}}', "/a~1b~0", "INTEGER_TOO_LARGE"),
    "40 levels": ('{"a":' * 40 + "1" + "}" * 40, "/a" * 31, "TOO_DEEP"),
    "1001 keys with the one around them": (json.dumps({str(n): n for n in range(1_000)}), "", "TOO_MANY_KEYS"),
    "a text of over 100 KiB": (json.dumps({"a": "x" * (100 * 1024 + 1)}), "/a", "STRING_TOO_LONG"),
    "the same key twice": ('{"a": {"b": 1, "c": 2, "b": 3}}', "/a/b", "DUPLICATE_KEY"),
}


def placed(place: str, here: Standing, value: str) -> tuple[str, bytes, str]:
    path, body, pointer = PLACES[place]
    text = (body % value).replace("{session}", here.session_id)
    return path.format(session=here.session_id, stage=here.stage_id), text.encode(), pointer


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("what", UNSTORABLE)
def test_what_cannot_be_stored_is_refused_at_its_place(user: Client, place: str, what: str) -> None:
    value, pointer, code = UNSTORABLE[what]
    here = begin(user)
    before = user.row_counts()
    path, raw, around = placed(place, here, value)
    errors = refused(user.post(path, raw=raw), 422, "VALIDATION_ERROR")["errors"]
    assert [(error["pointer"], error["code"]) for error in errors] == [(around + pointer, code)]
    assert user.row_counts() == before


LARGEST = {
    "integers": f'{{"a": {2**53 - 1}, "b": {-(2**53 - 1)}}}',
    "depth": '{"a":' * 31 + "1" + "}" * 31,
    "keys": json.dumps({str(n): n for n in range(999)}),
    "text": json.dumps({"a": "文" * (100 * 1024 // 3)}, ensure_ascii=False),
    "characters": json.dumps({"中文🌊": 'שלום \u202e\u200d e\u0301 \\ " / \u007f \uffff'}),
}


@pytest.mark.parametrize("what", LARGEST)
def test_what_is_just_within_the_limits_is_kept_unchanged(user: Client, what: str) -> None:
    made = user.post("/conversations/sessions", raw=b'{"metadata": %b}' % LARGEST[what].encode())
    assert made.status_code == 201, made.text
    assert user.get(f"/conversations/sessions/{made.json()['id']}").json()["metadata"] == json.loads(LARGEST[what])


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"a": ', 400, "MALFORMED_JSON"),
        (b"{'a': 1}", 400, "MALFORMED_JSON"),
        (b"{} {}", 400, "MALFORMED_JSON"),
        (b'{"a": "\xff"}', 400, "MALFORMED_JSON"),
        (b'{"a": "\xed\xa0\x80"}', 400, "MALFORMED_JSON"),
        ('{"a": 1}'.encode("utf-16"), 400, "MALFORMED_JSON"),
        (b"   ", 400, "MALFORMED_JSON"),
        (b"[]", 422, "VALIDATION_ERROR"),
        (b'"text"', 422, "VALIDATION_ERROR"),
        (b"null", 422, "VALIDATION_ERROR"),
        (b"[" * 100_000, 422, "VALIDATION_ERROR"),
    ],
    ids=repr,
)
def test_a_body_that_is_no_json_object_is_refused(user: Client, place: str, raw: bytes, status: int, code: str) -> None:
    here = begin(user)
    before = user.row_counts()
    path, _, _ = placed(place, here, "{}")
    refused(user.post(path, raw=raw), status, code, "")
    assert user.row_counts() == before


@pytest.mark.parametrize("place", PLACES)
def test_a_body_of_a_megabyte_is_too_large(user: Client, place: str) -> None:
    here = begin(user)
    before = user.row_counts()
    path, raw, _ = placed(place, here, json.dumps({"a": ["x" * 1_000] * 1_000}))
    refused(user.post(path, raw=raw), 413, "BODY_TOO_LARGE")
    assert user.row_counts() == before


def test_a_body_of_256_kibibytes_is_taken_and_one_byte_more_is_not(user: Client) -> None:
    body = json.dumps({"metadata": {"a": ["x" * 1_000] * 250}}).encode()
    full = body + b" " * (256 * 1024 - len(body))
    assert user.post("/conversations/sessions", raw=full).status_code == 201
    refused(user.post("/conversations/sessions", raw=full + b" "), 413, "BODY_TOO_LARGE")


@pytest.mark.usefixtures("unchanged")
def test_an_empty_body_is_no_command_and_no_novel(user: Client) -> None:
    refused(user.post(f"/conversations/sessions/{uuid4()}/commands", raw=b""), 400, "MALFORMED_JSON", "")
    refused(user.post("/novels", raw=b""), 422, "VALIDATION_ERROR", "/title")


# Bodies that say what nobody understands.


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/novels", {"title": "Salt", "colour": "red"}, "/colour"),
        ("/novels", {"title": 7}, "/title"),
        ("/novels", {"title": "Salt", "target_chapters": "10"}, "/target_chapters"),
        ("/novels", {"title": "Salt", "target_chapters": True}, "/target_chapters"),
        ("/novels", {"title": "Salt", "target_chapters": 10.0}, "/target_chapters"),
        ("/genesis/processes", {"novel_id": "12345"}, "/novel_id"),
        ("/genesis/processes", {"novel_id": 12345}, "/novel_id"),
        ("/genesis/flows/{novel_id}", {"mode": "dreaming"}, "/mode"),
        ("/genesis/flows/{novel_id}", {"state": []}, "/state"),
        ("/genesis/flows/{novel_id}/stages/INITIAL_PROMPT", {"new_iteration": 1}, "/new_iteration"),
        ("/genesis/flows/{novel_id}/pause", {"reason": "x" * 2_001}, "/reason"),
        ("/genesis/flows/{novel_id}/pause", {"why": "tea"}, "/why"),
        ("/genesis/stages/{stage_id}/sessions", {"session_kind": ""}, "/session_kind"),
        ("/genesis/stages/{stage_id}/sessions", {"is_primary": "yes"}, "/is_primary"),
        ("/genesis/instances/{stage_id}/settings", {"settings": {"a": 1}}, "/session_id"),
        ("/genesis/instances/{stage_id}/settings", {"settings": [], "session_id": "x"}, "/settings"),
        ("/genesis/instances/{stage_id}/settings/1/confirm", {"really": True}, "/really"),
        ("/genesis/instances/{stage_id}/settings/0/confirm", {}, "/version"),
        ("/genesis/instances/{stage_id}/settings/first/confirm", {}, "/version"),
        ("/genesis/instances/{stage_id}/advance", {"transition_data": "x"}, "/transition_data"),
        ("/conversations/sessions/{session_id}/messages", {"content": "x", "mood": "blue"}, "/mood"),
        ("/conversations/sessions/{session_id}/messages", {"content": "x", "tool_calls": {}}, "/tool_calls"),
        ("/conversations/sessions/{session_id}/commands", {}, "/type"),
        ("/conversations/sessions/{session_id}/commands", {"type": 7}, "/type"),
        ("/conversations/sessions/{session_id}/commands", {"type": "SEED_REQUEST", "payload": []}, "/payload"),
        ("/conversations/sessions/{session_id}/commands", {"type": "SEED_REQUEST", "extra": 1}, "/extra"),
    ],
)
def test_a_field_that_is_unknown_or_wrong_is_pointed_at(
    user: Client, path: str, body: dict[str, Any], pointer: str
) -> None:
    here = begin(user)
    before = user.row_counts()
    address = path.format(novel_id=here.novel_id, stage_id=here.stage_id, session_id=here.session_id)
    refused(user.post(address, body), 422, "VALIDATION_ERROR", pointer)
    assert user.row_counts() == before


@pytest.mark.parametrize(
    ("payload", "pointer"),
    [
        ({"candidate_count": 7}, "/payload/candidate_count"),
        ({"merge_ids": ["only one"]}, "/payload/merge_ids"),
        ({"user_input": "x" * 20_001}, "/payload/user_input"),
        ({"stage": "LATER"}, "/payload/stage"),
        ({"stage_id": "no uuid"}, "/payload/stage_id"),
        ({"requirements": ["brave"]}, "/payload/requirements"),
    ],
)
def test_a_payload_out_of_bounds_is_pointed_at(user: Client, payload: dict[str, Any], pointer: str) -> None:
    here = begin(user)
    before = user.row_counts()
    refused(user.command(here.session_id, "SEED_REQUEST", **payload), 422, "VALIDATION_ERROR", pointer)
    assert user.row_counts() == before


@pytest.mark.parametrize("name", ["Dance", "", "command.genesis.session.finish", "Command.Novel.Create", "x" * 10_000])
def test_an_unknown_type_leaves_no_row(user: Client, name: str) -> None:
    here = begin(user)
    before = user.row_counts()
    refused(user.command(here.session_id, name), 422, "UNKNOWN_COMMAND_TYPE", "/type")
    assert user.row_counts() == before


# Ids.


@pytest.mark.parametrize("asked", [asked for asked in GUARDED if asked.ids_in_path and not asked.gone], ids=str)
def test_an_id_in_the_path_that_is_none_is_pointed_at(owner: tuple[Client, dict[str, str]], asked: Asked) -> None:
    user, ids = owner
    before = user.row_counts()
    for name in asked.ids_in_path:
        refused(asked.send(asked.by(user), ids | {name: "no-uuid"}), *asked.invalid, f"/{name}")
    assert user.row_counts() == before


@pytest.mark.parametrize("asked", OWNED, ids=str)
def test_what_is_somebody_elses_is_answered_like_what_does_not_exist(
    owner: tuple[Client, dict[str, str]], studio: Studio, asked: Asked
) -> None:
    (other, theirs), user = owner, studio.user()
    before = other.row_counts()
    foreign, missing = asked.send(user, theirs), asked.send(user, missing_ids())
    assert foreign.status_code == asked.foreign, foreign.text
    assert told(foreign) == told(missing)
    assert other.row_counts() == before
    assert set(user.row_counts().values()) == {0}


def told(response: httpx.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """What an answer says, without what is different each time."""
    body = {
        name: value
        for name, value in response.json().items()
        if name not in ("instance", "correlation_id", "timestamp")
    }
    changing = ("date", "x-command-id", "x-correlation-id", "x-last-event-id", "content-length")
    headers = {k: v for k, v in response.headers.items() if k not in changing and "ratelimit" not in k}
    return response.status_code, headers, body


MIXED = [
    (Asked("POST", "/genesis/stages/{stage_id}/sessions", {"session_id": "{session_id}"}), "session_id", 404),
    (Asked("POST", "/genesis/stages/{stage_id}/sessions", {"novel_id": "{novel_id}"}), "novel_id", 422),
    (Asked("PATCH", "/genesis/stages/{stage_id}/sessions/{session_id}", {"is_primary": True}), "session_id", 404),
    (
        Asked("POST", "/genesis/instances/{stage_id}/settings", {"settings": {"a": 1}, "session_id": "{session_id}"}),
        "session_id",
        422,
    ),
    (
        Asked(
            "POST",
            "/conversations/sessions/{session_id}/commands",
            {"type": "SEED_REQUEST", "payload": {"stage_id": "{stage_id}"}},
        ),
        "stage_id",
        404,
    ),
    (Asked("GET", "/conversations/sessions/{session_id}/commands/{command_id}"), "command_id", 404),
    (Asked("POST", "/conversations/sessions/{session_id}/commands/{command_id}/cancel", {}), "command_id", 409),
]


@pytest.mark.parametrize(("asked", "name", "status"), MIXED, ids=str)
def test_in_what_is_mine_a_foreign_id_is_answered_like_a_missing_one(
    user: Client, owner: tuple[Client, dict[str, str]], asked: Asked, name: str, status: int
) -> None:
    here, (other, theirs) = begin(user), owner
    mine = {"novel_id": here.novel_id, "stage_id": here.stage_id, "session_id": here.session_id}
    before = user.row_counts(), other.row_counts()
    foreign = asked.send(user, mine | {name: theirs[name]})
    assert foreign.status_code == status, foreign.text
    assert told(foreign) == told(asked.send(user, mine | {name: str(uuid4())}))
    assert (user.row_counts(), other.row_counts()) == before


def test_lists_and_filters_show_nothing_of_somebody_else(user: Client, owner: tuple[Client, dict[str, str]]) -> None:
    here, (_, theirs) = begin(user), owner
    sessions = user.get("/conversations/sessions", scope_type="GENESIS", scope_id=theirs["novel_id"])
    assert (sessions.json(), sessions.headers["x-total-count"]) == ([], "0")
    assert [novel["id"] for novel in user.get("/novels").json()] == [here.novel_id]
    assert user.get(f"{here.stage_path}/rounds", session_id=theirs["session_id"]).json() == []


# Who asks.


@pytest.mark.parametrize("asked", GUARDED, ids=str)
def test_without_a_token_everything_but_what_is_public_is_unauthenticated(studio: Studio, asked: Asked) -> None:
    response = asked.send(studio.nobody(), missing_ids())
    refused(response, 401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("asked", [asked for asked in REQUESTS if asked.public], ids=str)
def test_what_is_public_needs_no_token(studio: Studio, asked: Asked) -> None:
    assert asked.send(studio.nobody(), missing_ids()).status_code == 200


# Headers.


@pytest.mark.parametrize("asked", VERSIONED, ids=str)
def test_if_match_is_compared_wherever_there_is_a_version(owner: tuple[Client, dict[str, str]], asked: Asked) -> None:
    user, ids = owner
    before = user.row_counts()
    stale = refused(asked.send(user, ids, headers={"If-Match": '"999"'}), 412, "PRECONDITION_FAILED")
    assert stale["current_version"] < 999
    for garbage in ("seven", '"seven"', "7", '"1", "2"', '"-1"'):
        refused(asked.send(user, ids, headers={"If-Match": garbage}), 400, "INVALID_IF_MATCH")
    assert user.row_counts() == before


@pytest.mark.parametrize("key", ["", "two words", "x" * 256, "schlüssel", "tab\there"])
@pytest.mark.usefixtures("unchanged")
def test_a_key_that_is_not_visible_ascii_is_refused(user: Client, key: str) -> None:
    response = user.post("/novels", {"title": "Salt"}, headers={"Idempotency-Key": key})
    refused(response, 400, "INVALID_IDEMPOTENCY_KEY")


def test_a_key_used_with_another_body_or_path_is_refused(user: Client) -> None:
    key = {"Idempotency-Key": "once"}
    novel = user.post("/novels", {"title": "Salt"}, headers=key).json()
    before = user.row_counts()
    refused(user.post("/novels", {"title": "Sea"}, headers=key), 422, "IDEMPOTENCY_MISMATCH")
    refused(user.post("/conversations/sessions", {"title": "Salt"}, headers=key), 422, "IDEMPOTENCY_MISMATCH")
    refused(user.patch(f"/novels/{novel['id']}", {"title": "Salt"}, headers=key), 422, "IDEMPOTENCY_MISMATCH")
    assert user.row_counts() == before


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_of_another_type_is_not_supported(user: Client, content_type: str) -> None:
    response = user.post("/novels", {"title": "Salt"}, headers={"Content-Type": content_type})
    refused(response, 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
)
def test_json_by_any_of_its_names_is_supported(user: Client, content_type: str) -> None:
    assert user.post("/novels", {"title": "Salt"}, headers={"Content-Type": content_type}).status_code == 201


@pytest.mark.parametrize("position", ["garbage", "", "AAAA", "é"])
def test_a_position_to_wait_for_that_is_none_is_refused(user: Client, position: str) -> None:
    refused(user.get("/novels", headers={"X-Min-Position": position}), 400, "INVALID_MIN_POSITION")


# Addresses.


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/novels", "POST"),
        ("GET", "/novels", "POST"),
        ("POST", "/novels/{id}", "PATCH"),
        ("PATCH", "/genesis/flows/{id}", "POST"),
        ("DELETE", "/conversations/sessions/{id}/rounds", "POST"),
    ],
)
def test_an_address_takes_the_methods_it_names(user: Client, method: str, path: str, allowed: str) -> None:
    response = user.write(method, path.format(id=uuid4()), {})
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert allowed in response.headers["allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_of_reads_takes_no_writes(user: Client, studio: Studio, method: str) -> None:
    headers = {"Authorization": f"Bearer {user.token}"}
    response = studio.http.request(method, studio.query_urls[0] + API + "/novels", json={"title": "x"}, headers=headers)
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in response.headers["allow"]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["/nowhere", "/novels/{id}/nothing", "/../secret", "/genesis", "//novels"])
def test_an_unknown_address_is_not_found(user: Client, path: str) -> None:
    refused(user.post(path.format(id=uuid4()), {}), 404, "NOT_FOUND")
    refused(user.get(path.format(id=uuid4())), 404, "NOT_FOUND")


# Queries.


@pytest.mark.parametrize("asked", [asked for asked in GUARDED if asked.method == "GET" and not asked.gone], ids=str)
def test_a_read_refuses_a_parameter_it_does_not_know(owner: tuple[Client, dict[str, str]], asked: Asked) -> None:
    user, ids = owner
    refused(asked.send(asked.by(user), ids, colour="red"), *asked.invalid, "/colour")


@pytest.mark.parametrize(
    "path", ["/novels?limit=1&limit=2", "/novels?limit=ten", "/novels?limit=1.5", "/novels?offset=1e3"]
)
def test_a_number_in_a_query_is_one_whole_number(user: Client, path: str) -> None:
    refused(user.get(path), 422, "VALIDATION_ERROR", "/limit" if "limit" in path else "/offset")


@pytest.mark.parametrize("path", ["/novels/%00", "/conversations/sessions/%00", "/conversations/sessions?scope_id=%00"])
def test_a_nul_in_an_address_is_refused(user: Client, path: str) -> None:
    refused(user.get(path), 422, "VALIDATION_ERROR")
