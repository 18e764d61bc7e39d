"""From stage to stage: forward, back, once more, and in any order."""

from tests.journeys.genesis_walks import CONFIGS, DOCUMENTS, advance, begin, confirm, flow_of, records_of, save, walk_to
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


def test_ac40_a_stage_without_a_confirmed_version_cannot_be_left_and_nothing_changes(user: Client) -> None:
    here = begin(user)
    save(user, here, idea="not confirmed")
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

    assert user.events_of(response) == [
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


def test_a_result_that_comes_after_its_stage_was_left_is_kept_there(user: Client, studio: Studio) -> None:
    here = begin(user, navigation="free_form")
    with studio.without_task_workers():
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        again = user.post(f"{here.flow_path}/stages/INITIAL_PROMPT", {"new_iteration": True})
        refused(again, 409, "STAGE_BUSY")
        user.created(f"{here.flow_path}/stages/CHARACTERS", {})
    assert user.finished_command(command_id)["status"] == "COMPLETED"
    (left,) = records_of(user, here, "INITIAL_PROMPT")
    assert (left["status"], left["latest_version"], left["iteration_count"]) == ("PAUSED", 1, 1)
    assert user.get(f"{here.instance_path}/settings/1").json()["source"] == "ai"


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
