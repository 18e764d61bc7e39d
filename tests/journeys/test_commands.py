"""Commands and the outbox, over HTTP with two of every process."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import jwt
import pytest

from tests.kit.studio import Client, Studio
from tests.kit.waiting import eventually_sync

SEED = "Command.Genesis.Session.Seed.Request"


@pytest.fixture
def session_id(user: Client) -> str:
    """A session working for a flow's first stage."""
    return user.new_stage_session(user.new_flow())[1]


def test_ac7_the_type_alone_chooses_the_handler_and_an_unknown_one_leaves_no_row(user: Client, session_id: str) -> None:
    started = user.command(session_id, "SESSION_START", initial_input="A keeper hears letters from the sea.")
    assert started.json()["type"] == "Command.Genesis.Session.Start"
    failed = user.command(session_id, "Command.Genesis.Session.Fail", reason="lost the thread")
    assert failed.json()["result"]["status"] == "FAILED"
    before = _rows(user)
    refused = user.command(session_id, "Command.Genesis.Session.Dance")
    assert (refused.status_code, refused.json()["code"]) == (422, "UNKNOWN_COMMAND_TYPE")
    assert _rows(user) == before


def test_ac10_an_open_command_refuses_another_of_its_type_and_names_itself(user: Client, session_id: str) -> None:
    with user.studio.without_task_workers():
        first = user.command(session_id, SEED, user_input="A keeper hears letters.")
        before = _rows(user)
        second = user.command(session_id, "SEED_REQUEST", user_input="Something else.")
        assert _rows(user) == before
    body = second.json()
    assert (first.status_code, second.status_code, body["error_code"]) == (202, 409, "DUPLICATE_COMMAND")
    assert body["duplicate_command_id"] == first.json()["command_id"]


def test_a_refusal_of_the_moment_is_remembered_with_its_key_like_any_other(user: Client, session_id: str) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    path = f"/conversations/sessions/{session_id}/commands"
    body = {"type": SEED, "payload": {"user_input": "Something else."}}
    with user.studio.without_task_workers():
        first = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
        refused = user.post(path, body, headers=key)
    assert user.finished_command(first)["status"] == "COMPLETED"
    again = user.post(path, body, headers=key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (409, "true")
    assert again.json() == refused.json()
    assert user.post(path, body).status_code == 202


def test_ac11_of_twenty_parallel_commands_of_a_type_one_is_taken(user: Client, session_id: str) -> None:
    body = {"type": SEED, "payload": {"user_input": "A keeper hears letters."}}
    path = f"/conversations/sessions/{session_id}/commands"
    with user.studio.without_task_workers(), ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: user.post(path, body), range(20)))
        rows = user.studio.rows(
            "SELECT id::text FROM command_inbox WHERE session_id = %s AND command_type = %s", session_id, SEED
        )
    assert sorted(answer.status_code for answer in answers) == [202] + 19 * [409]
    (taken,) = [answer.json()["command_id"] for answer in answers if answer.status_code == 202]
    assert rows == [(taken,)]
    assert user.finished_command(taken)["status"] == "COMPLETED"


def test_ac12_a_key_gives_the_first_answer_again_and_another_body_is_refused(user: Client) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = user.post("/novels", {"title": "Once"}, headers=key)
    again = user.post("/novels", {"title": "Once"}, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-event-position"] == first.headers["x-event-position"]
    assert again.headers["etag"] == first.headers["etag"]
    other = user.post("/novels", {"title": "Twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")


def test_ac12_a_key_sent_in_parallel_has_one_effect(user: Client) -> None:
    key = {"Idempotency-Key": f"parallel-{uuid4()}"}
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: user.post("/novels", {"title": "Once"}, headers=key), range(32)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert user.get("/novels").headers["x-total-count"] == "1"


def test_ac12_a_key_of_another_user_is_independent_even_when_it_is_a_uuid(user: Client, studio: Studio) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    mine = user.post("/novels", {"title": "Mine"}, headers=key)
    theirs = studio.user().post("/novels", {"title": "Theirs"}, headers=key)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.headers["x-command-id"] == key["Idempotency-Key"]
    assert theirs.headers["x-command-id"] != key["Idempotency-Key"]


def test_a_refusal_is_remembered_with_its_key_and_forgotten_without(user: Client) -> None:
    path, key = f"/genesis/flows/{uuid4()}", {"Idempotency-Key": str(uuid4())}
    before = _rows(user)
    assert user.post(path, {}).status_code == 404
    assert _rows(user) == before
    first, again = user.post(path, {}, headers=key), user.post(path, {}, headers=key)
    assert (first.status_code, again.status_code) == (404, 404)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


def test_ac13_an_open_command_of_one_session_does_not_block_another_session(user: Client) -> None:
    flow = user.new_flow()
    sessions = [user.new_stage_session(flow)[1] for _ in range(2)]
    with user.studio.without_task_workers():
        answers = [user.command(session, SEED, user_input="A keeper hears letters.") for session in sessions]
    assert [answer.status_code for answer in answers] == [202, 202]


@pytest.mark.parametrize("name", ["FINISH_GENESIS", "SESSION_FINISH", "Command.Genesis.Session.Finish"])
@pytest.mark.parametrize("field", ["type", "command_type"])
def test_ac14_every_name_of_finish_under_both_fields_runs_finish(
    name: str, field: str, user: Client, session_id: str
) -> None:
    answer = user.post(f"/conversations/sessions/{session_id}/commands", {field: name})
    assert (answer.status_code, answer.json()["code"]) == (409, "STAGE_INCOMPLETE")


def test_ac15_every_committed_event_reaches_the_broker_and_is_marked_sent(user: Client) -> None:
    user.new_flow()

    def unsent() -> list[tuple[object, ...]]:
        return user.studio.rows(
            "SELECT o.id FROM event_outbox o JOIN domain_events e ON e.event_id = o.id "
            "WHERE e.metadata ->> 'user_id' = %s AND (o.status <> 'SENT' OR o.sent_at IS NULL)",
            _user_id(user),
        )

    assert eventually_sync(lambda: not unsent(), what="every row is SENT")


def test_ac48_the_whole_chain_of_a_command_carries_its_id(user: Client, session_id: str) -> None:
    command_id = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
    assert user.finished_command(command_id)["status"] == "COMPLETED"
    events = user.studio.rows(
        "SELECT event_type, metadata FROM domain_events WHERE correlation_id = %s ORDER BY id", command_id
    )
    assert [event_type for event_type, _ in events] == [
        "Genesis.Session.Seed.Requested",
        "Conversation.Round.Created",
        "Genesis.Session.Generation.Started",
        "Genesis.Session.Concept.Proposed",
        "Genesis.Stage.SettingsSaved",
        "Conversation.Round.Created",
    ]
    assert all(metadata["flow_id"] and metadata["stage_id"] for _, metadata in events)
    tasks = user.studio.rows(
        "SELECT correlation_id::text FROM async_tasks WHERE triggered_by_command_id = %s", command_id
    )
    assert tasks == [(command_id,)]
    rounds = user.get(f"/conversations/sessions/{session_id}/rounds").json()
    assert [(r["role"], r["correlation_id"], r["round_path"]) for r in rounds] == [
        ("user", command_id, "1"),
        ("assistant", command_id, "1.1"),
    ]


def test_two_proposals_differ_and_the_first_one_stays(user: Client, session_id: str) -> None:
    titles = []
    for _ in range(2):
        command_id = user.command(session_id, SEED, user_input="守灯人收到未来的来信").json()["command_id"]
        assert user.finished_command(command_id)["status"] == "COMPLETED"
        state = user.get(f"/conversations/sessions/{session_id}/state").json()
        titles.append([candidate["title"] for candidate in state["last_result"]["settings"]["concept_candidates"]])
    assert not set(titles[0]) & set(titles[1])
    stage_id = state["stage_id"]
    versions = user.get(f"/genesis/instances/{stage_id}/settings").json()
    assert [(version["version"], version["source"]) for version in versions] == [(2, "ai"), (1, "ai")]
    assert "守灯人收到未来的来信" in json.dumps(versions, ensure_ascii=False)


def _user_id(user: Client) -> str:
    assert user.token is not None
    return str(jwt.decode(user.token, options={"verify_signature": False})["sub"])


def _rows(user: Client) -> list[tuple[object, ...]]:
    user_id = _user_id(user)
    return user.studio.rows(
        "SELECT (SELECT count(*) FROM command_inbox WHERE user_id = %s),"
        " (SELECT count(*) FROM domain_events WHERE metadata ->> 'user_id' = %s)",
        user_id,
        user_id,
    )
