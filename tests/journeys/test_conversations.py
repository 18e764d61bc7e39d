"""Sessions and rounds of conversations, for any scope and for the stages of a genesis."""

from typing import Any

import pytest

from tests.journeys.genesis_walks import advance, begin, confirm
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio

SESSIONS = "/conversations/sessions"


def new_session(user: Client, **body: Any) -> str:
    return str(user.created(SESSIONS, body)["id"])


def say(user: Client, session_id: str, text: str, **more: Any) -> dict[str, Any]:
    return user.created(f"{SESSIONS}/{session_id}/rounds", {"role": "user", "content": text} | more)


def texts(rounds: list[dict[str, Any]]) -> list[str]:
    return [one["content"]["content"] for one in rounds]


# Sessions.


def test_ac50_a_session_with_title_and_metadata_only_is_general_active_and_of_version_one(user: Client) -> None:
    response = user.post(SESSIONS, {"title": "Ideas", "metadata": {"mood": "blue"}})
    session = response.json()
    assert (response.status_code, response.headers["etag"]) == (201, '"1"')
    assert response.headers["location"] == f"/api/v1{SESSIONS}/{session['id']}"
    assert (session["scope_type"], session["scope_id"], session["novel_id"]) == ("GENERAL", None, None)
    assert (session["status"], session["version"], session["title"]) == ("ACTIVE", 1, "Ideas")
    assert (session["metadata"], session["state"], session["stage"]) == ({"mood": "blue"}, {}, None)
    assert session["user_id"] == str(user.id)


def test_ac50_a_session_without_a_title_has_the_usual_one(user: Client) -> None:
    assert user.created(SESSIONS, {})["title"] == "新对话"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scope_type": "CHAPTER"}, ""),
        ({"scope_type": "NOWHERE"}, "/scope_type"),
        ({"title": ""}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"stage": "LATER"}, "/stage"),
        ({"metadata": []}, "/metadata"),
    ],
)
def test_a_session_that_is_not_whole_is_refused(user: Client, body: dict[str, Any], pointer: str) -> None:
    refused(user.post(SESSIONS, body), 422, "VALIDATION_ERROR", pointer)


@pytest.mark.parametrize("scope_id", ["00000000-0000-4000-8000-000000000000", "no novel"])
def test_a_genesis_session_needs_a_novel(user: Client, scope_id: str) -> None:
    refused(user.post(SESSIONS, {"scope_type": "GENESIS", "scope_id": scope_id}), 404, "NOVEL_NOT_FOUND")


def test_ac51_a_change_made_for_the_current_version_gives_the_next(user: Client) -> None:
    path = f"{SESSIONS}/{new_session(user)}"
    changed = user.patch(path, {"status": "PAUSED"}, headers={"If-Match": user.get(path).headers["etag"]})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["status"], changed.json()["version"]) == ("PAUSED", 2)
    stale = user.patch(path, {"status": "COMPLETED"}, headers={"If-Match": '"1"'})
    assert refused(stale, 412, "PRECONDITION_FAILED")["current_version"] == 2
    refused(user.patch(path, {"status": "COMPLETED"}, headers={"If-Match": "W/2"}), 400, "INVALID_IF_MATCH")
    shown = user.get(path)
    assert (shown.json()["status"], shown.headers["etag"]) == ("PAUSED", '"2"')
    assert user.get(path, headers={"If-None-Match": '"2"'}).status_code == 304


def test_ac51_of_ten_parallel_changes_for_one_version_one_is_made(user: Client) -> None:
    path = f"{SESSIONS}/{new_session(user)}"
    answers = at_once(10, lambda n: user.patch(path, {"title": f"title {n}"}, headers={"If-Match": '"1"'}))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    assert user.get(path).json()["version"] == 2


def test_state_merges_into_the_metadata_and_what_is_already_so_is_no_new_version(user: Client) -> None:
    path = f"{SESSIONS}/{new_session(user, scope_type='CHAPTER', scope_id='7', initial_state={'a': 1})}"
    changed = user.patch(path, {"state": {"b": 2}, "stage": "WORLDVIEW", "title": "Seven"}).json()
    assert (changed["state"], changed["stage"], changed["version"]) == ({"a": 1, "b": 2}, "WORLDVIEW", 2)
    assert changed["metadata"] == {"state": {"a": 1, "b": 2}, "stage": "WORLDVIEW"}
    assert user.patch(path, {"title": "Seven"}).json()["version"] == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"status": "PROCESSING"}, "/status"),
        ({"status": "active"}, "/status"),
        ({"scope_id": "x"}, "/scope_id"),
    ],
)
def test_a_session_cannot_be_changed_to_just_anything(user: Client, body: dict[str, Any], pointer: str) -> None:
    refused(user.patch(f"{SESSIONS}/{new_session(user)}", body), 422, "VALIDATION_ERROR", pointer)


def test_ac54_a_session_is_shown_flat_wrapped_and_with_its_rounds(user: Client, studio: Studio) -> None:
    session_id = new_session(user, title="Ideas")
    said = say(user, session_id, "hello")
    body = user.get(f"{SESSIONS}/{session_id}").json()
    assert (body["id"], body["title"], body["rounds"], body["rounds_truncated"]) == (session_id, "Ideas", [said], False)
    assert body["session"] == {name: body[name] for name in body["session"]}
    assert user.get(f"{SESSIONS}/{session_id}", include="none").json()["rounds"] == []
    foreign = refused(studio.user().get(f"{SESSIONS}/{session_id}"), 404, "SESSION_NOT_FOUND")
    assert foreign["detail"] == "Session not found"


@pytest.mark.parametrize("path", ["stage", "stage/validate", "stage/lock"])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
def test_ac56_the_stage_of_a_session_is_gone_and_says_where_to_look(user: Client, method: str, path: str) -> None:
    address = f"{SESSIONS}/{new_session(user)}/{path}"
    response = user.get(address) if method == "GET" else user.write(method, address, {})
    assert refused(response, 410, "GONE")["replacement"] == "/genesis/flows/{novel_id}"


def test_ac58_sessions_are_listed_by_scope_and_status_newest_first(user: Client, studio: Studio) -> None:
    first, second, third = (new_session(user, scope_type="CHAPTER", scope_id="7") for _ in range(3))
    new_session(user, scope_type="CHAPTER", scope_id="8")
    new_session(user)
    new_session(studio.user(), scope_type="CHAPTER", scope_id="7")
    user.patch(f"{SESSIONS}/{second}", {"status": "PAUSED"})
    say(user, first, "moves it up")
    scope: dict[str, Any] = {"scope_type": "CHAPTER", "scope_id": "7"}
    page = user.get(SESSIONS, **scope)
    assert [one["id"] for one in page.json()] == [first, second, third]
    assert page.headers["x-total-count"] == "3"
    assert [one["id"] for one in user.get(SESSIONS, **scope, status="PAUSED").json()] == [second]
    rest = user.get(SESSIONS, **scope, limit=1, offset=1)
    assert ([one["id"] for one in rest.json()], rest.headers["x-total-count"]) == ([second], "3")
    assert len(user.get(SESSIONS, scope_type="GENERAL").json()) == 1
    assert len(user.get(SESSIONS).json()) == 5


def test_ac58_a_busy_session_is_listed_as_processing(user: Client, studio: Studio) -> None:
    here = begin(user)
    scope: dict[str, Any] = {"scope_type": "GENESIS", "scope_id": here.novel_id}
    with studio.without_task_workers():
        user.command(here.session_id, "SEED_REQUEST")
        assert user.get(here.session_path).json()["status"] == "PROCESSING"
        (busy,) = user.get(SESSIONS, **scope, status="PROCESSING").json()
        assert (busy["id"], busy["status"]) == (here.session_id, "PROCESSING")
        assert user.get(SESSIONS, **scope, status="ACTIVE").json() == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"scope_type": "CHAPTER"}, "/scope_id"),
        ({"scope_id": "7"}, "/scope_type"),
        ({"limit": "0"}, "/limit"),
        ({"limit": "201"}, "/limit"),
        ({"offset": "-1"}, "/offset"),
        ({"status": "BUSY"}, "/status"),
        ({"color": "red"}, "/color"),
    ],
)
def test_a_list_of_sessions_refuses_parameters_out_of_bounds(user: Client, query: dict[str, Any], pointer: str) -> None:
    refused(user.get(SESSIONS, **query), 422, "VALIDATION_ERROR", pointer)


def test_ac59_deleting_a_session_takes_its_links_and_passes_the_primary_flag_on(user: Client) -> None:
    here, other = begin(user), begin(user)
    second = user.created(f"{here.stage_path}/sessions", {})["session_id"]
    say(user, here.session_id, "to be forgotten")
    response = user.delete(here.session_path)
    assert (response.status_code, response.content) == (204, b"")
    assert user.events_of(response) == [
        "Conversation.Session.Deleted",
        "Genesis.Stage.SessionUnbound",
        "Genesis.Stage.PrimaryChanged",
    ]
    (link,) = user.get(f"{here.stage_path}/sessions").json()
    assert (link["session_id"], link["is_primary"]) == (second, True)
    assert user.get(f"{here.stage_path}/rounds").json() == []
    refused(user.get(here.session_path), 404, "SESSION_NOT_FOUND")
    refused(user.delete(here.session_path), 404, "SESSION_NOT_FOUND")
    assert [one["session_id"] for one in user.get(f"{other.stage_path}/sessions").json()] == [other.session_id]


def test_a_session_with_an_open_command_is_not_deleted(user: Client, studio: Studio) -> None:
    here = begin(user)
    with studio.without_task_workers():
        user.command(here.session_id, "SEED_REQUEST")
        refused(user.delete(here.session_path), 409, "SESSION_BUSY")
    assert user.get(here.session_path).status_code == 200


# Rounds.


def test_ac52_rounds_are_numbered_and_leave_the_version_alone(user: Client) -> None:
    session_id = new_session(user)
    said = [
        say(user, session_id, f"line {number}", response={"answer": number}, tokens_in=3, cost=0.25)
        for number in (1, 2, 3)
    ]
    assert [(one["sequence_number"], one["round_path"]) for one in said] == [(1, "1"), (2, "2"), (3, "3")]
    for one in said:
        assert one["content"] == one["input"]
        assert one["response"] == one["output"] == {"answer": one["sequence_number"]}
    assert user.get(f"{SESSIONS}/{session_id}").json()["version"] == 1
    shown = user.get(f"{SESSIONS}/{session_id}/rounds/2").json()
    assert (shown, shown["cost"]) == (said[1], 0.25)
    refused(user.get(f"{SESSIONS}/{session_id}/rounds/9"), 404, "ROUND_NOT_FOUND")


def test_ac52_fifty_parallel_rounds_get_fifty_consecutive_numbers(user: Client) -> None:
    session_id = new_session(user)
    numbers = at_once(50, lambda number: say(user, session_id, f"line {number}")["sequence_number"])
    assert sorted(numbers) == list(range(1, 51))


def test_a_round_below_another_gets_the_next_number_there(user: Client) -> None:
    session_id = new_session(user)
    paths = [say(user, session_id, "x", parent_path=parent)["round_path"] for parent in (None, "1", "1", "1.2", None)]
    assert paths == ["1", "1.1", "1.2", "1.2.1", "2"]
    orphan = user.post(f"{SESSIONS}/{session_id}/messages", {"content": "x", "parent_path": "7"})
    refused(orphan, 404, "ROUND_NOT_FOUND")


def test_rounds_are_nested_only_as_deep_as_their_path_can_say(user: Client) -> None:
    session_id = new_session(user)
    path = say(user, session_id, "top")["round_path"]
    while len(path) < 63:
        path = say(user, session_id, "deeper", parent_path=path)["round_path"]
    too_deep = user.post(f"{SESSIONS}/{session_id}/messages", {"content": "x", "parent_path": path})
    refused(too_deep, 422, "VALIDATION_ERROR", "/parent_path")
    assert user.get(f"{SESSIONS}/{session_id}/rounds/{path}").json()["round_path"] == path


@pytest.mark.parametrize(
    ("said", "role", "content"),
    [
        ({"role": "ASSISTANT", "input": {"a": 1}}, "assistant", {"a": 1}),
        ({"role": "Tool", "content": "text"}, "tool", {"content": "text"}),
        ({"role": "system", "content": {"a": 1}, "input": {"a": 1}}, "system", {"a": 1}),
        ({"role": "user", "content": {"中文": "🌊", "rtl": "שלום"}}, "user", {"中文": "🌊", "rtl": "שלום"}),
    ],
)
def test_a_round_takes_roles_in_any_case_and_content_by_either_name(
    user: Client, said: dict[str, Any], role: str, content: dict[str, Any]
) -> None:
    session_id = new_session(user)
    made = user.created(f"{SESSIONS}/{session_id}/rounds", said)
    assert (made["role"], made["input"], made["content"]) == (role, content, content)
    assert user.get(f"{SESSIONS}/{session_id}/rounds", role=role.upper()).json() == [made]


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"content": "x"}, "/role"),
        ({"role": "user"}, "/input"),
        ({"role": "narrator", "content": "x"}, "/role"),
        ({"role": "user", "content": "x", "input": {"y": 1}}, ""),
        ({"role": "user", "content": ["x"]}, "/input"),
        ({"role": "user", "content": "x", "tokens_in": -1}, "/tokens_in"),
        ({"role": "user", "content": "x", "tokens_out": 2**31}, "/tokens_out"),
        ({"role": "user", "content": "x", "latency_ms": 1.5}, "/latency_ms"),
        ({"role": "user", "content": "x", "cost": 999_999.99996}, "/cost"),
        ({"role": "user", "content": "x", "model": "m" * 129}, "/model"),
        ({"role": "user", "content": "x", "parent_path": "1..2"}, "/parent_path"),
        ({"role": "user", "content": "x", "correlation_id": ""}, "/correlation_id"),
    ],
)
def test_a_round_that_could_not_be_kept_is_refused(user: Client, said: dict[str, Any], pointer: str) -> None:
    session_id = new_session(user)
    refused(user.post(f"{SESSIONS}/{session_id}/rounds", said), 422, "VALIDATION_ERROR", pointer)
    assert user.get(f"{SESSIONS}/{session_id}/rounds").json() == []


def test_the_largest_numbers_a_round_takes_are_kept(user: Client) -> None:
    session_id = new_session(user)
    largest = {"tokens_in": 2**31 - 1, "tokens_out": 2**31 - 1, "latency_ms": 2**31 - 1, "cost": 999_999.9999}
    made = say(user, session_id, "x", **largest)
    assert user.get(f"{SESSIONS}/{session_id}/rounds").json() == [made]
    assert {name: made[name] for name in largest} == largest


def test_ac55_a_round_said_twice_under_one_correlation_id_is_there_once(user: Client) -> None:
    session_id = new_session(user)
    path, once = f"{SESSIONS}/{session_id}/rounds", {"role": "user", "content": "once", "correlation_id": "c-1"}
    first, again = user.post(path, once), user.post(path, once)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    conflict = refused(user.post(path, once | {"content": "something else"}), 409, "ROUND_CONFLICT")
    assert conflict["round_path"] == "1"
    assert user.post(path, once | {"role": "assistant", "content": "an answer"}).status_code == 201
    assert texts(user.get(path).json()) == ["once", "an answer"]


def test_ac55_twenty_parallel_repeats_of_a_round_leave_one(user: Client) -> None:
    path = f"{SESSIONS}/{new_session(user)}/messages"
    answers = at_once(20, lambda _: user.post(path, {"content": "once", "correlation_id": "c-1"}))
    assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1


@pytest.fixture(scope="module")
def reader(studio: Studio) -> tuple[Client, str]:
    """A user with a session of 120 rounds, every third one by the assistant."""
    user = studio.user()
    session_id = new_session(user)
    for number in range(1, 121):
        say(user, session_id, f"line {number}", role="assistant" if number % 3 == 0 else "user")
    return user, f"{SESSIONS}/{session_id}/rounds"


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_ac53_a_hundred_and_twenty_rounds_come_in_pages_without_a_gap(reader: tuple[Client, str], order: str) -> None:
    user, path = reader
    pages, after = [], None
    while True:
        page = user.get(path, limit=50, order=order, **({"after": after} if after else {}))
        pages.append([one["sequence_number"] for one in page.json()])
        after = page.headers.get("x-next-cursor")
        if after is None:
            break
        assert after == page.json()[-1]["round_path"]
    assert [len(page) for page in pages] == [50, 50, 20]
    numbers = [number for page in pages for number in page]
    assert numbers == (list(range(1, 121)) if order == "asc" else list(range(120, 0, -1)))


def test_ac53_pages_of_one_role_are_paged_likewise(reader: tuple[Client, str]) -> None:
    user, path = reader
    first = user.get(path, role="assistant", limit=30)
    assert [one["sequence_number"] for one in first.json()] == list(range(3, 91, 3))
    second = user.get(path, role="assistant", limit=30, after=first.headers["x-next-cursor"])
    assert [one["sequence_number"] for one in second.json()] == list(range(93, 121, 3))
    assert "x-next-cursor" not in second.headers
    # A cursor is a place, whoever spoke there.
    assert user.get(path, role="assistant", after="118").json()[0]["sequence_number"] == 120


def test_ac53_round_ten_comes_after_round_nine(reader: tuple[Client, str]) -> None:
    user, path = reader
    assert [one["round_path"] for one in user.get(path, after="8", limit=3).json()] == ["9", "10", "11"]
    assert [one["round_path"] for one in user.get(path, after="11", limit=3, order="desc").json()] == ["10", "9", "8"]


@pytest.mark.parametrize("cursor", ["121", "1.1", "ten", "'"])
def test_ac53_an_unknown_cursor_is_refused(reader: tuple[Client, str], cursor: str) -> None:
    user, path = reader
    refused(user.get(path, after=cursor), 400, "INVALID_CURSOR")


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "201"}, {"order": "up"}, {"role": "narrator"}])
def test_pages_of_rounds_refuse_parameters_out_of_bounds(reader: tuple[Client, str], query: dict[str, Any]) -> None:
    user, path = reader
    refused(user.get(path, **query), 422, "VALIDATION_ERROR", f"/{next(iter(query))}")


@pytest.mark.parametrize("path", ["rounds/messages", "messages"])
def test_ac57_messages_are_rounds_of_the_user_under_both_paths(user: Client, path: str) -> None:
    session_id = new_session(user)
    said = user.created(f"{SESSIONS}/{session_id}/{path}", {"content": "hello"})
    answered = user.created(f"{SESSIONS}/{session_id}/{path}", {"role": "assistant", "content": "hi"})
    assert (said["role"], said["round_path"], answered["role"]) == ("user", "1", "assistant")
    assert user.get(f"{SESSIONS}/{session_id}/rounds").json() == [said, answered]


def test_ac57_equal_messages_have_equal_effects_under_both_paths(user: Client) -> None:
    session_id = new_session(user)
    body = {"content": "hello", "correlation_id": "c-1"}
    first = user.post(f"{SESSIONS}/{session_id}/rounds/messages", body)
    second = user.post(f"{SESSIONS}/{session_id}/messages", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    "path",
    [
        "/conversations/sessions/{}/commands",
        "/conversations/sessions/{}/rounds/commands",
        "/genesis/sessions/{}/commands",
    ],
)
def test_ac57_commands_have_equal_effects_under_every_path(user: Client, path: str) -> None:
    here = begin(user)
    answer = user.post(path.format(here.session_id), {"type": "PAUSE_GENESIS", "payload": {"reason": "tea"}})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["type"]) == ("COMPLETED", "Command.Genesis.Flow.Pause")
    assert answer.json()["result"] == user.get(here.flow_path).json()


def test_the_paths_of_commands_share_their_keys(user: Client) -> None:
    here, key = begin(user), {"Idempotency-Key": "pause-once"}
    answers = [
        user.post(f"{here.session_path}/{path}", {"type": "PAUSE_GENESIS"}, headers=key)
        for path in ("commands", "rounds/commands")
    ]
    assert answers[0].json() == answers[1].json()
    assert [answer.headers.get("idempotent-replayed") for answer in answers] == [None, "true"]


def test_a_session_whose_stages_are_archived_can_only_be_read(user: Client) -> None:
    here = begin(user)
    say(user, here.session_id, "while it was open")
    confirm(user, here)
    advance(user, here)
    refused(user.post(f"{here.session_path}/messages", {"content": "too late"}), 409, "SESSION_ARCHIVED")
    assert texts(user.get(f"{here.session_path}/rounds").json()) == ["while it was open"]
    assert user.get(here.session_path).json()["status"] == "ACTIVE"


# Commands of a session.


def test_a_commands_status_is_found_by_its_own_session_only(user: Client, studio: Studio) -> None:
    here, other = begin(user), begin(user)
    answer = user.command(here.session_id, "PAUSE_GENESIS").json()
    status = user.get(f"{here.session_path}/commands/{answer['command_id']}").json()
    assert (status["type"], status["status"], status["progress"]) == ("Command.Genesis.Flow.Pause", "COMPLETED", 100)
    assert (status["correlation_id"], status["result"]) == (answer["command_id"], answer["result"])
    refused(user.get(f"{other.session_path}/commands/{answer['command_id']}"), 404, "COMMAND_NOT_FOUND")
    refused(studio.user().get(f"/commands/{answer['command_id']}"), 404, "COMMAND_NOT_FOUND")


def test_the_pending_command_of_a_session_is_its_newest_open_one(user: Client, studio: Studio) -> None:
    here = begin(user)
    path = f"{here.session_path}/pending-command"
    assert user.get(path).json() == {"command_id": None, "command_type": None, "status": None, "submitted_at": None}
    with studio.without_task_workers():
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        pending = user.get(path).json()
    assert (pending["command_id"], pending["status"]) == (command_id, "RECEIVED")
    assert pending["command_type"] == "Command.Genesis.Session.Seed.Request"


def test_type_and_command_type_must_not_differ(user: Client) -> None:
    path = f"{begin(user).session_path}/commands"
    differing = {"type": "PAUSE_GENESIS", "command_type": "RESUME_GENESIS"}
    refused(user.post(path, differing), 422, "VALIDATION_ERROR", "/command_type")


def test_a_payload_that_names_another_session_is_refused(user: Client) -> None:
    here = begin(user)
    other = user.command(here.session_id, "SEED_REQUEST", session_id=begin(user).session_id)
    refused(other, 422, "SESSION_MISMATCH", "/payload/session_id")


def test_typed_commands_are_for_genesis_sessions_that_work_for_the_stage(user: Client) -> None:
    general = new_session(user)
    refused(user.command(general, "SEED_REQUEST"), 422, "SESSION_SCOPE_INVALID")
    here = begin(user)
    unbound = new_session(user, scope_type="GENESIS", scope_id=here.novel_id)
    refused(user.command(unbound, "SEED_REQUEST"), 409, "SESSION_NOT_BOUND")


def test_a_novels_id_in_capitals_is_the_same_novel(user: Client) -> None:
    novel_id = user.new_novel()
    made = user.created("/conversations/sessions", {"scope_type": "GENESIS", "scope_id": novel_id.upper()})
    assert (made["scope_id"], made["novel_id"]) == (novel_id, novel_id)
