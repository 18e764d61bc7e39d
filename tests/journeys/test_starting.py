"""The first commands of a genesis: start, and asking for concepts."""

from uuid import uuid4

import pytest

from tests.journeys.genesis_walks import begin, confirm
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


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


def test_a_session_is_started_for_the_novel_it_belongs_to_and_no_other(user: Client, studio: Studio) -> None:
    here, others = begin(user), studio.user().new_novel()
    for novel_id in (others, user.new_novel(), str(uuid4())):
        before = user.row_counts()
        foreign = user.command(here.session_id, "START_GENESIS", novel_id=novel_id)
        refused(foreign, 404, "NOVEL_NOT_FOUND", "/payload/novel_id")
        assert user.row_counts() == before
    assert user.command(here.session_id, "START_GENESIS", novel_id=here.novel_id).status_code == 200


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
