"""State, status and the event stream, with two of every process."""

from itertools import groupby
from uuid import uuid4

import httpx
import pytest

from tests.kit.studio import API, Client, Frame, Stream, Studio

SEED = "Command.Genesis.Session.Seed.Request"


@pytest.fixture
def session_id(user: Client) -> str:
    """A session working for a flow's first stage."""
    return user.new_stage_session(user.new_flow())[1]


def _add_rounds(user: Client, session_id: str, count: int) -> None:
    for number in range(count):
        answer = user.post(f"/conversations/sessions/{session_id}/messages", {"content": f"word {number}"})
        assert answer.status_code == 201, answer.text


def _read_at_once(user: Client, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    """A read that waits for nothing but what its headers say."""
    authorization = {"Authorization": f"Bearer {user.token}"}
    return httpx.get(user.studio.query_urls[-1] + API + path, headers=authorization | (headers or {}))


def _said(stream: Stream, count: int) -> list[str]:
    """What was said, once `count` rounds have come."""
    stream.until(lambda _: len(_rounds(stream.frames)) >= count, what=f"{count} rounds")
    return _rounds(stream.frames)


def _rounds(frames: list[Frame]) -> list[str]:
    return [frame.payload["input"]["content"] for frame in frames if frame.event == "Conversation.Round.Created"]


def test_ac76_a_202_has_a_location_that_leads_to_the_end_of_the_command(user: Client, session_id: str) -> None:
    answer = user.command(session_id, SEED, user_input="A keeper hears letters.")
    assert answer.status_code == 202
    status = user.get(answer.headers["location"].removeprefix(API))
    assert status.json()["status"] in ("RECEIVED", "PROCESSING", "COMPLETED")
    ended = user.finished_command(answer.json()["command_id"])
    assert (ended["status"], ended["progress"]) == ("COMPLETED", 100)
    assert [task["status"] for task in ended["tasks"]] == ["COMPLETED"]


def test_what_was_said_before_the_last_ten_rounds_is_summed_up_in_the_session(user: Client, session_id: str) -> None:
    path = f"/conversations/sessions/{session_id}"
    for number in range(6):
        answer = user.command(session_id, SEED, user_input=f"A keeper hears letters, {number} of them.")
        user.finished_command(answer.json()["command_id"])
    session = user.get(path).json()
    first, second = session["state"]["summary"].splitlines()
    assert first == "user: A keeper hears letters, 0 of them."
    assert second.startswith("assistant: ")
    assert session["version"] == 2
    kept = user.write("PATCH", path, {"state": {"mood": "calm"}}).json()["state"]
    assert kept == {**session["state"], "mood": "calm"}


def test_a_state_in_the_metadata_that_is_no_object_counts_as_none(user: Client, session_id: str) -> None:
    path = f"/conversations/sessions/{session_id}"
    odd = user.write("PATCH", path, {"metadata": {"state": "calm"}}).json()
    assert (odd["state"], odd["metadata"]) == ({}, {"state": "calm"})
    assert user.get(path).json()["state"] == {}
    mended = user.write("PATCH", path, {"state": {"mood": "calm"}})
    assert (mended.status_code, mended.json()["state"]) == (200, {"mood": "calm"})


def test_ac77_state_is_pending_at_once_and_has_the_result_afterwards(user: Client, session_id: str) -> None:
    path = f"/genesis/sessions/{session_id}/state"
    before = user.get(path).json()
    assert (before["is_pending"], before["last_result"]) == (False, None)
    with user.studio.without_task_workers():
        command_id = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
        # Not waiting for any read model: it must be true without one.
        pending = _read_at_once(user, path).json()
    assert (pending["is_pending"], pending["pending_command"]["command_id"]) == (True, command_id)
    assert SEED not in pending["available_actions"]
    assert user.finished_command(command_id)["status"] == "COMPLETED"
    after = user.get(path).json()
    assert (after["is_pending"], after["last_result"]["version"], after["iteration_count"]) == (False, 1, 1)


def test_ac78_a_stream_needs_a_token_and_a_user_has_five_at_most(user: Client, studio: Studio) -> None:
    url = studio.query_urls[0] + API + "/events/stream"
    assert httpx.get(url).status_code == 401
    headers = {"Authorization": f"Bearer {user.token}"}
    streams = [httpx.Client() for _ in range(5)]
    try:
        for client in streams:
            opened = client.send(client.build_request("GET", url, headers=headers), stream=True)
            assert opened.headers["content-type"].startswith("text/event-stream")
        sixth = httpx.get(url, headers=headers)
        assert sixth.status_code == 429
        assert int(sixth.headers["retry-after"]) > 0
    finally:
        for client in streams:
            client.close()


def test_ac79_a_slow_command_tells_its_whole_life_in_order(user: Client, session_id: str) -> None:
    with user.stream(session_id=session_id) as stream:
        command_id = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
        frames = stream.until(lambda frame: frame.event == "Genesis.Session.Concept.Proposed")
    story = [
        "Genesis.Session.Seed.Requested",
        "Genesis.Session.Generation.Started",
        "task.progress-updated",
        "Genesis.Session.Concept.Proposed",
    ]
    # A slow machine has more progress to tell.
    assert [event for event, _ in groupby(frame.event for frame in frames if frame.event in story)] == story
    changes = [frame.payload["new_status"] for frame in frames if frame.event == "command.status-changed"]
    assert changes == ["RECEIVED", "PROCESSING", "COMPLETED"]
    told = [frame for frame in frames if frame.event in story or frame.event == "command.status-changed"]
    assert {frame.data["correlation_id"] for frame in told} == {command_id}
    assert all(frame.data["stage_id"] for frame in told)
    assert all((frame.id is None) == (frame.event[0].islower()) for frame in frames if "." in frame.event)


def test_ac80_a_stream_goes_on_exactly_where_it_was_cut(user: Client, studio: Studio, session_id: str) -> None:
    other = studio.user()
    other_session = other.new_stage_session(other.new_flow())[1]
    with user.stream() as stream:
        _add_rounds(user, session_id, 1)
        cut = stream.until(lambda frame: frame.event == "Conversation.Round.Created")[-1].id
    _add_rounds(user, session_id, 30)
    _add_rounds(other, other_session, 3)
    with user.stream(last_event_id=cut) as stream:
        _add_rounds(user, session_id, 1)
        assert _said(stream, 31) == [f"word {number}" for number in range(30)] + ["word 0"]
    assert {(frame.event, frame.data["session_id"]) for frame in stream.events()} == {
        ("Conversation.Round.Created", session_id)
    }
    positions = [int(frame.id.rsplit("-", 1)[1]) for frame in stream.events() if frame.id]
    assert positions == sorted(set(positions))


def test_ac82_events_between_reading_the_state_and_connecting_are_delivered(user: Client, session_id: str) -> None:
    cursor = user.get(f"/conversations/sessions/{session_id}/state").json()["last_event_id"]
    _add_rounds(user, session_id, 3)
    with user.stream(last_event_id=cursor) as stream:
        assert _said(stream, 3) == ["word 0", "word 1", "word 2"]


def test_ac83_a_write_is_visible_to_the_read_that_names_its_position(user: Client) -> None:
    for number in range(20):
        made = user.post("/novels", {"title": f"Novel {number}"})
        path = f"/novels/{made.json()['id']}"
        read = _read_at_once(user, path, {"X-Min-Position": made.headers["x-event-position"]})
        assert "x-projection-stale" not in read.headers, "a healthy studio is never two seconds behind"
        assert read.json()["title"] == f"Novel {number}"


def test_a_stream_of_another_history_is_told_to_start_anew(user: Client, session_id: str) -> None:
    with user.stream(last_event_id=f"{uuid4().hex}-1") as stream:
        frames = stream.until(lambda frame: frame.event == "stream.reset")
    assert frames[-1].data["reason"]


def test_a_stream_token_opens_one_stream_and_no_second(user: Client, studio: Studio) -> None:
    url = studio.query_urls[0] + API
    answer = httpx.post(f"{url}/auth/sse-token", headers={"Authorization": f"Bearer {user.token}"})
    token = answer.json()["sse_token"]
    with httpx.stream("GET", f"{url}/events/stream", params={"sse_token": token}) as first:
        assert first.status_code == 200
        assert httpx.get(f"{studio.query_urls[1]}{API}/events/stream", params={"sse_token": token}).status_code == 401


def test_ac72_a_cancelled_command_fails_as_cancelled_and_its_result_never_comes(user: Client, session_id: str) -> None:
    with user.studio.without_task_workers():
        command_id = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
        path = f"/conversations/sessions/{session_id}/commands/{command_id}/cancel"
        assert user.post(path, {"reason": "changed my mind"}).status_code == 200
    ended = user.finished_command(command_id)
    assert (ended["status"], ended["error_code"]) == ("FAILED", "CANCELLED")
    assert [task["status"] for task in ended["tasks"]] == ["CANCELLED"]
    again = user.post(path, {})
    assert (again.status_code, again.json()["code"]) == (409, "COMMAND_FINISHED")
    # The session is free for the next one, whose result is the record's first version.
    following = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
    assert user.finished_command(following)["status"] == "COMPLETED"
    assert user.get(f"/genesis/sessions/{session_id}/state").json()["last_result"]["version"] == 1


def test_who_waits_for_a_command_is_told_that_it_was_cancelled(user: Client, session_id: str) -> None:
    before = user.get(f"/genesis/sessions/{session_id}/state").json()["last_event_id"]
    with user.studio.without_task_workers():
        command_id = user.command(session_id, SEED, user_input="A keeper hears letters.").json()["command_id"]
        path = f"/conversations/sessions/{session_id}/commands/{command_id}/cancel"
        cancelling = user.post(path, {}).headers["x-command-id"]
    with user.stream(last_event_id=before) as stream:
        frames = stream.until(lambda frame: frame.event == "Genesis.Session.Generation.Failed")
    of_the_command = [frame for frame in frames if frame.data["correlation_id"] == command_id]
    changes = [frame.payload for frame in of_the_command if frame.event == "command.status-changed"]
    assert [(change["command_id"], change["new_status"]) for change in changes] == [
        (command_id, "RECEIVED"),
        (command_id, "FAILED"),
    ]
    assert changes[-1]["old_status"] == "RECEIVED"
    assert changes[-1]["error_message"] == "The command was cancelled."
    assert (of_the_command[-1], of_the_command[-1].data["causation_id"]) == (frames[-1], cancelling)
