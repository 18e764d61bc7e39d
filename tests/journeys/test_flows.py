"""Flows: one for each novel, what they show, how they stand still, end and leave their traces."""

from collections.abc import Callable

import httpx
import pytest

from tests.journeys.genesis_walks import (
    CONFIGS,
    STAGES,
    Standing,
    begin,
    confirm,
    enter,
    flow_of,
    save,
    walk_to,
    walk_to_the_end,
)
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


def new_session(user: Client, scope_type: str, scope_id: str) -> str:
    return str(user.created("/conversations/sessions", {"scope_type": scope_type, "scope_id": scope_id})["id"])


def test_a_novel_without_a_flow_says_so_everywhere(user: Client) -> None:
    flow = f"/genesis/flows/{user.new_novel()}"
    for path in (flow, f"{flow}/state", f"{flow}/transitions"):
        refused(user.get(path), 404, "FLOW_NOT_FOUND")
    for path in ("complete", "pause", "resume", "abandon", "stages/WORLDVIEW"):
        refused(user.post(f"{flow}/{path}", {}), 404, "FLOW_NOT_FOUND")
    refused(user.post(f"{flow}/switch-stage", {"target_stage": "WORLDVIEW"}), 404, "FLOW_NOT_FOUND")
    refused(user.post(f"{flow}/stages/WORLDVIEW/sessions", {}), 404, "NOT_FOUND")


@pytest.mark.parametrize("family", ["flows", "processes"])
def test_ac29_a_novel_gets_one_flow_however_often_it_is_asked_for(user: Client, family: str) -> None:
    novel_id = user.new_novel()
    path, body = (
        (f"/genesis/flows/{novel_id}", {}) if family == "flows" else ("/genesis/processes", {"novel_id": novel_id})
    )
    first, second = user.post(path, body), user.post(path, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (first.json()["status"], first.json()["current_stage"]) == ("IN_PROGRESS", "INITIAL_PROMPT")


def test_ac29_a_novel_gets_one_flow_however_parallel_it_is_asked_for(user: Client) -> None:
    novel_id = user.new_novel()

    def ask(number: int) -> httpx.Response:
        if number % 2:
            return user.post("/genesis/processes", {"novel_id": novel_id})
        return user.post(f"/genesis/flows/{novel_id}", {})

    answers = at_once(50, ask)
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [event.type for event in user.events()] == ["Novel.Created", "Genesis.Flow.Created", "Genesis.Stage.Created"]
    (record,) = user.get(f"/genesis/flows/{novel_id}").json()["stages"]
    assert (record["stage"], record["status"], record["sequence_number"]) == ("INITIAL_PROMPT", "RUNNING", 1)


def test_ac30_anothers_novel_is_not_there_for_flow_stages_sessions_commands_and_stream(
    user: Client, studio: Studio
) -> None:
    here, stranger = begin(user), studio.user()
    genesis_session = {"scope_type": "GENESIS", "scope_id": here.novel_id}
    refused(stranger.get(here.flow_path), 404, "FLOW_NOT_FOUND")
    refused(stranger.post(here.flow_path, {}), 404, "NOVEL_NOT_FOUND")
    refused(stranger.get(here.stage_path), 404, "STAGE_NOT_FOUND")
    refused(stranger.post(f"{here.stage_path}/sessions", {}), 404, "STAGE_NOT_FOUND")
    refused(stranger.post("/conversations/sessions", genesis_session), 404, "NOVEL_NOT_FOUND")
    refused(stranger.get(here.session_path), 404, "SESSION_NOT_FOUND")
    refused(stranger.command(here.session_id, "SEED_REQUEST"), 404, "SESSION_NOT_FOUND")
    refused(stranger.get("/events/stream", novel_id=here.novel_id, preflight="true"), 404, "NOT_FOUND")
    assert stranger.row_counts()["domain_events"] == 0


def test_ac31_a_genesis_session_for_a_novel_without_flow_begins_the_flow_and_a_second_one_does_not(
    user: Client,
) -> None:
    novel_id = user.new_novel()
    first, second = new_session(user, "GENESIS", novel_id), new_session(user, "GENESIS", novel_id)
    assert first != second
    assert user.get(f"/genesis/flows/{novel_id}").json()["status"] == "IN_PROGRESS"
    assert len(user.events("Genesis.Flow.Created")) == 1


def test_a_session_can_be_bound_to_a_stage_while_it_is_created_if_the_stage_is_reached(user: Client) -> None:
    novel_id = user.new_novel()
    body = {"scope_type": "GENESIS", "scope_id": novel_id, "stage": "INITIAL_PROMPT", "initial_state": {"genre": "x"}}
    session = user.created("/conversations/sessions", body)
    assert (session["stage"], session["state"]) == ("INITIAL_PROMPT", {"genre": "x"})
    (record,) = user.get(f"/genesis/flows/{novel_id}").json()["stages"]
    assert record["primary_session_id"] == session["id"]
    refused(user.post("/conversations/sessions", body | {"stage": "CHARACTERS"}), 409, "STAGE_NOT_REACHED")


def test_ac32_a_flow_shows_status_stage_progress_and_a_summary_of_each_record(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    user.patch(f"{passed['WORLDVIEW'].stage_path}/config", CONFIGS["WORLDVIEW"])
    response = user.get(passed["WORLDVIEW"].flow_path)
    flow = response.json()
    assert (flow["status"], flow["current_stage"]) == ("IN_PROGRESS", "WORLDVIEW")
    assert flow["progress"] == {"completed": 1, "total": 4, "percent": 25}
    assert flow["stage_ids"] == {stage: here.stage_id for stage, here in passed.items()}
    assert flow["current_stage_id"] == passed["WORLDVIEW"].stage_id
    assert response.headers["etag"] == f'"{flow["version"]}"'
    first, second = flow["stages"]
    assert (first["status"], first["session_count"], first["iteration_count"]) == ("COMPLETED", 1, 0)
    assert first["result"]["confirmed_version"] == 1
    assert first["metrics"]["versions"] == 1
    assert (second["config"]["time_period"], second["config_complete"], second["missing_fields"]) == ("古代", True, [])


def test_ac48_every_event_names_flow_and_record_and_a_chain_has_the_commands_id(user: Client) -> None:
    passed = walk_to_the_end(user)
    user.command(passed["PLOT_OUTLINE"].session_id, "FINISH_GENESIS")
    genesis = [event for event in user.events() if event.type.startswith("Genesis.")]
    assert {event.metadata["flow_id"] for event in genesis} == {passed["PLOT_OUTLINE"].flow_id}
    concerned = [event for event in genesis if event.type.startswith("Genesis.Stage.") or "stage_id" in event.payload]
    records = {record["id"] for record in flow_of(user, passed["PLOT_OUTLINE"])["stages"]}
    assert {event.metadata.get("stage_id") for event in concerned} == records
    assert all(
        event.metadata["stage_id"] == event.payload.get("stage_id", event.metadata["stage_id"]) for event in concerned
    )
    assert {event.metadata["command"]["id"] for event in genesis} == {str(event.correlation_id) for event in genesis}


def test_the_version_in_the_etag_passes_and_is_then_stale(user: Client) -> None:
    here = begin(user)
    etag = user.get(here.flow_path).headers["etag"]
    paused = user.post(f"{here.flow_path}/pause", {}, headers={"If-Match": etag})
    assert (paused.status_code, paused.headers["etag"]) == (200, '"2"')
    refused(user.post(f"{here.flow_path}/resume", {}, headers={"If-Match": etag}), 412, "PRECONDITION_FAILED")
    assert user.get(here.flow_path, headers={"If-None-Match": '"2"'}).status_code == 304


# A flow that stands still or ends.


@pytest.mark.parametrize("by", ["path", "alias"])
def test_ac49_a_paused_flow_takes_no_content_commands_until_it_is_resumed(user: Client, by: str) -> None:
    here = begin(user)

    def tell(what: str) -> httpx.Response:
        if by == "path":
            return user.post(f"{here.flow_path}/{what}", {"reason": "tea"})
        return user.command(here.session_id, f"{what.upper()}_GENESIS", reason="tea")

    assert tell("pause").status_code == 200
    flow = flow_of(user, here)
    assert (flow["status"], flow["state"]["pause_reason"]) == ("PAUSED", "tea")
    assert flow["stages"][0]["status"] == "PAUSED"
    refused(user.command(here.session_id, "SEED_REQUEST"), 409, "FLOW_PAUSED")
    body = {"settings": {"idea": 1}, "session_id": here.session_id}
    refused(user.post(f"{here.instance_path}/settings", body), 409, "FLOW_PAUSED")
    refused(user.post(f"{here.flow_path}/stages/INITIAL_PROMPT", {}), 409, "FLOW_PAUSED")
    refused(tell("pause"), 409, "INVALID_FLOW_STATUS")
    assert tell("resume").status_code == 200
    refused(tell("resume"), 409, "INVALID_FLOW_STATUS")
    assert save(user, here, idea=1) == 1


@pytest.mark.parametrize("first", ["pause", None])
def test_ac49_an_abandoned_flow_stays_closed(user: Client, first: str | None) -> None:
    here = begin(user)
    if first is not None:
        user.post(f"{here.flow_path}/{first}", {})
    assert user.post(f"{here.flow_path}/abandon", {"reason": "no time"}).json()["status"] == "ABANDONED"
    for again in ("pause", "resume", "abandon"):
        refused(user.post(f"{here.flow_path}/{again}", {}), 409, "INVALID_FLOW_STATUS")
    refused(user.command(here.session_id, "SEED_REQUEST"), 409, "FLOW_CLOSED")
    refused(user.post(f"{here.instance_path}/advance", {}), 409, "FLOW_CLOSED")
    refused(user.post(f"{here.stage_path}/sessions", {}), 409, "FLOW_CLOSED")
    refused(user.command(here.session_id, "FINISH_GENESIS"), 409, "FLOW_CLOSED")


def test_abandoning_cancels_what_is_open(user: Client, studio: Studio) -> None:
    here = begin(user)
    with studio.without_task_workers():
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        user.post(f"{here.flow_path}/abandon", {})
        command = user.get(f"/commands/{command_id}").json()
        assert (command["status"], command["error_code"]) == ("FAILED", "CANCELLED")
        assert [task["status"] for task in command["tasks"]] == ["CANCELLED"]
    assert user.get(f"{here.instance_path}/settings").json() == []


def test_ac70_a_failed_stage_pauses_the_flow_and_a_new_record_goes_on(user: Client) -> None:
    here = begin(user)
    failed = user.command(here.session_id, "SESSION_FAIL", reason="The idea does not hold.", error={"code": "X"})
    assert failed.status_code == 200, failed.text
    flow = flow_of(user, here)
    assert (flow["status"], flow["stages"][0]["status"]) == ("PAUSED", "FAILED")
    assert user.events_of(failed) == [
        "Genesis.Stage.Failed",
        "Genesis.Flow.Paused",
        "Genesis.Session.Failed",
        "Conversation.Round.Created",
    ]
    user.post(f"{here.flow_path}/resume", {})
    refused(user.command(here.session_id, "SEED_REQUEST"), 409, "STAGE_CLOSED")
    anew = enter(user, flow)
    assert anew.stage_id != here.stage_id
    assert confirm(user, anew) == 1


def test_a_failure_needs_a_reason(user: Client) -> None:
    here = begin(user)
    refused(user.command(here.session_id, "SESSION_FAIL"), 422, "VALIDATION_ERROR", "/payload/reason")
    too_long = user.command(here.session_id, "SESSION_FAIL", reason="x" * 2_001)
    refused(too_long, 422, "VALIDATION_ERROR", "/payload/reason")


# Processes and instances: the same flow by other names.


def test_a_process_and_its_instances_are_the_flow_and_its_records(user: Client) -> None:
    passed = walk_to(user, "CHARACTERS")
    flow = flow_of(user, passed["CHARACTERS"])
    process = user.get(f"/genesis/processes/{flow['id']}").json()
    assert process == {name: flow[name] for name in process}
    instances = user.get(f"/genesis/processes/{flow['id']}/instances").json()
    assert [one["id"] for one in instances] == [passed[stage].stage_id for stage in STAGES[:3]]
    assert [one["status"] for one in instances] == ["COMPLETED", "COMPLETED", "ACTIVE"]
    assert [one["confirmed_version"] for one in instances] == [1, 1, None]
    assert {(one["process_id"], one["session_count"]) for one in instances} == {(flow["id"], 1)}


def iterate(user: Client, here: Standing) -> None:
    user.created(f"{here.flow_path}/stages/{here.stage}", {"new_iteration": True})


def fail(user: Client, here: Standing) -> None:
    user.command(here.session_id, "SESSION_FAIL", reason="no")


def go_back(user: Client, here: Standing) -> None:
    user.created(f"{here.flow_path}/stages/INITIAL_PROMPT", {})


def pause(user: Client, here: Standing) -> None:
    user.post(f"{here.flow_path}/pause", {})


def abandon(user: Client, here: Standing) -> None:
    user.post(f"{here.flow_path}/abandon", {})


@pytest.mark.parametrize(
    ("act", "statuses"),
    [
        (iterate, ["COMPLETED", "DEPRECATED", "ACTIVE"]),
        (fail, ["COMPLETED", "FAILED"]),
        (go_back, ["COMPLETED", "PAUSED", "ACTIVE"]),
        (pause, ["COMPLETED", "PAUSED"]),
        (abandon, ["COMPLETED", "ABANDONED"]),
    ],
)
def test_an_instance_shows_what_became_of_it(
    user: Client, act: Callable[[Client, Standing], None], statuses: list[str]
) -> None:
    here = walk_to(user, "WORLDVIEW")["WORLDVIEW"]
    act(user, here)
    assert [one["status"] for one in user.get(f"/genesis/processes/{here.flow_id}/instances").json()] == statuses
