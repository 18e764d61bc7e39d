"""Decisions about a genesis: given what has happened, when this is asked, then these events or this refusal."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.contexts.genesis.decider.state import Flow
from services.kernel.decider import Rejected
from shared_types.enums import GenesisStage, GenesisStatus, StageSessionStatus, StageStatus
from tests.kit.deciding import Stage

TYPED = "Command.Genesis.Session."


@pytest.fixture
def stage() -> Stage:
    """A flow just begun, with a session in its first stage."""
    return begun()


def begun(navigation: str = "guided") -> Stage:
    stage = Stage()
    novel_id = body(stage.do("Command.Novel.Create", {"title": "The Lighthouse"}))["id"]
    stage.do("Command.Genesis.Flow.Create", {"navigation": navigation}, novel_id=novel_id)
    stage.do("Command.Genesis.Stage.BindSession", {}, stage_id=flow_of(stage).current_stage_id)
    return stage


def body(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = answer.body
    return found


def flow_of(stage: Stage) -> Flow:
    assert stage.scope is not None
    return next(stage.scope.all(Flow))


def session_of(stage: Stage) -> UUID:
    return flow_of(stage).records[0].links[0].session_id


def confirm_current(stage: Stage) -> None:
    record = flow_of(stage).current()
    link = next((link for link in record.links if link.status is StageSessionStatus.ACTIVE), None)
    if link is None:
        stage.do("Command.Genesis.Stage.BindSession", {}, stage_id=record.id)
        link = flow_of(stage).current().links[-1]
    settings_asked = {"settings": {"a": record.stage}, "session_id": str(link.session_id)}
    saved = body(stage.do("Command.Genesis.Stage.SaveSettings", settings_asked, instance_id=record.id))
    stage.do("Command.Genesis.Stage.ConfirmSettings", instance_id=record.id, version=saved["version"])


def complete_current(stage: Stage) -> None:
    confirm_current(stage)
    stage.do("Command.Genesis.Stage.Advance", instance_id=flow_of(stage).current().id)


def test_a_flow_begins_with_a_running_record_of_the_first_stage(stage: Stage) -> None:
    flow = flow_of(stage)
    assert (flow.status, flow.current_stage, flow.version) == (
        GenesisStatus.IN_PROGRESS,
        GenesisStage.INITIAL_PROMPT,
        1,
    )
    assert flow.current().status is StageStatus.RUNNING


def test_beginning_a_flow_again_gives_the_same_one_and_no_event(stage: Stage) -> None:
    before = flow_of(stage)
    answer = stage.do("Command.Genesis.Flow.Create", novel_id=before.novel_id)
    assert (answer.status, stage.types()) == (200, [])


def test_advancing_completes_archives_and_enters_the_next_stage_in_this_order(stage: Stage) -> None:
    confirm_current(stage)
    stage.do("Command.Genesis.Stage.Advance", {"transition_data": {"x": 1}}, instance_id=flow_of(stage).current().id)
    assert stage.types() == [
        "Genesis.Session.Stage.Completed",
        "Genesis.Stage.SessionUpdated",
        "Genesis.Stage.Created",
        "Genesis.Stage.TransitionRecorded",
        "Genesis.Flow.Advanced",
    ]


def test_nothing_confirmed_means_no_advance(stage: Stage) -> None:
    refusal = stage.refused("Command.Genesis.Stage.Advance", instance_id=flow_of(stage).current().id)
    assert refusal.code == "STAGE_NOT_CONFIRMED"


def test_a_stage_that_comes_later_than_the_next_is_not_reached(stage: Stage) -> None:
    refusal = stage.refused("Command.Genesis.Stage.Create", novel_id=flow_of(stage).novel_id, stage="PLOT_OUTLINE")
    assert refusal.code == "STAGE_NOT_REACHED"


def test_going_back_pauses_what_is_left_and_carries_the_confirmed_settings_over(stage: Stage) -> None:
    complete_current(stage)
    left = flow_of(stage).current()
    stage.do("Command.Genesis.Stage.Create", novel_id=flow_of(stage).novel_id, stage="INITIAL_PROMPT")
    again = flow_of(stage).current()
    assert (again.sequence_number, again.latest_version, again.confirmed_version) == (2, 1, None)
    paused = flow_of(stage).record(left.id)
    assert paused is not None
    assert paused.status is StageStatus.PAUSED


def test_an_open_command_keeps_the_stage_from_being_completed(stage: Stage) -> None:
    confirm_current(stage)
    stage.do(f"{TYPED}Seed.Request", {"user_input": "a lighthouse keeper"}, session_id=session_of(stage))
    refusal = stage.refused("Command.Genesis.Stage.Advance", instance_id=flow_of(stage).current().id)
    assert refusal.code == "STAGE_BUSY"


def test_finishing_too_early_names_every_stage_that_is_missing(stage: Stage) -> None:
    complete_current(stage)
    refusal = stage.refused(f"{TYPED}Finish", session_id=session_of(stage))
    assert refusal.code == "STAGE_INCOMPLETE"
    assert refusal.extra["stages"] == ["WORLDVIEW", "CHARACTERS", "PLOT_OUTLINE"]


def test_finishing_completes_a_confirmed_outline_and_the_final_stage_by_itself(stage: Stage) -> None:
    for _ in range(3):
        complete_current(stage)
    confirm_current(stage)
    stage.do(f"{TYPED}Finish", session_id=session_of(stage))
    assert flow_of(stage).status is GenesisStatus.COMPLETED
    assert stage.types()[-4:] == [
        "Genesis.Session.Finished",
        "Genesis.Flow.Completed",
        "Novel.GenesisCompleted",
        "Conversation.Round.Created",
    ]
    again = stage.do(f"{TYPED}Finish", session_id=session_of(stage))
    assert (body(again)["already_completed"], stage.types()) == (True, [])


def test_failing_pauses_the_flow_and_a_new_record_continues_after_resuming(stage: Stage) -> None:
    novel_id = flow_of(stage).novel_id
    stage.do(f"{TYPED}Fail", {"reason": "lost the thread"}, session_id=session_of(stage))
    assert flow_of(stage).status is GenesisStatus.PAUSED
    stage.do("Command.Genesis.Flow.Resume", novel_id=novel_id)
    stage.do("Command.Genesis.Stage.Create", novel_id=novel_id, stage="INITIAL_PROMPT")
    assert flow_of(stage).current().sequence_number == 2


def test_finishing_does_not_name_an_outline_that_it_would_complete_itself() -> None:
    stage = begun("free_form")
    stage.do("Command.Genesis.Stage.Create", novel_id=flow_of(stage).novel_id, stage="PLOT_OUTLINE")
    confirm_current(stage)
    refusal = stage.refused(f"{TYPED}Finish", novel_id=flow_of(stage).novel_id)
    assert refusal.extra["stages"] == ["INITIAL_PROMPT", "WORLDVIEW", "CHARACTERS"]


def test_a_primary_session_of_a_completed_stage_stays_so_when_only_its_kind_changes(stage: Stage) -> None:
    complete_current(stage)
    record, session_id = flow_of(stage).records[0], session_of(stage)
    update = "Command.Genesis.Stage.UpdateSession"
    stage.do(update, {"session_kind": "review"}, stage_id=record.id, session_id=session_id)
    assert stage.types() == ["Genesis.Stage.SessionUpdated"]
    stage.do(update, {"status": "CLOSED"}, stage_id=record.id, session_id=session_id)
    assert stage.types() == ["Genesis.Stage.SessionUpdated", "Genesis.Stage.PrimaryChanged"]


def test_deleting_a_novel_ends_everything_of_it_by_its_own_event(stage: Stage) -> None:
    stage.do("Command.Novel.Delete", novel_id=flow_of(stage).novel_id)
    assert stage.types() == [
        "Genesis.Flow.Abandoned",
        "Genesis.Stage.SessionUnbound",
        "Conversation.Session.Deleted",
        "Novel.Deleted",
    ]


ACTIONS = st.sampled_from(
    ["confirm", "advance", "bind", "pause", "resume", "abandon", "fail", "seed", "finish", "iterate", "delete session"]
)


def act(stage: Stage, action: str, target: GenesisStage) -> None:
    """Tries something; a refusal is as good as success, as long as the invariants hold."""
    flow = flow_of(stage)
    novel_id, record = flow.novel_id, flow.current()
    session_id = record.links[0].session_id if record.links else session_of(stage)
    match action:
        case "confirm":
            confirm_current(stage)
        case "advance":
            stage.do("Command.Genesis.Stage.Advance", instance_id=record.id)
        case "bind":
            stage.do("Command.Genesis.Stage.BindSession", {"is_primary": True}, stage_id=record.id)
        case "pause" | "resume" | "abandon":
            stage.do(f"Command.Genesis.Flow.{action.capitalize()}", novel_id=novel_id)
        case "fail":
            stage.do(f"{TYPED}Fail", {"reason": "why not"}, session_id=session_id)
        case "seed":
            stage.do(f"{TYPED}Seed.Request", {"user_input": "an idea"}, session_id=session_id)
        case "finish":
            stage.do(f"{TYPED}Finish", session_id=session_id)
        case "iterate":
            stage.do("Command.Genesis.Stage.Create", {"new_iteration": True}, novel_id=novel_id, stage=target)
        case "delete session":
            stage.do("Command.Conversation.Session.Delete", session_id=session_id)
        case _:
            raise ValueError(action)


@settings(max_examples=60, deadline=None)
@for_all(
    steps=st.lists(st.tuples(ACTIONS, st.sampled_from(list(GenesisStage))), max_size=25),
    navigation=st.sampled_from(["guided", "free_form"]),
)
def test_no_sequence_of_commands_breaks_an_invariant(steps: list[tuple[str, GenesisStage]], navigation: str) -> None:
    stage = begun(navigation)
    for action, target in steps:
        if not flow_of(stage).records[0].links:
            return  # every session was deleted: nobody is left to speak through
        with suppress(Rejected):
            act(stage, action, target)
        check_invariants(flow_of(stage))
    assert_same_when_refolded(stage)


def check_invariants(flow: Flow) -> None:
    running = [record for record in flow.records if record.status is StageStatus.RUNNING]
    assert len(running) <= 1
    assert all(record.id == flow.current_stage_id for record in running)
    for stage in GenesisStage:
        records = [record for record in flow.records if record.stage is stage]
        assert sum(record.is_current for record in records) <= 1
        assert [record.sequence_number for record in records] == list(range(1, len(records) + 1))
    for record in flow.records:
        assert sum(link.is_primary for link in record.links) <= 1
        assert len({link.session_id for link in record.links}) == len(record.links)
        assert sorted(record.versions) == list(range(1, record.latest_version + 1))
        assert record.confirmed_version is None or record.confirmed_version in record.versions


def assert_same_when_refolded(stage: Stage) -> None:
    """A scope kept in memory equals one folded anew from its stored events (but for the clock)."""
    assert stage.scope is not None
    refolded = stage.refold()
    assert refolded.versions == stage.scope.versions
    flow, again = flow_of(stage), next(refolded.all(Flow))
    assert [(r.id, r.status, r.is_current, r.confirmed_version, r.config) for r in flow.records] == [
        (r.id, r.status, r.is_current, r.confirmed_version, r.config) for r in again.records
    ]
    assert set(flow.open_commands) == set(again.open_commands)
