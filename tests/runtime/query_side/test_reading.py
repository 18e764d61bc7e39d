"""Reads over HTTP, against a real process and a real PostgreSQL."""

import threading
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.kernel.context import OWNER, Context, QueryRoute
from services.runtime.positions import encode_position_token
from services.runtime.reading import Reading, RouteError, read_routes
from tests.runtime.query_side.by_hand import Log, Person, QueryApi, new_person, running_query_api
from tests.runtime.query_side.sample_context import SAMPLE, SQL, Nothing

NOBODYS = UUID("00000000-0000-4000-8000-000000000000")


def novel_of(log: Log, owner: Person, title: str = "A novel", status: str = "GENESIS") -> UUID:
    """A row of the read model."""
    novel_id = uuid4()
    log.scalar(
        "INSERT INTO novels (id, user_id, title, status, created_at, updated_at)"
        " VALUES (%s, %s, %s, %s, '2026-01-02T03:04:05+02', now()) RETURNING 1",
        novel_id, owner.id, title, status,
    )  # fmt: skip
    return novel_id


def test_a_read_answers_rows_as_json_with_offsets_and_numbers(api: QueryApi, log: Log, person: Person) -> None:
    novel_id = novel_of(log, person, title="长夜")
    response = api.get(f"/samples/novels/{novel_id}", person)
    assert response.status_code == 200
    assert response.json() == {
        "id": str(novel_id), "title": "长夜", "version": 1, "created_at": "2026-01-02T01:04:05+00:00", "score": 4.5,
    }  # fmt: skip
    assert response.headers["Cache-Control"] == "no-store"


def test_query_parameters_and_headers_of_the_answer_are_passed(api: QueryApi, log: Log, person: Person) -> None:
    for title, status in (("A", "GENESIS"), ("B", "PAUSED"), ("C", "PAUSED"), ("D", "PAUSED")):
        novel_of(log, person, title, status)
    response = api.get("/samples/novels?status=PAUSED&limit=2", person)
    assert [row["title"] for row in response.json()] == ["B", "C"]
    assert response.headers["X-Total-Count"] == "2"


def test_a_literal_segment_wins_over_a_parameter_declared_before_it(api: QueryApi, person: Person) -> None:
    assert api.get("/samples/novels/forgetful", person).status_code == 200


@pytest.mark.parametrize(
    ("path", "pointer", "code"),
    [
        ("/samples/novels?limit=x", "/limit", "int_parsing"),
        ("/samples/novels?limit=201", "/limit", "less_than_equal"),
        ("/samples/novels?limit=", "/limit", "int_parsing"),
        ("/samples/novels?limit=1&limit=2", "/limit", "repeated"),
        ("/samples/novels?limt=1", "/limt", "extra_forbidden"),
        ("/samples/novels?status=%00", "/status", "nul_character"),
        ("/samples/novels/not-a-uuid", "/novel_id", "uuid_parsing"),
        (f"/samples/novels/{NOBODYS}?novel_id=1", "/novel_id", "extra_forbidden"),
    ],
)
def test_a_parameter_that_is_unknown_or_bad_is_named(
    api: QueryApi, person: Person, path: str, pointer: str, code: str
) -> None:
    response = api.get(path, person)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == "VALIDATION_ERROR"
    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [(pointer, code)]
    assert body["errors"][0]["message"]


def test_a_read_without_a_good_token_is_refused(api: QueryApi, person: Person) -> None:
    forged = Person(person.id, person.token[:-3] + "AAA")
    for response in (api.get("/samples/novels"), api.get("/samples/novels", forged)):
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.json()["code"] == "UNAUTHENTICATED"


def test_a_public_read_needs_no_token(api: QueryApi) -> None:
    assert api.get("/samples/facts").json() == [{"audience": "everybody"}]


def test_somebody_elses_row_is_not_there(api: QueryApi, log: Log, person: Person) -> None:
    theirs = novel_of(log, new_person())
    response = api.get(f"/samples/novels/{theirs}", person)
    assert response.status_code == 404
    assert response.json()["code"] == "NOVEL_NOT_FOUND"
    assert str(theirs) in response.json()["instance"]


def test_row_level_security_stands_beneath_a_read_that_forgets_its_owner(
    api: QueryApi, log: Log, person: Person
) -> None:
    mine, _ = novel_of(log, person), novel_of(log, new_person())
    assert [row["id"] for row in api.get("/samples/novels/forgetful", person).json()] == [str(mine)]


def test_all_reads_of_a_route_see_one_snapshot_and_can_write_nothing(api: QueryApi, person: Person) -> None:
    first, second = api.get("/samples/twice", person).json()
    # An exported snapshot is named after its transaction and numbered within it.
    assert first["snapshot"].rpartition("-")[0] == second["snapshot"].rpartition("-")[0]
    assert (first["isolation"], first["read_only"]) == ("repeatable read", "on")
    assert api.get("/samples/write", person).status_code == 500


def test_an_unexpected_error_tells_nothing_but_an_id(api: QueryApi, person: Person) -> None:
    response = api.get("/samples/mistake", person, X_Correlation_Id="my-id-1")
    assert response.status_code == 500
    assert response.json() | {"instance": ""} == {
        "type": "urn:genesis-studio:problem:INTERNAL_ERROR",
        "title": "Internal error",
        "status": 500,
        "detail": "Something of ours went wrong.",
        "instance": "",
        "code": "INTERNAL_ERROR",
        "error_code": "INTERNAL_ERROR",
        "message": "Something of ours went wrong.",
        "correlation_id": "my-id-1",
        "error": {"code": 5000},
    }
    assert response.headers["X-Correlation-Id"] == "my-id-1"
    assert api.get("/samples/novels", person).status_code == 200


def test_a_correlation_id_is_made_when_none_or_an_odd_one_is_sent(api: QueryApi, person: Person) -> None:
    assert UUID(api.get("/samples/novels", person).headers["X-Correlation-Id"])
    assert UUID(api.get("/samples/novels", person, X_Correlation_Id="two words").headers["X-Correlation-Id"])


def test_an_unknown_address_and_a_wrong_method_are_problems_too(api: QueryApi, person: Person) -> None:
    unknown = api.get("/samples/nothing", person)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "NOT_FOUND")
    wrong = api.client.post("/samples/novels", headers=person.headers)
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in wrong.headers["Allow"]


def test_a_version_is_an_etag_and_a_known_one_is_not_sent_again(api: QueryApi, log: Log, person: Person) -> None:
    path = f"/samples/novels/{novel_of(log, person)}"
    assert api.get(path, person).headers["ETag"] == '"1"'
    for known in ('"1"', 'W/"1"', '"7", "1"', "*"):
        response = api.get(path, person, If_None_Match=known)
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == '"1"'
    assert api.get(path, person, If_None_Match='"2"').status_code == 200


def test_every_answer_carries_the_cursor_to_start_a_stream_from(api: QueryApi, log: Log, person: Person) -> None:
    novel_id = novel_of(log, person)
    event = log.happen(person)
    response = api.get(f"/samples/novels/{novel_id}/state", person, X_Min_Position=log.token(event))
    cursor = response.headers["X-Last-Event-ID"]
    assert response.json()["last_event_id"] == cursor
    with api.stream(person, Last_Event_ID=cursor) as stream:
        later = log.happen(person)
        seen = [stream.frame().id]
        while seen[-1] != log.cursor(later.position):
            seen.append(stream.frame().id)
    assert set(seen) <= {log.cursor(event.position), log.cursor(later.position)}


def test_the_cursor_stays_before_what_is_not_in_the_read_models(api: QueryApi, log: Log, person: Person) -> None:
    unseen = log.append(person)
    behind = log.happen(person)
    # The read waits for the later event, whose lane has it; the feed may get there a moment later.
    cursor = api.get("/samples/novels", person, X_Min_Position=log.token(behind)).headers["X-Last-Event-ID"]
    assert int(cursor.rpartition("-")[2]) < unseen.position
    with api.stream(person, Last_Event_ID=cursor) as stream:
        log.project(unseen)
        assert [frame.id for frame in stream.frames(2)] == [log.cursor(unseen.position), log.cursor(behind.position)]


def test_a_read_waits_until_the_read_model_has_the_wanted_write(api: QueryApi, log: Log, person: Person) -> None:
    write = log.append(person)
    timer = threading.Timer(0.3, log.project, [write])
    timer.start()
    response = api.get("/samples/novels", person, X_Min_Position=log.token(write))
    timer.join()
    assert response.status_code == 200
    assert "X-Projection-Stale" not in response.headers
    assert response.elapsed.total_seconds() > 0.25


def test_a_checkpoint_is_noticed_without_its_doorbell(api: QueryApi, log: Log, person: Person) -> None:
    write = log.append(person)
    log.move_checkpoint(write.lane, write.position)
    assert "X-Projection-Stale" not in api.get("/samples/novels", person, X_Min_Position=log.token(write)).headers


def test_a_read_that_waited_in_vain_answers_and_says_so(api: QueryApi, log: Log, person: Person) -> None:
    response = api.get("/samples/novels", person, X_Min_Position=log.token(log.append(person)))
    assert response.status_code == 200
    assert response.headers["X-Projection-Stale"] == "1"
    assert 1.9 < response.elapsed.total_seconds() < 4


def test_a_position_of_another_history_is_stale_at_once(api: QueryApi, person: Person) -> None:
    response = api.get("/samples/novels", person, X_Min_Position=encode_position_token(uuid4(), 1, 1))
    assert response.headers["X-Projection-Stale"] == "1"
    assert response.elapsed.total_seconds() < 1


@pytest.mark.parametrize("token", ["garbage", "", "12", "A" * 33, encode_position_token(NOBODYS, 64, 1)])
def test_a_garbled_position_is_refused(api: QueryApi, person: Person, token: str) -> None:
    response = api.get("/samples/novels", person, X_Min_Position=token)
    assert (response.status_code, response.json()["code"]) == (400, "INVALID_MIN_POSITION")


def test_a_browser_of_this_machine_may_read_and_sees_our_headers(api: QueryApi, person: Person) -> None:
    for origin in ("http://localhost:5173", "http://127.0.0.1:8080"):
        response = api.get("/samples/novels", person, Origin=origin)
        assert response.headers["Access-Control-Allow-Origin"] == origin
        assert "X-Last-Event-ID" in response.headers["Access-Control-Expose-Headers"]
    refused = api.get("/samples/nothing", person, Origin="http://localhost:5173")
    assert refused.headers["Access-Control-Allow-Origin"] == "http://localhost:5173"
    for origin in ("http://evil.example", "http://localhost.evil.example", "https://127.0.0.1.evil.example"):
        assert "Access-Control-Allow-Origin" not in api.get("/samples/novels", person, Origin=origin).headers


def test_a_preflight_allows_the_headers_that_clients_send(api: QueryApi) -> None:
    headers = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, x-min-position, if-none-match, last-event-id",
    }
    assert api.client.options("/samples/novels", headers=headers).status_code == 200


def test_reads_go_on_after_the_database_dropped_all_connections(api: QueryApi, log: Log, person: Person) -> None:
    api.get("/samples/novels", person)
    log.scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'query-api'")
    assert api.get("/samples/novels", person).status_code == 200


def test_without_a_database_reads_are_unavailable_and_the_process_is_not_ready(tmp_path: Path, person: Person) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nothing"
    with running_query_api(nowhere, tmp_path, ready=False) as api:
        response = api.get("/samples/novels", person)
        assert (response.status_code, response.json()["code"]) == (503, "STORE_UNAVAILABLE")
        assert int(response.headers["Retry-After"]) > 0
        ready = api.client.get(f"{api.url}/readyz")
        assert ready.status_code == 503
        assert any(reason.startswith("database") for reason in ready.json()["waiting_for"])


def _unused(_: object) -> Reading:
    raise AssertionError("nothing is read")


def test_a_route_whose_path_names_an_undeclared_parameter_fails_at_start() -> None:
    route = SAMPLE.queries[-1]
    wrong = QueryRoute(
        "/samples/{thing_id}", Nothing, SQL, route.reads, route.answer, response=route.response, rule=OWNER
    )
    with pytest.raises(RouteError, match="thing_id"):
        read_routes([Context(name="wrong", queries=(wrong,))], _unused)


def test_two_routes_for_one_address_fail_at_start() -> None:
    with pytest.raises(RouteError, match="declared twice"):
        read_routes([SAMPLE, SAMPLE], _unused)
