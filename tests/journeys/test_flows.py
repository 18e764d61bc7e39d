"""Flows, their stages, sessions and settings, from the first request to the finished novel."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.journeys.genesis_walks import (
    DOCUMENTS,
    STAGES,
    Standing,
    advance,
    begin,
    confirm,
    enter,
    walk_to,
    walk_to_the_end,
)
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio

CONFIGS: dict[str, dict[str, Any]] = {
    "INITIAL_PROMPT": {"genre": "玄幻", "style": "第三人称", "target_word_count": 100_000},
    "WORLDVIEW": {
        "time_period": "古代",
        "geography_type": "大陆",
        "tech_magic_level": "高魔法",
        "social_structure": "封建制",
    },
    "CHARACTERS": {
        "protagonist_count": 1,
        "relationship_complexity": "中等",
        "personality_preferences": ["坚韧"],
    },
    "PLOT_OUTLINE": {"chapter_count_preference": 30, "plot_complexity": "中等", "conflict_types": ["内心"]},
}


def flow_of(user: Client, here: Standing) -> dict[str, Any]:
    flow: dict[str, Any] = user.get(here.flow_path).json()
    return flow


def records_of(user: Client, here: Standing, stage: str) -> list[dict[str, Any]]:
    return [record for record in flow_of(user, here)["stages"] if record["stage"] == stage]


def links_of(user: Client, here: Standing) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = user.get(f"{here.stage_path}/sessions").json()
    return links


def primaries_of(user: Client, here: Standing) -> list[str]:
    return [link["session_id"] for link in links_of(user, here) if link["is_primary"]]


def saved(user: Client, here: Standing, **settings: Any) -> int:
    body = {"settings": settings, "session_id": here.session_id}
    return int(user.created(f"{here.instance_path}/settings", body)["version"])


def new_session(user: Client, scope_type: str, scope_id: str) -> str:
    return str(user.created("/conversations/sessions", {"scope_type": scope_type, "scope_id": scope_id})["id"])


# One flow a novel.


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


# Sessions of a stage.


def test_ac33_a_session_started_in_a_stage_belongs_to_the_novel_and_is_the_primary_one(user: Client) -> None:
    flow = user.new_flow()
    made = user.created(f"/genesis/processes/{flow['id']}/stages/INITIAL_PROMPT/sessions", {})
    instance, link = made["instance"], made["session"]
    assert (instance["process_id"], instance["stage"], instance["status"]) == (flow["id"], "INITIAL_PROMPT", "ACTIVE")
    assert (link["status"], link["is_active"], link["is_primary"]) == ("ACTIVE", True, True)
    session = user.get(f"/conversations/sessions/{link['session_id']}").json()
    assert (session["scope_type"], session["scope_id"]) == ("GENESIS", flow["novel_id"])
    assert session["title"] == "INITIAL_PROMPT 阶段对话"
    assert session["metadata"] == {"genesis_stage": "INITIAL_PROMPT", "instance_id": instance["id"]}


def test_ac34_of_two_bound_sessions_one_is_primary_and_setting_the_other_unsets_it_at_once(user: Client) -> None:
    here = begin(user)
    second = user.created(f"{here.stage_path}/sessions", {"session_kind": "review"})["session_id"]
    assert [link["session_id"] for link in links_of(user, here)] == [here.session_id, second]
    assert primaries_of(user, here) == [here.session_id]
    changed = user.patch(f"{here.stage_path}/sessions/{second}", {"is_primary": True})
    assert (changed.status_code, changed.json()["is_primary"]) == (200, True)
    assert primaries_of(user, here) == [second]
    assert user.get(f"{here.stage_path}/active-session").json()["association"]["session_id"] == second


def test_a_new_session_that_asks_for_it_takes_the_place_of_the_primary_one(user: Client) -> None:
    here = begin(user)
    bound = user.created(f"{here.stage_path}/sessions", {"is_primary": True, "title": "Second thoughts"})
    assert (bound["stage_session"]["is_primary"], bound["session"]["title"]) == (True, "Second thoughts")
    assert primaries_of(user, here) == [bound["session_id"]]


def test_ac35_ten_parallel_binds_that_all_want_to_be_primary_leave_one(user: Client) -> None:
    here = begin(user)
    answers = at_once(10, lambda _: user.post(f"{here.stage_path}/sessions", {"is_primary": True}))
    assert [answer.status_code for answer in answers] == [201] * 10
    assert len(links_of(user, here)) == 11
    assert len(primaries_of(user, here)) == 1


def test_ac36_a_session_of_another_kind_or_another_novel_is_not_bound(user: Client) -> None:
    here, elsewhere = begin(user), begin(user)
    for session_id in (new_session(user, "CHAPTER", here.novel_id), elsewhere.session_id):
        response = user.post(f"{here.stage_path}/sessions", {"session_id": session_id})
        refused(response, 422, "SESSION_SCOPE_INVALID", "/session_id")
    assert [link["session_id"] for link in links_of(user, here)] == [here.session_id]


def test_a_bind_that_names_another_novel_than_the_flows_is_refused(user: Client) -> None:
    here = begin(user)
    response = user.post(f"{here.stage_path}/sessions", {"novel_id": user.new_novel()})
    refused(response, 422, "NOVEL_MISMATCH", "/novel_id")


def test_ac37_a_session_is_bound_to_a_record_once_and_to_another_record_too(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    again = {"session_id": passed["WORLDVIEW"].session_id}
    refused(user.post(f"{passed['WORLDVIEW'].stage_path}/sessions", again), 409, "SESSION_ALREADY_BOUND")
    refused(user.post(f"{passed['INITIAL_PROMPT'].stage_path}/sessions", again), 409, "STAGE_CLOSED")
    as_review = user.post(f"{passed['INITIAL_PROMPT'].stage_path}/sessions", again | {"session_kind": "review"})
    assert as_review.status_code == 201, as_review.text
    other = {"session_id": passed["INITIAL_PROMPT"].session_id}
    assert user.post(f"{passed['WORLDVIEW'].stage_path}/sessions", other).status_code == 201


@pytest.mark.parametrize("status", ["ARCHIVED", "CLOSED"])
def test_a_primary_session_that_is_put_away_passes_the_flag_to_the_oldest_active_one(user: Client, status: str) -> None:
    here = begin(user)
    second, third = (user.created(f"{here.stage_path}/sessions", {})["session_id"] for _ in range(2))
    link = user.patch(f"{here.stage_path}/sessions/{here.session_id}", {"status": status}).json()
    assert (link["status"], link["is_active"], link["is_primary"]) == (status, False, False)
    assert primaries_of(user, here) == [second]
    again = user.patch(f"{here.stage_path}/sessions/{here.session_id}", {"is_primary": True})
    refused(again, 409, "LINK_NOT_ACTIVE")
    for session_id in (second, third):
        user.patch(f"{here.stage_path}/sessions/{session_id}", {"status": status})
    assert primaries_of(user, here) == []
    missing = user.patch(
        f"{here.stage_path}/sessions/{new_session(user, 'GENESIS', here.novel_id)}", {"status": status}
    )
    refused(missing, 404, "LINK_NOT_FOUND")


# Versions of a stage's settings.


def test_ac38_three_saves_are_versions_one_to_three_and_never_change(user: Client) -> None:
    here = begin(user)
    assert [saved(user, here, idea=number) for number in (1, 2, 3)] == [1, 2, 3]
    versions = user.get(f"{here.instance_path}/settings").json()
    assert [(one["version"], one["settings"]) for one in versions] == [(n, {"idea": n}) for n in (3, 2, 1)]
    assert {one["source"] for one in versions} == {"user"}
    assert {one["created_by"] for one in versions} == {here.session_id}
    assert user.get(f"{here.instance_path}/settings/2").json() == versions[1]


def test_ac38_twenty_parallel_saves_are_twenty_consecutive_versions(user: Client) -> None:
    here = begin(user)
    versions = at_once(20, lambda number: saved(user, here, idea=number))
    assert sorted(versions) == list(range(1, 21))
    page = user.get(f"{here.instance_path}/settings", limit=20)
    assert [one["version"] for one in page.json()] == list(range(20, 0, -1))
    assert page.headers["x-total-count"] == "20"


def test_ac39_only_the_version_confirmed_last_is_confirmed(user: Client) -> None:
    here = begin(user)
    saved(user, here, idea="first")
    saved(user, here, idea="second")
    for version in (2, 1):
        confirmed = user.post(f"{here.instance_path}/settings/{version}/confirm")
        assert (confirmed.status_code, confirmed.json()["is_confirmed"]) == (200, True)
        shown = user.get(f"{here.instance_path}/settings").json()
        assert [one["version"] for one in shown if one["is_confirmed"]] == [version]
    refused(user.post(f"{here.instance_path}/settings/3/confirm"), 404, "VERSION_NOT_FOUND")


def test_confirming_the_confirmed_version_again_changes_nothing(user: Client) -> None:
    here = begin(user)
    confirm(user, here)
    before = user.row_counts()["domain_events"]
    assert user.post(f"{here.instance_path}/settings/1/confirm").status_code == 200
    assert user.row_counts()["domain_events"] == before


def test_settings_are_saved_only_for_a_running_record_by_a_session_that_works_for_it(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    first, second = passed["INITIAL_PROMPT"], passed["WORLDVIEW"]
    body = {"settings": {"idea": 1}, "session_id": first.session_id}
    refused(user.post(f"{second.instance_path}/settings", body), 422, "SESSION_NOT_BOUND", "/session_id")
    refused(user.post(f"{first.instance_path}/settings", body), 409, "STAGE_CLOSED")
    refused(user.post(f"{first.instance_path}/settings/1/confirm"), 409, "STAGE_CLOSED")
    empty = {"settings": {}, "session_id": second.session_id}
    refused(user.post(f"{second.instance_path}/settings", empty), 422, "VALIDATION_ERROR", "/settings")


# From stage to stage.


def test_ac40_a_stage_without_a_confirmed_version_cannot_be_left_and_nothing_changes(user: Client) -> None:
    here = begin(user)
    saved(user, here, idea="not confirmed")
    flow, rows = flow_of(user, here), user.row_counts()
    refused(user.post(f"{here.instance_path}/advance", {}), 409, "STAGE_NOT_CONFIRMED")
    refused(user.command(here.session_id, "STAGE_COMPLETE"), 409, "STAGE_NOT_CONFIRMED")
    assert user.row_counts() == rows
    assert flow_of(user, here) == flow


def test_ac41_advancing_moves_everything_in_one_command(user: Client) -> None:
    here = begin(user)
    second = user.created(f"{here.stage_path}/sessions", {})["session_id"]
    confirm(user, here)
    response = user.post(f"{here.instance_path}/advance", {"transition_data": {"note": "onwards"}})
    entered = response.json()
    assert (response.status_code, entered["stage"], entered["status"]) == (200, "WORLDVIEW", "ACTIVE")

    flow = flow_of(user, here)
    left, current = flow["stages"]
    assert (flow["current_stage"], flow["current_stage_id"]) == ("WORLDVIEW", entered["id"])
    assert (left["status"], left["is_current"]) == ("COMPLETED", False)
    assert (left["result"]["items"], left["metrics"]["versions"]) == (["concept", "theme"], 1)
    assert (current["id"], current["status"], current["is_current"]) == (entered["id"], "RUNNING", True)
    archived = user.get(f"{here.stage_path}/sessions", status="ARCHIVED").json()
    assert {link["session_id"] for link in archived} == {here.session_id, second}
    (transition,) = user.get(f"{here.flow_path}/transitions").json()
    assert (transition["from_stage_id"], transition["to_stage_id"]) == (left["id"], entered["id"])
    assert transition["transition_data"] == {"note": "onwards"}

    command_id = response.headers["x-command-id"]
    assert [event.type for event in user.events() if str(event.correlation_id) == command_id] == [
        "Genesis.Session.Stage.Completed",
        "Genesis.Stage.SessionUpdated",
        "Genesis.Stage.SessionUpdated",
        "Genesis.Stage.Created",
        "Genesis.Stage.TransitionRecorded",
        "Genesis.Flow.Advanced",
    ]


def test_ac41_twenty_parallel_advances_move_one_stage(user: Client) -> None:
    here = begin(user)
    confirm(user, here)
    answers = at_once(20, lambda _: user.post(f"{here.instance_path}/advance", {}))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"STAGE_CLOSED"}
    assert [record["stage"] for record in flow_of(user, here)["stages"]] == ["INITIAL_PROMPT", "WORLDVIEW"]


def test_completing_a_stage_by_command_keeps_what_the_user_says_about_it(user: Client) -> None:
    here = begin(user)
    confirm(user, here)
    said = {"current_stage": "INITIAL_PROMPT", "result": {"verdict": "good"}, "metrics": {"mood": 9}}
    answer = user.command(here.session_id, "Command.Genesis.Session.Stage.Complete", **said).json()
    assert (answer["status"], answer["result"]["stage"]) == ("COMPLETED", "WORLDVIEW")
    (left,) = records_of(user, here, "INITIAL_PROMPT")
    assert (left["result"], left["metrics"]["mood"]) == ({"verdict": "good"}, 9)
    assert left["metrics"]["versions"] == 1
    wrong = user.command(here.session_id, "STAGE_COMPLETE", stage_id=here.stage_id, stage="CHARACTERS")
    refused(wrong, 409, "STAGE_MISMATCH")


def test_ac42_rounds_of_archived_sessions_stay_readable_by_stage_in_time_order(user: Client) -> None:
    here = begin(user)
    second = user.created(f"{here.stage_path}/sessions", {})["session_id"]
    for number, session_id in enumerate([here.session_id, second, here.session_id, second]):
        user.created(f"/conversations/sessions/{session_id}/messages", {"content": f"line {number}"})
    confirm(user, here)
    advance(user, here)
    rounds = user.get(f"{here.stage_path}/rounds")
    assert [one["content"]["content"] for one in rounds.json()] == ["line 0", "line 1", "line 2", "line 3"]
    assert rounds.headers["x-total-count"] == "4"
    backwards = user.get(f"{here.stage_path}/rounds", order="desc", session_id=second, limit=1).json()
    assert [one["content"]["content"] for one in backwards] == ["line 3"]


def test_ac43_nothing_comes_after_the_final_stage(user: Client) -> None:
    final = walk_to(user, "FINISHED")["FINISHED"]
    body = refused(user.post(f"{final.instance_path}/advance", {}), 409, "ALREADY_FINAL_STAGE")
    assert body["detail"] == "Already at final stage"
    refused(user.command(final.session_id, "STAGE_COMPLETE"), 409, "ALREADY_FINAL_STAGE")


def test_ac44_a_stage_with_an_open_command_can_be_neither_completed_nor_finished(user: Client, studio: Studio) -> None:
    here = begin(user)
    confirm(user, here)
    with studio.without_task_workers():
        open_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        body = refused(user.command(here.session_id, "STAGE_COMPLETE"), 409, "STAGE_BUSY")
        assert body["command_ids"] == [open_id]
        refused(user.post(f"{here.instance_path}/advance", {}), 409, "STAGE_BUSY")
        refused(user.command(here.session_id, "FINISH_GENESIS"), 409, "STAGE_BUSY")
    assert user.finished_command(open_id)["status"] == "COMPLETED"
    assert user.command(here.session_id, "STAGE_COMPLETE").status_code == 200


def test_ac45_going_back_makes_a_new_record_with_what_was_confirmed_and_coming_back_resumes(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    here, there = passed["INITIAL_PROMPT"], passed["WORLDVIEW"]
    (old,) = records_of(user, here, "INITIAL_PROMPT")
    back = user.created(f"{here.flow_path}/stages/INITIAL_PROMPT", {})
    assert (back["sequence_number"], back["status"], back["is_current"]) == (2, "RUNNING", True)
    (carried,) = user.get(f"/genesis/instances/{back['id']}/settings").json()
    assert (carried["version"], carried["source"], carried["is_confirmed"]) == (1, "carryover", False)
    assert carried["settings"] == DOCUMENTS["INITIAL_PROMPT"]
    assert records_of(user, here, "INITIAL_PROMPT")[0] == old
    assert records_of(user, there, "WORLDVIEW")[0]["status"] == "PAUSED"

    refused(user.post(f"{here.flow_path}/stages/WORLDVIEW", {}), 409, "STAGE_NOT_CONFIRMED")
    user.post(f"/genesis/instances/{back['id']}/settings/1/confirm")
    forth = user.post(f"{here.flow_path}/stages/WORLDVIEW", {})
    assert (forth.status_code, forth.json()["id"], forth.json()["status"]) == (200, there.stage_id, "RUNNING")
    assert [one["transition_data"] for one in user.get(f"{here.flow_path}/transitions").json()] == [{}, {}, {}]


def test_a_stage_that_comes_later_than_the_next_is_not_reached(user: Client) -> None:
    here = begin(user)
    refused(user.post(f"{here.flow_path}/stages/CHARACTERS", {}), 409, "STAGE_NOT_REACHED")
    refused(user.post(f"{here.flow_path}/stages/LATER", {}), 422, "INVALID_STAGE", "/stage")
    refused(user.post(f"{here.flow_path}/switch-stage", {"target_stage": "x"}), 422, "INVALID_STAGE", "/target_stage")


def test_a_new_iteration_takes_the_place_of_the_current_record(user: Client) -> None:
    here = begin(user)
    config = {"config": CONFIGS["INITIAL_PROMPT"]}
    same = user.post(f"{here.flow_path}/stages/INITIAL_PROMPT", config)
    assert (same.status_code, same.json()["id"]) == (200, here.stage_id)
    confirm(user, here)
    fresh = user.created(f"{here.flow_path}/stages/INITIAL_PROMPT", {"new_iteration": True})
    assert (fresh["sequence_number"], fresh["is_current"], fresh["config"]) == (2, True, same.json()["config"])
    assert (fresh["latest_version"], fresh["confirmed_version"]) == (1, None)
    old = records_of(user, here, "INITIAL_PROMPT")[0]
    assert (old["is_current"], old["status"], old["confirmed_version"]) == (False, "PAUSED", 1)
    refused(user.post(f"{here.instance_path}/advance", {}), 409, "STAGE_CLOSED")


def test_in_free_form_every_stage_but_the_last_can_be_entered_with_nothing_confirmed(user: Client) -> None:
    here = begin(user, navigation="free_form")
    refused(user.post(f"{here.flow_path}/stages/FINISHED", {}), 409, "STAGE_NOT_REACHED")
    there = user.created(f"{here.flow_path}/stages/PLOT_OUTLINE", {})
    assert records_of(user, here, "INITIAL_PROMPT")[0]["status"] == "PAUSED"
    back = user.post(f"{here.flow_path}/switch-stage", {"target_stage": "INITIAL_PROMPT"}).json()
    assert (back["current_stage"], back["current_stage_id"]) == ("INITIAL_PROMPT", here.stage_id)
    assert back["stage_ids"]["PLOT_OUTLINE"] == there["id"]
    assert {record["stage"]: record["status"] for record in back["stages"]} == {
        "INITIAL_PROMPT": "RUNNING",
        "PLOT_OUTLINE": "PAUSED",
    }


# Configuration.


def test_ac46_switching_forward_needs_a_complete_configuration_unless_forced(user: Client) -> None:
    here = begin(user)
    target = {"target_stage": "WORLDVIEW"}
    body = refused(user.post(f"{here.flow_path}/switch-stage", target), 400, "stage_config_incomplete")
    assert body["missing_fields"] == ["genre", "style", "target_word_count"]
    assert body["action_required"] == "complete_current_stage_config"
    assert "小说类型" in body["user_message"]
    refused(user.post(f"{here.flow_path}/switch-stage", target | {"force": True}), 409, "STAGE_NOT_CONFIRMED")
    confirm(user, here)
    moved = user.post(f"{here.flow_path}/switch-stage", target | {"force": True})
    assert (moved.status_code, moved.json()["current_stage"]) == (200, "WORLDVIEW")


@pytest.mark.parametrize("by", ["switch-stage", "the session", "the alias"])
def test_with_a_complete_configuration_the_flow_switches_to_the_next_stage(user: Client, by: str) -> None:
    here = begin(user)
    confirm(user, here)

    def switch() -> httpx.Response:
        if by == "switch-stage":
            return user.post(f"{here.flow_path}/switch-stage", {"target_stage": "WORLDVIEW"})
        if by == "the alias":
            return user.command(here.session_id, "NAVIGATE_TO_STAGE", target_stage="WORLDVIEW")
        return user.patch(here.session_path, {"stage": "WORLDVIEW"})

    refused(switch(), 400, "stage_config_incomplete")
    user.patch(f"{here.stage_path}/config", CONFIGS["INITIAL_PROMPT"])
    assert switch().status_code == 200
    assert flow_of(user, here)["current_stage"] == "WORLDVIEW"


OUT_OF_BOUNDS: list[tuple[str, str, Any]] = [
    ("INITIAL_PROMPT", "target_word_count", 9_999),
    ("INITIAL_PROMPT", "target_word_count", 1_000_001),
    ("INITIAL_PROMPT", "genre", None),
    ("WORLDVIEW", "time_period", 7),
    ("CHARACTERS", "protagonist_count", 6),
    ("CHARACTERS", "include_villains", "yes"),
    ("PLOT_OUTLINE", "chapter_count_preference", 4),
    ("PLOT_OUTLINE", "unknown", "field"),
]


def test_ac47_a_configuration_out_of_its_bounds_is_400_when_changed_and_422_when_created(user: Client) -> None:
    here = begin(user, navigation="free_form")
    records = {stage: user.post(f"{here.flow_path}/stages/{stage}", {}).json()["id"] for stage in CONFIGS}
    for stage, name, value in OUT_OF_BOUNDS:
        config = CONFIGS[stage] | {name: value}
        refused(user.patch(f"/genesis/stages/{records[stage]}/config", config), 400, "INVALID_CONFIG", f"/{name}")
        created = user.post(f"{here.flow_path}/stages/{stage}", {"config": config})
        refused(created, 422, "INVALID_CONFIG", f"/config/{name}")


def test_ac47_a_configuration_inside_its_bounds_is_stored_normalised(user: Client) -> None:
    here = begin(user)
    changed = user.patch(f"{here.stage_path}/config", CONFIGS["INITIAL_PROMPT"])
    normalised = CONFIGS["INITIAL_PROMPT"] | {"special_requirements": []}
    assert changed.status_code == 200
    assert changed.json() == {"stage_id": here.stage_id, "stage": "INITIAL_PROMPT", "config": normalised}
    assert user.get(here.stage_path).json()["config"] == normalised
    before = user.row_counts()["domain_events"]
    user.patch(f"{here.stage_path}/config", CONFIGS["INITIAL_PROMPT"])
    assert user.row_counts()["domain_events"] == before


def test_ac47_the_final_stage_has_no_configuration(user: Client, studio: Studio) -> None:
    final = walk_to(user, "FINISHED")["FINISHED"]
    refused(user.patch(f"{final.stage_path}/config", {}), 400, "INVALID_CONFIG")
    for what in ("schema", "template"):
        refused(studio.nobody().get(f"/genesis/stages/FINISHED/config/{what}"), 400, "UNSUPPORTED_STAGE")
    refused(
        user.patch(f"/genesis/stages/{records_of(user, final, 'WORLDVIEW')[0]['id']}/config", {}), 409, "STAGE_CLOSED"
    )


@pytest.mark.parametrize("stage", CONFIGS)
def test_ac47_schema_and_template_of_a_stage_are_public_and_the_template_is_valid(
    user: Client, studio: Studio, stage: str
) -> None:
    nobody = studio.nobody()
    schema = nobody.get(f"/genesis/stages/{stage}/config/schema").json()
    template = nobody.get(f"/genesis/stages/{stage}/config/template").json()
    assert nobody.get("/genesis/stages/config/schemas").json()[stage] == schema
    assert set(schema["required"]) == set(CONFIGS[stage])
    assert all(any(letter >= "\u4e00" for letter in field["title"]) for field in schema["properties"].values())
    here = begin(user, navigation="free_form")
    record = user.post(f"{here.flow_path}/stages/{stage}", {"config": template}).json()
    assert (record["config"], record["config_complete"]) == (template, True)


# Traces.


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
    save = {"settings": {"idea": 1}, "session_id": here.session_id}
    refused(user.post(f"{here.instance_path}/settings", save), 409, "FLOW_PAUSED")
    refused(user.post(f"{here.flow_path}/stages/INITIAL_PROMPT", {}), 409, "FLOW_PAUSED")
    refused(tell("pause"), 409, "INVALID_FLOW_STATUS")
    assert tell("resume").status_code == 200
    refused(tell("resume"), 409, "INVALID_FLOW_STATUS")
    assert saved(user, here, idea=1) == 1


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
    told = [event.type for event in user.events() if str(event.correlation_id) == failed.headers["x-command-id"]]
    assert told == [
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


# If-Match.


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("switch-stage", {"target_stage": "WORLDVIEW"}),
        ("complete", {}),
        ("pause", {}),
        ("resume", {}),
        ("abandon", {}),
        ("advance", {}),
    ],
)
def test_a_write_on_a_flow_is_compared_with_the_version_it_was_made_for(
    user: Client, path: str, body: dict[str, Any]
) -> None:
    here = begin(user)
    address = f"{here.instance_path}/advance" if path == "advance" else f"{here.flow_path}/{path}"
    rows = user.row_counts()
    stale = refused(user.post(address, body, headers={"If-Match": '"7"'}), 412, "PRECONDITION_FAILED")
    assert stale["current_version"] == flow_of(user, here)["version"] == 1
    refused(user.post(address, body, headers={"If-Match": "seven"}), 400, "INVALID_IF_MATCH")
    assert user.row_counts() == rows


def test_the_version_in_the_etag_passes_and_is_then_stale(user: Client) -> None:
    here = begin(user)
    etag = user.get(here.flow_path).headers["etag"]
    paused = user.post(f"{here.flow_path}/pause", {}, headers={"If-Match": etag})
    assert (paused.status_code, paused.headers["etag"]) == (200, '"2"')
    refused(user.post(f"{here.flow_path}/resume", {}, headers={"If-Match": etag}), 412, "PRECONDITION_FAILED")
    assert user.get(here.flow_path, headers={"If-None-Match": '"2"'}).status_code == 304


# Finishing.


def test_ac14_an_alias_is_kept_by_its_canonical_name(user: Client, studio: Studio) -> None:
    here = begin(user)
    key = {"Idempotency-Key": "finish"}
    answer = user.post(f"{here.session_path}/commands", {"type": "FINISH_GENESIS"}, headers=key)
    assert refused(answer, 409, "STAGE_INCOMPLETE")["stages"] == list(STAGES[:4])
    kept = "SELECT command_type FROM command_inbox WHERE user_id = %s AND idempotency_key = 'finish'"
    assert studio.rows(kept, user.id) == [("Command.Genesis.Session.Finish",)]


@pytest.mark.parametrize("stage", ["WORLDVIEW", "PLOT_OUTLINE"])
def test_ac69_finishing_too_early_names_the_stages_that_are_missing(user: Client, stage: str) -> None:
    here = walk_to(user, stage)[stage]
    rows = user.row_counts()
    body = refused(user.post(f"{here.flow_path}/complete", {}), 409, "STAGE_INCOMPLETE")
    assert body["stages"] == list(STAGES[STAGES.index(stage) : 4])
    assert user.row_counts() == rows


def test_ac68_finishing_makes_a_novel_of_what_was_confirmed(user: Client, studio: Studio) -> None:
    here = walk_to_the_end(user)["PLOT_OUTLINE"]
    answer = user.command(here.session_id, "FINISH_GENESIS").json()
    assert (answer["accepted"], answer["status"], answer["type"]) == (
        True,
        "COMPLETED",
        "Command.Genesis.Session.Finish",
    )
    assert answer["result"] == {
        "novel_id": here.novel_id,
        "flow_id": here.flow_id,
        "session_id": here.session_id,
        "title": "盐与灯塔",
        "redirect": f"/novels/{here.novel_id}",
        "already_completed": False,
    }
    flow = flow_of(user, here)
    assert (flow["status"], flow["current_stage"], flow["progress"]["percent"]) == ("COMPLETED", "FINISHED", 100)
    assert {record["status"] for record in flow["stages"]} == {"COMPLETED"}
    assert flow["completed_at"] is not None
    novel = user.get(f"/novels/{here.novel_id}").json()
    assert (novel["status"], novel["title"], novel["theme"]) == ("GENERATING", "盐与灯塔", "守望与放手")
    assert (novel["target_chapters"], novel["completed_chapters"]) == (3, 0)
    assert novel["genesis"] == {
        "flow_id": here.flow_id,
        "status": "COMPLETED",
        "current_stage": "FINISHED",
        "percent": 100,
    }


def test_ac68_a_finished_novel_has_its_characters_world_and_arcs(user: Client, studio: Studio) -> None:
    here = walk_to_the_end(user)["PLOT_OUTLINE"]
    user.post(f"{here.flow_path}/complete", {})
    characters = {one["name"]: one for one in user.get(f"/novels/{here.novel_id}/characters").json()}
    assert {name: one["role"] for name, one in characters.items()} == {"Ines": "protagonist", "Tobias": "antagonist"}
    assert characters["Ines"]["background_story"] == "Raised on the rock."
    assert characters["Tobias"]["goals"] == ["Sell the light"]
    relations = (
        "SELECT from_character_id::text, to_character_id::text, relation_type, strength FROM character_relations"
    )
    ids = (characters["Ines"]["id"], characters["Tobias"]["id"])
    assert studio.rows(f"{relations} WHERE novel_id = %s", here.novel_id) == [(*ids, "belief", -7)]
    world = user.get(f"/novels/{here.novel_id}/worldview").json()
    assert [(one["entry_type"], one["name"], one["tags"]) for one in world] == [
        ("LAW", "No ship is turned away", []),
        ("LOCATION", "Skerry Light", ["sea", "stone"]),
    ]
    arcs = user.get(f"/novels/{here.novel_id}/story-arcs").json()
    assert [(arc["title"], arc["end_chapter_number"], arc["status"]) for arc in arcs] == [
        ("The letters", 2, "PLANNED"),
        ("The storm", 3, "PLANNED"),
    ]
    assert [node["title"] for node in arcs[0]["nodes"]] == ["Ashore", "Ink"]
    assert user.get(f"/novels/{here.novel_id}/chapters").json() == []
    assert user.get(f"/novels/{here.novel_id}/stats").json() == {"stages": 5, "words": 0, "tokens": 0, "cost": 0}


def test_ac68_finishing_again_says_so_and_adds_no_event(user: Client) -> None:
    here = walk_to_the_end(user)["PLOT_OUTLINE"]
    first = user.post(f"{here.flow_path}/complete", {"title": "Salt", "target_chapters": 12}).json()
    before = user.row_counts()["domain_events"]
    second = user.post(f"{here.flow_path}/complete", {})
    by_command = user.command(here.session_id, "FINISH_GENESIS")
    assert (second.status_code, by_command.status_code) == (200, 200)
    assert second.json() == first | {"already_completed": True}
    assert by_command.json()["result"] == first | {"already_completed": True, "session_id": here.session_id}
    assert user.row_counts()["domain_events"] == before
    novel = user.get(f"/novels/{here.novel_id}").json()
    assert (novel["title"], novel["target_chapters"]) == ("Salt", 12)


def test_ac68_ten_parallel_finishes_make_one_novel(user: Client) -> None:
    here = walk_to_the_end(user)["PLOT_OUTLINE"]
    answers = at_once(10, lambda _: user.post(f"{here.flow_path}/complete", {}))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert sorted(answer.json()["already_completed"] for answer in answers) == [False] + [True] * 9
    assert len(user.events("Novel.GenesisCompleted")) == 1


def test_a_finished_flow_takes_nothing_more(user: Client) -> None:
    here = walk_to_the_end(user)["PLOT_OUTLINE"]
    user.post(f"{here.flow_path}/complete", {})
    refused(user.post(f"{here.flow_path}/stages/WORLDVIEW", {}), 409, "FLOW_CLOSED")
    refused(user.post(f"{here.flow_path}/abandon", {}), 409, "INVALID_FLOW_STATUS")
    refused(user.post(f"{here.session_path}/messages", {"content": "too late"}), 409, "SESSION_ARCHIVED")


def test_from_the_final_stage_the_genesis_is_finished_too(user: Client) -> None:
    final = walk_to(user, "FINISHED")["FINISHED"]
    assert user.post(f"{final.flow_path}/complete", {}).json()["already_completed"] is False
    assert flow_of(user, final)["status"] == "COMPLETED"


def test_documents_of_any_shape_can_be_finished_and_what_does_not_fit_is_skipped(user: Client) -> None:
    long = "长" * 5_000
    odd: dict[str, dict[str, Any]] = {
        "INITIAL_PROMPT": {"concept": ["no", "object"], "theme": {"core_theme": 7}},
        "WORLDVIEW": {
            "entries": [{"name": long, "entry_type": ["LAW"]}, {"name": 5}, "text", {"name": "Sea", "tags": 1}]
        },
        "CHARACTERS": {
            "characters": [
                {"name": long, "role": {"of": "what"}, "character_id": ["c1"], "personality": 3, "goals": [1, "go"]},
                {"name": "Ines", "character_id": {"id": 1}, "background": ["a"], "role_type": 4},
            ],
            "network": {"edges": [{"from": ["c1"], "to": {}, "strength": "much"}, {"from": "Ines", "to": long}, 3]},
        },
        "PLOT_OUTLINE": {
            "outline": {"acts": [{"title": 1}, {"title": long}], "nodes": [{"chapter": [1]}, {"chapter": "2"}]}
        },
    }
    here = walk_to_the_end(user, odd)["PLOT_OUTLINE"]
    assert user.post(f"{here.flow_path}/complete", {}).status_code == 200
    assert len(user.get(f"/novels/{here.novel_id}/characters").json()) == 2
    assert {one["entry_type"] for one in user.get(f"/novels/{here.novel_id}/worldview").json()} == {"OTHER"}
    assert len(user.get(f"/novels/{here.novel_id}/story-arcs").json()) == 2
    assert user.get(f"/novels/{here.novel_id}").json()["title"] == "The Lighthouse"


# Start: novel, flow, session and record in one command.


def test_start_makes_whatever_is_missing_and_leaves_a_round(user: Client) -> None:
    made = user.created("/genesis/sessions", {"initial_input": "A keeper finds letters from the sea.", "title": "Salt"})
    flow = user.get(f"/genesis/flows/{made['novel_id']}").json()
    assert (flow["id"], flow["mode"], flow["current_stage_id"]) == (made["flow_id"], "refinement", made["stage_id"])
    assert flow["stages"][0]["primary_session_id"] == made["session_id"]
    assert user.get(f"/novels/{made['novel_id']}").json()["title"] == "Salt"
    (said,) = user.get(f"/conversations/sessions/{made['session_id']}/rounds").json()
    assert said["role"] == "user"
    assert said["input"]["command_type"] == "Command.Genesis.Session.Start"
    assert said["input"]["payload"]["initial_input"] == "A keeper finds letters from the sea."
    assert said["correlation_id"] == made["command_id"]


def test_start_without_anything_is_an_inspiration_for_an_untitled_novel(user: Client) -> None:
    made = user.created("/genesis/sessions", {})
    assert user.get(f"/novels/{made['novel_id']}").json()["title"] == "未命名小说"
    assert user.get(f"/genesis/flows/{made['novel_id']}").json()["mode"] == "inspiration"


def test_starting_the_same_session_again_adds_no_event(user: Client) -> None:
    made = user.created("/genesis/sessions", {})
    before = user.row_counts()["domain_events"]
    again = user.command(made["session_id"], "START_GENESIS")
    assert again.status_code == 200, again.text
    assert {name: again.json()["result"][name] for name in ("session_id", "novel_id", "flow_id", "stage_id")} == {
        name: made[name] for name in ("session_id", "novel_id", "flow_id", "stage_id")
    }
    assert user.row_counts()["domain_events"] == before


def test_start_on_a_novel_with_a_flow_uses_that_flow(user: Client) -> None:
    here = begin(user)
    made = user.created("/genesis/sessions", {"novel_id": here.novel_id})
    assert (made["flow_id"], made["stage_id"]) == (here.flow_id, here.stage_id)
    assert len(user.events("Genesis.Flow.Created")) == 1


@pytest.mark.parametrize("said", [{"mode": "refinement"}, {"initial_input": "too short"}])
def test_ac60_a_refinement_needs_something_to_refine(user: Client, said: dict[str, str]) -> None:
    refused(user.post("/genesis/sessions", said), 422, "INITIAL_INPUT_REQUIRED", "/initial_input")
    assert user.row_counts()["command_inbox"] == 0
    session_id = begin(user).session_id
    refused(user.command(session_id, "START_GENESIS", **said), 422, "INITIAL_INPUT_REQUIRED", "/payload/initial_input")


def test_ac60_concepts_for_a_refinement_are_not_asked_for_without_input(user: Client) -> None:
    here = begin(user, mode="refinement")
    asked = user.command(here.session_id, "SEED_REQUEST", user_input=" ")
    refused(asked, 422, "USER_INPUT_REQUIRED", "/payload/user_input")


def test_concepts_can_be_asked_for_whatever_a_user_has_saved_by_hand(user: Client) -> None:
    here = begin(user)
    for candidates in (5, "text", [1, {"concept_id": 7}, {"concept_id": "mine", "title": 3}]):
        confirm(user, here, {"concept_candidates": candidates})
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        assert user.finished_command(command_id)["status"] == "COMPLETED"
    unknown = user.command(here.session_id, "SEED_REQUEST", merge_ids=["mine", "nobody's"])
    refused(unknown, 404, "CONCEPT_NOT_FOUND")


# Novels.


def test_a_novel_is_created_changed_and_compared_by_version(user: Client) -> None:
    created = user.post("/novels", {"title": "  Salt ", "theme": "Letting go"})
    novel = created.json()
    assert created.headers["location"] == f"/api/v1/novels/{novel['id']}"
    assert (novel["title"], novel["status"], novel["target_chapters"], novel["genesis"]) == (
        "Salt",
        "GENESIS",
        10,
        None,
    )
    path = f"/novels/{novel['id']}"
    changed = user.patch(path, {"theme": None, "target_chapters": 20}, headers={"If-Match": created.headers["etag"]})
    assert (changed.json()["theme"], changed.json()["target_chapters"], changed.json()["version"]) == (None, 20, 2)
    stale = refused(user.patch(path, {"title": "Sea"}, headers={"If-Match": '"1"'}), 412, "PRECONDITION_FAILED")
    assert stale["current_version"] == 2
    shown = user.get(path)
    assert (shown.json(), shown.headers["etag"]) == (changed.json(), '"2"')
    refused(user.delete(path, headers={"If-Match": '"1"'}), 412, "PRECONDITION_FAILED")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"title": " "}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"title": None}, ""),
        ({"target_chapters": 0}, "/target_chapters"),
        ({"target_chapters": 1_001}, "/target_chapters"),
        ({"status": "GENERATING"}, "/status"),
    ],
)
def test_a_novel_refuses_changes_out_of_bounds(user: Client, body: dict[str, Any], pointer: str) -> None:
    refused(user.patch(f"/novels/{user.new_novel()}", body), 422, "VALIDATION_ERROR", pointer)


def test_novels_are_listed_newest_change_first_by_status(user: Client) -> None:
    first, second, third = (user.new_novel(title) for title in ("one", "two", "three"))
    user.patch(f"/novels/{first}", {"title": "one again"})
    page = user.get("/novels", limit=2)
    assert [novel["id"] for novel in page.json()] == [first, third]
    assert page.headers["x-total-count"] == "3"
    assert [novel["id"] for novel in user.get("/novels", offset=2).json()] == [second]
    assert user.get("/novels", status="GENERATING").json() == []


def test_deleting_a_novel_takes_flow_records_links_settings_and_sessions_with_it(user: Client, studio: Studio) -> None:
    passed = walk_to(user, "WORLDVIEW")
    here, other = passed["WORLDVIEW"], begin(user)
    confirm(user, here)
    response = user.delete(f"/novels/{here.novel_id}")
    assert (response.status_code, response.content) == (204, b"")
    told = [event.type for event in user.events() if str(event.correlation_id) == response.headers["x-command-id"]]
    assert told == [
        "Genesis.Flow.Abandoned",
        *["Genesis.Stage.SessionUnbound"] * 2,
        *["Conversation.Session.Deleted"] * 2,
        "Novel.Deleted",
    ]
    for path in (
        f"/novels/{here.novel_id}",
        here.flow_path,
        here.stage_path,
        here.session_path,
        f"{here.instance_path}/settings",
    ):
        assert user.get(path).status_code == 404, path
    refused(user.post(here.flow_path, {}), 404, "NOVEL_NOT_FOUND")
    refused(user.patch(here.session_path, {"title": "x"}), 404, "SESSION_NOT_FOUND")
    refused(user.delete(f"/novels/{here.novel_id}"), 404, "NOVEL_NOT_FOUND")
    left = "SELECT count(*) FROM {} WHERE user_id = %s"
    tables = {"genesis_flows": 1, "genesis_stage_records": 1, "genesis_stage_sessions": 1, "genesis_stage_settings": 0}
    assert {table: studio.rows(left.format(table), user.id)[0][0] for table in tables} == tables
    assert flow_of(user, other)["status"] == "IN_PROGRESS"


def test_deleting_a_novel_cancels_what_is_open(user: Client, studio: Studio) -> None:
    here = begin(user)
    with studio.without_task_workers():
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        assert user.delete(f"/novels/{here.novel_id}").status_code == 204
    command = user.finished_command(command_id)
    assert (command["status"], command["error_code"]) == ("FAILED", "CANCELLED")
