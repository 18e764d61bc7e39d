"""The event stream, against a real process and a real PostgreSQL."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from services.runtime.access import User, issue_stream_token
from services.runtime.frames import DATA_BYTES_MAX
from services.runtime.streams import DEFAULT_LIMITS, SAID_MAX
from tests.kit.waiting import eventually_sync
from tests.runtime.query_side.by_hand import (
    SECRET,
    Log,
    Person,
    QueryApi,
    StreamClient,
    Written,
    new_person,
    running_query_api,
    scopes_in_different_lanes,
)

ENDED_CLEANLY = (0, -signal.SIGTERM)
"""uvicorn shuts down, then raises the signal again for whoever watches exit codes."""


def connections(api: QueryApi) -> int:
    """Streams that the process has open."""
    return int(api.get("/events/health").json()["active_connections"])


def happened_before(api: QueryApi, log: Log, owner: Person, **about: str) -> Written:
    """An event that a stream opened from now on does not get live."""
    event = log.happen(owner, **about)
    eventually_sync(lambda: cursor_of(api, owner) == log.cursor(event.position), what="the feed has passed it")
    return event


def cursor_of(api: QueryApi, person: Person) -> str:
    """Where the process says that a stream should start now."""
    return str(api.get("/samples/novels", person).headers["X-Last-Event-ID"])


def has_room(api: QueryApi, person: Person) -> bool:
    """Whether one more stream may be opened."""
    return api.get("/events/stream?preflight=true", person).status_code == 204


# The frames


def test_an_event_is_framed_with_its_ids_and_payload(api: QueryApi, log: Log, person: Person) -> None:
    about = {"session_id": str(uuid4()), "novel_id": str(uuid4()), "flow_id": str(uuid4()), "stage_id": str(uuid4())}
    with api.stream(person) as stream:
        event = log.happen(person, type="Sample.Thing.Renamed", payload={"title": "长夜"}, **about)
        frame = stream.frame()
    assert (frame.id, frame.event) == (log.cursor(event.position), "Sample.Thing.Renamed")
    assert frame.data.keys() == {
        "event_id", "event_type", "aggregate_id", "session_id", "flow_id", "stage_id", "novel_id", "correlation_id",
        "causation_id", "timestamp", "payload", "_scope", "_version",
    }  # fmt: skip
    assert frame.data["payload"] == {"title": "长夜"}
    assert frame.data["event_id"] == str(event.event_id)
    assert {name: frame.data[name] for name in about} == about
    assert (frame.data["_scope"], frame.data["_version"]) == ("session", "1.0")
    assert frame.data["timestamp"].endswith("+00:00")


def test_the_stream_opens_with_the_retry_time_and_an_id_to_resume_by(api: QueryApi, log: Log, person: Person) -> None:
    with api.client.stream("GET", "/events/stream", headers=person.headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.headers["X-Accel-Buffering"] == "no"
        lines = response.iter_lines()
        assert next(lines) == "retry: 3000"
        cursor = next(lines).removeprefix("id: ")
    missed = log.happen(person)
    with api.stream(person, Last_Event_ID=cursor) as stream:
        assert stream.frame().id == log.cursor(missed.position)


def test_a_derived_frame_comes_before_its_event_and_has_no_id(api: QueryApi, log: Log, person: Person) -> None:
    command_id = str(uuid4())
    before = happened_before(api, log, person)
    with api.stream(person) as stream:
        event = log.happen(person, command={"id": command_id, "status": "COMPLETED"})
        live = stream.frames(2)
    with api.stream(person, Last_Event_ID=log.cursor(before.position)) as stream:
        replayed = stream.frames(2)
    assert [(frame.event, frame.id) for frame in live] == [
        ("command.status-changed", None), ("Sample.Thing.Happened", log.cursor(event.position)),
    ]  # fmt: skip
    assert live[0].data["payload"] == {"command_id": command_id, "new_status": "COMPLETED"}
    assert live[0].data["correlation_id"] == live[1].data["correlation_id"]
    # A client applies each event id once, so a frame about an event must not carry it.
    assert "event_id" not in live[0].data
    assert replayed == live


def test_a_large_payload_is_cut_to_a_reference_to_the_whole(api: QueryApi, log: Log, person: Person) -> None:
    payload = {"settings_version": 7, "content": "字" * 40_000}
    with api.stream(person) as stream:
        log.happen(person, payload=payload)
        frame = stream.frame()
    reference = frame.data["payload"]
    assert (reference["truncated"], reference["settings_version"]) == (True, 7)
    whole = api.client.get(f"{api.url}{reference['url']}", headers=person.headers)
    assert whole.json()["payload"] == payload
    assert len(whole.content) > DATA_BYTES_MAX
    stranger = api.client.get(f"{api.url}{reference['url']}", headers=new_person().headers)
    assert stranger.status_code == 404


# Order, and what is held back


def test_an_event_is_held_until_its_lane_is_projected(api: QueryApi, log: Log, person: Person) -> None:
    other = new_person()
    with api.stream(person) as stream, api.stream(other) as others:
        held = log.append(person)
        # The other's frame shows that the feed has passed the held event; the progress, that nothing was sent for it.
        log.happen(other)
        others.frame()
        log.tell_progress(person, 0, "fence")
        assert stream.frame().event == "task.progress-updated"
        log.project(held)
        assert stream.frame().id == log.cursor(held.position)


def test_a_users_events_come_in_position_order_over_all_lanes(api: QueryApi, log: Log, person: Person) -> None:
    slow, fast = scopes_in_different_lanes()
    with api.stream(person) as stream:
        first = log.append(person, scope_id=slow)
        rest = [log.happen(person, scope_id=fast) for _ in range(3)]
        log.tell_progress(person, 0, "fence")
        assert stream.frame().event == "task.progress-updated"
        log.project(first)
        assert [frame.id for frame in stream.frames(4)] == [log.cursor(e.position) for e in (first, *rest)]


def test_a_stuck_lane_holds_back_nobody_elses_events(api: QueryApi, log: Log, person: Person) -> None:
    slow, fast = scopes_in_different_lanes()
    other = new_person()
    log.append(other, scope_id=slow)
    with api.stream(person) as stream:
        event = log.happen(person, scope_id=fast)
        assert stream.frame().id == log.cursor(event.position)


def test_an_event_is_found_without_any_doorbell(api: QueryApi, log: Log, person: Person) -> None:
    with api.stream(person) as stream:
        event = log.append(person)
        log.move_checkpoint(event.lane, event.position)
        assert stream.frame().id == log.cursor(event.position)


# Resuming


def test_resuming_delivers_exactly_the_missed_events_in_order(api: QueryApi, log: Log, person: Person) -> None:
    other = new_person()
    with api.stream(person) as stream:
        last = log.happen(person)
        assert stream.frame().id == log.cursor(last.position)
    missed = [log.happen(owner) for _ in range(30) for owner in (person, other)][::2]
    with api.stream(person, Last_Event_ID=log.cursor(last.position)) as stream:
        live = log.happen(person)
        frames = stream.frames(31)
    assert [frame.id for frame in frames] == [log.cursor(event.position) for event in (*missed, live)]
    assert len({frame.data["event_id"] for frame in frames}) == 31


def test_the_cursor_may_also_come_in_the_query(api: QueryApi, log: Log, person: Person) -> None:
    first, second = log.happen(person), log.happen(person)
    with api.stream(person, f"?last-event-id={log.cursor(first.position)}") as stream:
        assert stream.frame().id == log.cursor(second.position)


def test_several_batches_are_replayed_without_a_hole_while_more_is_happening(
    api: QueryApi, log: Log, person: Person
) -> None:
    start = log.happen(person)
    missed = [log.happen(person) for _ in range(250)]
    live: list[int] = []
    writer = threading.Thread(target=lambda: live.extend(log.happen(person).position for _ in range(100)))
    writer.start()
    with api.stream(person, Last_Event_ID=log.cursor(start.position)) as stream:
        ids = [frame.id for frame in stream.frames(350)]
    writer.join()
    assert ids == [log.cursor(position) for position in ([event.position for event in missed] + live)]


def test_what_happens_between_reading_state_and_connecting_is_delivered(
    api: QueryApi, log: Log, person: Person
) -> None:
    cursor = api.get("/samples/novels", person).headers["X-Last-Event-ID"]
    between = [log.happen(person) for _ in range(3)]
    with api.stream(person, Last_Event_ID=cursor) as stream:
        assert [frame.id for frame in stream.frames(3)] == [log.cursor(event.position) for event in between]


def test_resuming_waits_for_events_that_are_not_projected_yet(api: QueryApi, log: Log, person: Person) -> None:
    slow, fast = scopes_in_different_lanes()
    start = log.happen(person)
    events = [log.happen(person, scope_id=fast), log.append(person, scope_id=slow), log.happen(person, scope_id=fast)]
    with api.stream(person, Last_Event_ID=log.cursor(start.position)) as stream:
        assert stream.frame().id == log.cursor(events[0].position)
        log.tell_progress(person, 0, "fence")
        assert stream.frame().event == "task.progress-updated"
        log.project(events[1])
        assert [frame.id for frame in stream.frames(2)] == [log.cursor(event.position) for event in events[1:]]


def test_without_a_cursor_a_stream_is_live_only(api: QueryApi, log: Log, person: Person) -> None:
    happened_before(api, log, person)
    with api.stream(person) as stream:
        event = log.happen(person)
        assert stream.frame().id == log.cursor(event.position)


def head(log: Log) -> int:
    """The last position of the store."""
    return int(log.scalar("SELECT max(id) FROM domain_events"))


@pytest.mark.parametrize(
    ("reason", "cursor"),
    [
        ("epoch_changed", lambda log: f"{uuid4().hex}-1"),
        ("ahead_of_head", lambda log: log.cursor(head(log) + 1)),
    ],
)
def test_a_cursor_that_cannot_be_honoured_resets_the_stream(
    api: QueryApi, log: Log, person: Person, reason: str, cursor: Callable[[Log], str]
) -> None:
    happened_before(api, log, person)
    with api.stream(person, Last_Event_ID=cursor(log)) as stream:
        reset = stream.frame()
        assert (reset.event, reset.data["reason"]) == ("stream.reset", reason)
        event = log.happen(person)
        assert stream.frame().id == log.cursor(event.position)
    # The reset's own id is a place to resume from.
    with api.stream(person, Last_Event_ID=reset.data["last_event_id"]) as stream:
        assert stream.frame().id == log.cursor(event.position)


def test_a_cursor_ten_thousand_events_back_resets_the_stream(api: QueryApi, log: Log, person: Person) -> None:
    start = log.happen(person)
    last = log.append_many(person, 10_002)
    log.project(last)
    with api.stream(person, Last_Event_ID=log.cursor(start.position)) as stream:
        assert stream.frame().data["reason"] == "too_far_back"
    with api.stream(person, Last_Event_ID=log.cursor(last.position - 150)) as stream:
        positions = [int(str(frame.id).rpartition("-")[2]) for frame in stream.frames(150)]
    assert positions == list(range(last.position - 149, last.position + 1))


def test_a_garbled_cursor_is_refused(api: QueryApi, person: Person) -> None:
    response = api.get("/events/stream", person, Last_Event_ID="yesterday")
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_CURSOR")


# Filters


def test_a_filter_narrows_the_stream_to_what_it_names(api: QueryApi, log: Log, person: Person) -> None:
    novel_id, session_id = str(uuid4()), str(uuid4())
    start = happened_before(api, log, person, scope_id=novel_id, novel_id=novel_id)
    about_session = log.append(person, scope_id=session_id, session_id=session_id)
    with (
        api.stream(person, f"?novel_id={novel_id.upper()}") as novel,
        api.stream(person, f"?context_id={novel_id}&session_id={session_id}") as both,
    ):
        log.project(about_session)
        elsewhere = log.happen(person)
        about_novel = log.happen(person, scope_id=novel_id, novel_id=novel_id)
        assert novel.frame().id == log.cursor(about_novel.position)
        assert [frame.id for frame in both.frames(2)] == [log.cursor(e.position) for e in (about_session, about_novel)]
    with api.stream(person, f"?novel_id={novel_id}", Last_Event_ID=log.cursor(start.position)) as stream:
        assert stream.frame().id == log.cursor(about_novel.position)
    assert elsewhere.position < about_novel.position


def test_types_choose_frames_by_name(api: QueryApi, log: Log, person: Person) -> None:
    with api.stream(person, "?types=command.status-changed,Sample.Thing.Renamed") as stream:
        log.happen(person, command={"id": "1", "status": "RECEIVED"})
        log.happen(person, type="Sample.Thing.Renamed")
        assert [frame.event for frame in stream.frames(2)] == ["command.status-changed", "Sample.Thing.Renamed"]


def test_somebody_elses_novel_cannot_be_streamed(api: QueryApi, log: Log, person: Person) -> None:
    theirs = str(uuid4())
    log.happen(new_person(), scope_id=theirs, novel_id=theirs)
    for unknown in (theirs, str(uuid4())):
        response = api.get(f"/events/stream?novel_id={unknown}", person)
        assert (response.status_code, response.json()["code"]) == (404, "NOT_FOUND")


def test_an_unknown_parameter_of_the_stream_is_refused(api: QueryApi, person: Person) -> None:
    assert api.get("/events/stream?sesion_id=1", person).status_code == 422


# Progress


def test_progress_waits_for_the_event_it_follows_and_the_newest_replaces_it(
    api: QueryApi, log: Log, person: Person
) -> None:
    with api.stream(person) as stream:
        requested = log.append(person)
        for percent in (10, 20, 30):
            log.tell_progress(person, requested.position, "task-1", command_id="c", progress=percent)
        log.tell_progress(person, 0, "task-2", progress=1)
        assert stream.frame().data["payload"]["task_id"] == "task-2"
        log.project(requested)
        event, progress = stream.frames(2)
    assert event.id == log.cursor(requested.position)
    assert (progress.id, progress.event) == (None, "task.progress-updated")
    assert progress.data["payload"] == {"task_id": "task-1", "command_id": "c", "progress": 30}
    assert progress.data["correlation_id"] == "c"


def test_all_pieces_of_a_text_are_told_in_their_order(api: QueryApi, log: Log, person: Person) -> None:
    pieces = [{"offset": 10 * number, "text": f"piece {number:4}"} for number in range(30)]
    with api.stream(person) as stream:
        requested = log.append(person)
        log.tell(person, requested.position, "task-1", "llm.delta", *pieces[:10])
        log.tell_progress(person, requested.position, "task-1", progress=30)
        log.tell(person, requested.position, "task-1", "llm.delta", *pieces[10:])
        log.tell_progress(person, requested.position, "task-1", progress=60)
        log.tell_progress(person, 0, "task-2", progress=1)
        assert stream.frame().data["payload"]["task_id"] == "task-2"
        log.project(requested)
        frames = stream.frames(32)[1:]
    told = [(frame.event, frame.data["payload"]) for frame in frames]
    assert told[:-1] == [("llm.delta", {"task_id": "task-1", **piece}) for piece in pieces]
    assert told[-1] == ("task.progress-updated", {"task_id": "task-1", "progress": 60})


def test_of_what_waits_too_long_the_beginning_goes(api: QueryApi, log: Log, person: Person) -> None:
    with api.stream(person) as stream:
        requested = log.append(person)
        pieces = [{"offset": number, "text": "."} for number in range(SAID_MAX + 1)]
        log.tell(person, requested.position, "task-1", "llm.delta", *pieces)
        log.tell_progress(person, 0, "task-2", progress=1)
        assert stream.frame().data["payload"]["task_id"] == "task-2", "by then all of it was heard"
        log.project(requested)
        offsets = [frame.data["payload"]["offset"] for frame in stream.frames(SAID_MAX + 1)[1:]]
    assert offsets == list(range(1, SAID_MAX + 1))


def test_progress_goes_to_its_user_only_and_obeys_filters(api: QueryApi, log: Log, person: Person) -> None:
    session_id = str(uuid4())
    happened_before(api, log, person, session_id=session_id, scope_id=session_id)
    other = new_person()
    with api.stream(person, f"?session_id={session_id}") as stream, api.stream(other) as others:
        log.tell_progress(person, 0, "task-1", session_id=str(uuid4()))
        log.tell_progress(person, 0, "task-2", session_id=session_id)
        log.tell_progress(other, 0, "task-3")
        assert stream.frame().data["payload"]["task_id"] == "task-2"
        assert others.frame().data["payload"]["task_id"] == "task-3"


# Who may open one


def test_a_stream_needs_a_good_token(api: QueryApi, person: Person) -> None:
    stream_token = api.client.post("/auth/sse-token", headers=person.headers).json()["sse_token"]
    forged, _ = issue_stream_token(b"another secret of 32 bytes at least", User(person.id, ""))
    refused = [
        api.get("/events/stream"),
        api.get("/events/stream", Authorization="Bearer nonsense"),
        # Each kind of token opens its own door only.
        api.get("/events/stream", Authorization=f"Bearer {stream_token}"),
        api.get(f"/events/stream?sse_token={person.token}"),
        api.get("/events/stream", Cookie=f"studio_token={stream_token}"),
        api.get(f"/events/stream?sse_token={forged}"),
        api.client.post("/auth/sse-token"),
    ]
    assert [(response.status_code, response.json()["code"]) for response in refused] == [(401, "UNAUTHENTICATED")] * 7


def test_a_stream_token_opens_one_stream(api: QueryApi, person: Person) -> None:
    issued = api.client.post("/auth/sse-token", headers=person.headers)
    query = f"/events/stream?sse_token={issued.json()['sse_token']}"
    assert issued.json()["expires_at"]
    assert api.get(f"{query}&preflight=true").status_code == 204
    with api.client.stream("GET", query) as response:
        assert response.status_code == 200
    again = api.get(query)
    assert (again.status_code, again.json()["detail"]) == (401, "The stream token has been used.")


def test_used_tokens_are_forgotten_once_they_have_expired(api: QueryApi, log: Log, person: Person) -> None:
    log.scalar("INSERT INTO used_stream_tokens VALUES (gen_random_uuid(), now() - INTERVAL '1 hour') RETURNING 1")
    token = issue_stream_token(SECRET, User(person.id, ""))[0]
    with api.client.stream("GET", f"/events/stream?sse_token={token}") as response:
        assert response.status_code == 200
    assert log.scalar("SELECT count(*) FROM used_stream_tokens WHERE expires_at < now() - INTERVAL '2 minutes'") == 0


def test_a_cookie_opens_a_stream(api: QueryApi, log: Log, person: Person) -> None:
    cookie = {"Cookie": f"studio_token={person.token}"}
    with api.client.stream("GET", "/events/stream", headers=cookie) as response:
        stream = StreamClient(response)
        stream.block()
        event = log.happen(person)
        assert stream.frame().id == log.cursor(event.position)


# How many, and until when


@contextmanager
def deaf_client(api: QueryApi, person: Person) -> Iterator[None]:
    """A client that asks for a stream and never reads it."""
    url = httpx.URL(api.url)
    request = f"GET /api/v1/events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n\r\n"
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((url.host, url.port))
        deaf.sendall(request.encode())
        yield


def test_the_sixth_stream_is_refused_until_one_is_closed(api: QueryApi, person: Person) -> None:
    with api.stream(person), api.stream(person), api.stream(person), api.stream(person):
        with api.stream(person):
            for query in ("", "?preflight=true"):
                refused = api.get(f"/events/stream{query}", person)
                assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_STREAMS")
                assert refused.headers["Retry-After"] == "30"
            with api.stream(new_person()):
                pass
        eventually_sync(lambda: has_room(api, person), what="a closed stream makes room")


def test_a_tab_replaces_its_own_stream(api: QueryApi, log: Log, person: Person) -> None:
    with (
        api.stream(person, "?tab_id=one") as first,
        api.stream(person, "?tab_id=two") as second,
        api.stream(person, "?tab_id=one") as replacement,
    ):
        last = first.rest()
        assert [(frame.event, frame.data) for frame in last] == [
            ("bye", {"reason": "replaced", "reconnect_after_ms": None})
        ]
        event = log.happen(person)
        assert second.frame().id == replacement.frame().id == log.cursor(event.position)


def test_a_tab_replaces_its_stream_even_when_there_is_no_room_for_more(api: QueryApi, person: Person) -> None:
    with ExitStack() as open_streams:
        for query in ("", "", "", "", "?tab_id=t"):
            open_streams.enter_context(api.stream(person, query))
        assert api.get("/events/stream?preflight=true", person).status_code == 429
        with api.stream(person, "?tab_id=t"):
            pass


def test_tearing_down_ends_the_tabs_stream_of_this_user_only(api: QueryApi, log: Log, person: Person) -> None:
    other = new_person()
    with api.stream(person, "?tab_id=t") as mine, api.stream(other, "?tab_id=t") as theirs:
        assert api.client.post("/events/teardown?tab_id=t", headers=person.headers).status_code == 204
        assert [frame.event for frame in mine.rest()] == ["bye"]
        event = log.happen(other)
        assert theirs.frame().id == log.cursor(event.position)
    assert api.client.post("/events/teardown", headers=person.headers).status_code == 422
    assert api.client.post("/events/teardown?tab_id=t").status_code == 401


def test_a_client_that_left_is_forgotten(api: QueryApi, person: Person) -> None:
    eventually_sync(lambda: connections(api) == 0, what="no stream is open")
    with api.stream(person):
        assert connections(api) == 1
    eventually_sync(lambda: connections(api) == 0, what="no stream is open")


def test_health_says_how_many_streams_are_open(api: QueryApi, person: Person) -> None:
    with api.stream(person):
        response = api.get("/events/health")
    assert response.status_code == 200
    assert response.json()["status"] == "healthy"


def test_health_is_unavailable_without_the_log(tmp_path: Path, person: Person) -> None:
    with running_query_api("postgresql://nobody@127.0.0.1:1/nothing", tmp_path, ready=False) as api:
        assert api.get("/events/health").status_code == 503
        assert api.get("/events/stream", person).status_code == 503


def test_ac81_silence_is_broken_by_a_ping_within_fifteen_seconds(
    database_url: str, tmp_path: Path, person: Person
) -> None:
    with running_query_api(database_url, tmp_path, ping_seconds=0.3) as api, api.stream(person) as stream:
        block = stream.block()
        assert (block.comment, block.event, block.id) == ("ping", None, None)
    assert DEFAULT_LIMITS.ping_seconds <= 15


def test_streams_are_rotated_with_a_goodbye_and_resume_without_a_hole(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    with running_query_api(database_url, tmp_path, rotate_seconds=0.5, ping_seconds=0.5) as api:
        cursor = api.get("/samples/novels", person).headers["X-Last-Event-ID"]
        events, ids = [], []
        for _ in range(3):
            with api.stream(person, Last_Event_ID=cursor) as stream:
                events.append(log.happen(person))
                *frames, bye = stream.rest()
                ids += [frame.id for frame in frames]
                cursor = str(ids[-1])
                assert (bye.event, bye.data["reason"]) == ("bye", "rotated")
                assert 0 <= bye.data["reconnect_after_ms"] <= 3_000
    assert ids == [log.cursor(event.position) for event in events]


def test_stopping_says_goodbye_to_every_stream_and_ends_cleanly(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    other = new_person()
    with running_query_api(database_url, tmp_path) as api, api.stream(person) as one, api.stream(other) as two:
        event = log.happen(person)
        assert one.frame().id == log.cursor(event.position)
        api.ask_to_stop()
        for stream in (one, two):
            (bye,) = stream.rest()
            assert (bye.event, bye.data["reason"]) == ("bye", "stopping")
            assert bye.data["reconnect_after_ms"] > 0
        assert api.process.wait(3) in ENDED_CLEANLY


def test_a_client_that_does_not_read_is_told_to_come_back_and_loses_nothing(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    with running_query_api(database_url, tmp_path, frames_waiting_max=4) as api:
        start = log.happen(person)
        with api.stream(person, Last_Event_ID=log.cursor(start.position)) as stream:
            events = [log.append(person, payload={"text": "x" * 60_000}) for _ in range(200)]
            log.project(*events)
            *frames, error, bye = stream.rest()
        assert (error.event, error.data["code"]) == ("sse.error-occurred", "SERVER_OVERLOAD")
        assert bye.event == "bye"
        assert len(frames) < 200
        with api.stream(person, Last_Event_ID=str(frames[-1].id if frames else log.cursor(start.position))) as stream:
            missed = stream.frames(200 - len(frames))
    assert [frame.id for frame in (*frames, *missed)] == [log.cursor(event.position) for event in events]


def test_a_client_that_never_reads_does_not_delay_the_end_of_the_process(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    with running_query_api(database_url, tmp_path, farewell_seconds=0.3) as api, deaf_client(api, person):
        eventually_sync(lambda: connections(api) == 1, what="one stream is open")
        events = [log.append(person, payload={"text": "x" * 60_000}) for _ in range(200)]
        log.project(*events)
        log.tell_progress(person, 0, "fence")
        api.ask_to_stop()
        assert api.process.wait(5) in ENDED_CLEANLY


def test_a_client_that_does_not_read_for_too_long_is_cut_off(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    with (
        running_query_api(database_url, tmp_path, write_seconds=0.3, ping_seconds=0.3) as api,
        deaf_client(api, person),
    ):
        eventually_sync(lambda: connections(api) == 1, what="one stream is open")
        events = [log.append(person, payload={"text": "x" * 60_000}) for _ in range(200)]
        log.project(*events)
        eventually_sync(lambda: connections(api) == 0, what="no stream is open")


def test_clients_that_never_read_do_not_slow_the_others_and_are_closed(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    def delivery_seconds(api: QueryApi) -> float:
        """From the announcement of many events until each of three streams has all of them."""
        with api.stream(person) as one, api.stream(person) as two, api.stream(person) as three:
            last = log.append_many(person, 400, text="x" * 10_000)
            started = time.monotonic()
            log.project(last)
            for stream in (one, two, three):
                assert stream.frames(400)[-1].id == log.cursor(last.position)
            return time.monotonic() - started

    with running_query_api(database_url, tmp_path, write_seconds=2, ping_seconds=1, frames_waiting_max=1_000) as api:
        alone = delivery_seconds(api)
        with deaf_client(api, person), deaf_client(api, person):
            eventually_sync(lambda: connections(api) == 2, what="the streams of the deaf are open")
            beside_the_deaf = delivery_seconds(api)
            eventually_sync(lambda: connections(api) == 0, what="the streams of the deaf are closed")
    assert beside_the_deaf < 3 * alone + 2


def test_a_stream_goes_on_after_the_database_dropped_all_connections(api: QueryApi, log: Log, person: Person) -> None:
    with api.stream(person) as stream:
        log.scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        event = log.happen(person)
        assert stream.frame().id == log.cursor(event.position)


def test_a_restored_database_ends_the_process_so_that_it_starts_again_on_the_new_history(
    database_url: str, tmp_path: Path, log: Log, person: Person
) -> None:
    epoch = log.epoch
    with running_query_api(database_url, tmp_path) as api, api.stream(person) as stream:
        log.scalar("UPDATE store_epoch SET epoch = gen_random_uuid() RETURNING 1")
        try:
            log.scalar(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert [frame.event for frame in stream.rest()] == ["bye"]
            assert api.process.wait(5) == 1
        finally:
            log.scalar("UPDATE store_epoch SET epoch = %s RETURNING 1", epoch)
