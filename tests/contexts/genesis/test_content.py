"""Decisions about content: ask for it, have it changed, change it, confirm it, try another way and come back."""

from typing import Any
from uuid import UUID

import pytest

from services.contexts.genesis.decider.state import Flow, StageRecord
from tests.kit.deciding import Stage

TYPED = "Command.Genesis.Session."
RESULT = {
    "understanding": "A keeper and the sea.",
    "quality_score": 8.0,
    "quality": {"total": 8.0},
    "suggestions": ["Confirm it."],
    "needs_optimization": False,
    "consistency": [],
    "generation_metadata": {"prompt_tokens": 10, "completion_tokens": 20, "generation_time_ms": 5, "cost": 0.1},
}
CONCEPT = {"concept_id": "c1", "title": "The Lighthouse", "premise": "A keeper hears letters.", "hook": "They answer."}
OTHER = {**CONCEPT, "concept_id": "c2", "title": "The Sea"}
THEMES = [{"theme_id": "t1", "core_theme": "Debt"}, {"theme_id": "t2", "core_theme": "Mercy"}]
DIMENSION = {"core_rule": "The tide is a clock.", "examples": ["a", "b", "c"], "boundaries": "Inland."}
WORLD = {"dimensions": dict.fromkeys(("geography", "history", "culture", "rules", "society"), DIMENSION)}
CAST = {
    "characters": [
        {"character_id": "p1", "name": "Ines", "role_type": "protagonist"},
        {"character_id": "p2", "name": "Tomas", "role_type": "antagonist"},
    ]
}


@pytest.fixture
def stage() -> Stage:
    """A flow just begun, with a session in its first stage."""
    begun = Stage()
    novel_id = begun.do("Command.Novel.Create", {"title": "The Lighthouse"}).body["id"]  # type: ignore[call-overload, index]
    begun.do("Command.Genesis.Flow.Create", {}, novel_id=novel_id)
    begun.do("Command.Genesis.Stage.BindSession", {}, stage_id=flow_of(begun).current_stage_id)
    return begun


def flow_of(stage: Stage) -> Flow:
    assert stage.scope is not None
    return next(stage.scope.all(Flow))


def record_of(stage: Stage) -> StageRecord:
    return flow_of(stage).current()


def session_of(stage: Stage) -> UUID:
    links = record_of(stage).links
    if not links:
        stage.do("Command.Genesis.Stage.BindSession", {}, stage_id=record_of(stage).id)
        links = record_of(stage).links
    return links[0].session_id


def send(stage: Stage, command: str, session_id: UUID | None = None, /, **payload: Any) -> Any:
    return stage.do(TYPED + command, payload, session_id=session_id or session_of(stage))


def refusal(stage: Stage, command: str, /, **payload: Any) -> str:
    return stage.refused(TYPED + command, payload, session_id=session_of(stage)).code


def write(stage: Stage, command: str, content: dict[str, Any], /, **payload: Any) -> None:
    """Asks for content, and a worker brings it."""
    assert send(stage, command, **payload).status == 202
    stage.work({**RESULT, "content": content})


def complete(stage: Stage) -> None:
    stage.do("Command.Genesis.Stage.Advance", instance_id=record_of(stage).id)


def at_worldview(stage: Stage) -> Stage:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT, OTHER]})
    send(stage, "Concept.Confirm", concept_id="c1")
    complete(stage)
    return stage


def at_characters(stage: Stage) -> Stage:
    write(at_worldview(stage), "World.Request", WORLD)
    send(stage, "World.Confirm")
    complete(stage)
    return stage


def newest(stage: Stage) -> dict[str, Any]:
    found = record_of(stage).newest()
    assert found is not None
    return found.settings


def test_a_result_is_told_stored_and_said(stage: Stage) -> None:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]})
    assert stage.types() == [
        "Genesis.Session.Concept.Proposed", "Genesis.Stage.SettingsSaved", "Conversation.Round.Created",
    ]  # fmt: skip
    record = record_of(stage)
    assert (record.latest_version, record.iteration_count, record.totals.tokens_out) == (1, 1, 20)
    assert newest(stage) == {"concept_candidates": [CONCEPT], "concept": None, "theme_candidates": [], "theme": None}
    assert record.versions[1].quality_score == 8.0
    assert not flow_of(stage).open_commands


def test_choosing_a_concept_saves_confirms_and_tells(stage: Stage) -> None:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT, OTHER]})
    send(stage, "Concept.Confirm", concept_id="c2", modifications={"concept": {"title": "The Salt Sea"}})
    assert stage.types()[:3] == [
        "Genesis.Stage.SettingsSaved", "Genesis.Stage.SettingsConfirmed", "Genesis.Session.Concept.Confirmed",
    ]  # fmt: skip
    record = record_of(stage)
    assert record.confirmed is not None
    assert record.confirmed.settings["concept"] == {**OTHER, "title": "The Salt Sea"}
    assert record.versions[1].settings["concept"] is None


def test_confirming_what_is_confirmed_changes_nothing(stage: Stage) -> None:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT, OTHER]})
    for _ in range(2):
        answer = send(stage, "Concept.Confirm", concept_id="c2")
        assert (answer.status, answer.body["version"]) == (200, 2)
    assert stage.types() == []
    assert send(stage, "Concept.Confirm", concept_id="c2", settings_version=1).body["version"] == 2


def test_a_concept_must_be_there_and_whole(stage: Stage) -> None:
    assert refusal(stage, "Concept.Confirm", concept_id="c1") == "VERSION_NOT_FOUND"
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT, OTHER]})
    assert refusal(stage, "Concept.Confirm", concept_id="c3") == "CONCEPT_NOT_FOUND"
    assert refusal(stage, "Concept.Confirm", concept_id="c1", settings_version=9) == "VERSION_NOT_FOUND"
    blank = {"concept": {"hook": " "}}
    assert refusal(stage, "Concept.Confirm", concept_id="c1", modifications=blank) == "CONTENT_INCOMPLETE"


def test_themes_come_after_a_concept_and_one_of_several_is_named(stage: Stage) -> None:
    assert refusal(stage, "Theme.Request") == "CONCEPT_NOT_CONFIRMED"
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]})
    send(stage, "Concept.Confirm", concept_id="c1")
    write(stage, "Theme.Request", {"theme_candidates": THEMES})
    assert refusal(stage, "Theme.Confirm") == "SELECTION_REQUIRED"
    assert refusal(stage, "Theme.Confirm", theme_id="t9") == "THEME_NOT_FOUND"
    send(stage, "Theme.Confirm", theme_id="t2")
    confirmed = record_of(stage).confirmed
    assert confirmed is not None
    assert (confirmed.settings["concept"], confirmed.settings["theme"]) == (CONCEPT, THEMES[1])
    send(stage, "Theme.Confirm", theme_id="t2")
    assert stage.types() == []


def test_feedback_goes_to_the_author_with_all_that_was_said_before(stage: Stage) -> None:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]}, user_input="A keeper hears letters in the storm.")
    write(stage, "Theme.Revise", {"concept_candidates": [CONCEPT]}, user_feedback="darker")
    assert stage.types()[0] == "Genesis.Session.Concept.Proposed"
    send(stage, "Theme.Revise", user_feedback="no magic", modifications={"concept_candidates": [OTHER]})
    assert stage.types()[:2] == ["Genesis.Stage.SettingsSaved", "Genesis.Session.Theme.RevisionRequested"]
    ((_, task),) = stage.tasks
    assert (task.input["step"], task.input["is_revision"]) == ("concept", True)
    assert task.input["feedback"] == ["darker", "no magic"]
    assert task.input["newest"]["concept_candidates"] == [OTHER]
    assert task.input["idea"] == "A keeper hears letters in the storm."


def test_the_author_is_told_what_was_said_in_the_last_ten_rounds(stage: Stage) -> None:
    for number in range(6):
        write(
            stage, "Seed.Request", {"concept_candidates": [CONCEPT]}, user_input=f"Number {number}, a long enough idea."
        )
    send(stage, "Seed.Request", user_input="The last, a long enough idea.")
    ((_, task),) = stage.tasks
    talk = task.input["conversation"]
    assert [said["role"] for said in talk] == ["summary", *["user", "assistant"] * 5]
    assert [said["said"] for said in talk[1::2]] == [f"Number {number}, a long enough idea." for number in range(1, 6)]
    assert talk[0]["said"].startswith("user: Number 0, a long enough idea.\nassistant: ")


def test_what_was_said_before_the_last_ten_rounds_is_summed_up_in_the_session(stage: Stage) -> None:
    for number in range(5):
        write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]}, user_input=f"Number {number}. " + "Long. " * 30)
        assert "Conversation.Session.Updated" not in stage.types(), "ten rounds are told in full"
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]}, user_input="Number 5, a long enough idea.")
    updated: Any = stage.happened[-1]
    summary = updated.changed["metadata"]["state"]["summary"]
    first, second = summary.split("\n")
    assert (first[:16], first[-1], len(first)) == ("user: Number 0. ", "…", len("user: ") + 120)
    assert second.startswith("assistant: ")
    assert updated.version == 2


def test_modifications_alone_are_the_users_own_version_at_once(stage: Stage) -> None:
    at_worldview(stage)
    write(stage, "World.Request", WORLD)
    answer = send(stage, "World.Update", modifications={"dimensions": {"culture": {"boundaries": "At sea."}}})
    assert (answer.status, answer.body["version"], answer.body["source"]) == (200, 2, "user")
    assert stage.types()[:2] == ["Genesis.Stage.SettingsSaved", "Genesis.Session.World.Updated"]
    updated: Any = stage.happened[1]
    assert (updated.by, updated.changed_paths) == ("user", ["/dimensions/culture/boundaries"])
    assert stage.tasks == []


def test_a_change_needs_something_to_change_and_a_wish(stage: Stage) -> None:
    at_worldview(stage)
    assert refusal(stage, "World.Update", user_feedback="darker") == "NOTHING_TO_REVISE"
    write(stage, "World.Request", WORLD)
    assert refusal(stage, "World.Update") == "NOTHING_TO_DO"
    assert refusal(stage, "World.Update", user_feedback="x", settings_version=7) == "VERSION_NOT_FOUND"


def test_a_world_without_one_of_its_dimensions_is_not_confirmed(stage: Stage) -> None:
    write(at_worldview(stage), "World.Request", WORLD)
    assert refusal(stage, "World.Confirm", modifications={"dimensions": {"rules": None}}) == "CONTENT_INCOMPLETE"
    send(stage, "World.Confirm", modifications={"dimensions": {"faith": DIMENSION}})
    confirmed = record_of(stage).confirmed
    assert confirmed is not None
    assert set(confirmed.settings["dimensions"]) == {*WORLD["dimensions"], "faith"}


def test_a_network_takes_two_and_a_cast_somebody_to_follow(stage: Stage) -> None:
    at_characters(stage)
    assert refusal(stage, "CharacterNetwork.Create") == "NOT_ENOUGH_CHARACTERS"
    write(stage, "Character.Request", CAST)
    assert refusal(stage, "CharacterNetwork.Create", character_ids=["p1"]) == "NOT_ENOUGH_CHARACTERS"
    assert refusal(stage, "CharacterNetwork.Create", character_ids=["p1", "p9"]) == "CHARACTER_NOT_FOUND"
    network: dict[str, Any] = {"nodes": [], "edges": []}
    write(stage, "CharacterNetwork.Create", {"network": network})
    assert newest(stage) == {**CAST, "network": network}
    only_villains = {"characters": [CAST["characters"][1]]}
    assert refusal(stage, "Character.Confirm", modifications=only_villains) == "CONTENT_INCOMPLETE"


def test_a_kind_of_proposal_is_made_so_often_and_no_more(stage: Stage) -> None:
    for _ in range(10):
        write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]})
    assert refusal(stage, "Seed.Request") == "ITERATION_LIMIT"
    send(stage, "Concept.Confirm", concept_id="c1")
    assert send(stage, "Theme.Request").status == 202


def test_a_command_of_another_stage_is_refused(stage: Stage) -> None:
    assert refusal(stage, "World.Request") == "STAGE_MISMATCH"
    assert refusal(stage, "Plot.Confirm") == "STAGE_MISMATCH"


def test_a_branch_leaves_the_main_line_as_it_is_and_goes_on_by_itself(stage: Stage) -> None:
    write(at_worldview(stage), "World.Request", WORLD)
    main = session_of(stage)
    answer = send(stage, "Branch.Create", label="colder", base_version=1)
    assert stage.types()[:4] == [
        "Conversation.Session.Created",
        "Genesis.Stage.SessionBound",
        "Genesis.Stage.SettingsSaved",
        "Genesis.Session.Branch.Created",
    ]
    branch_session = answer.body["session_id"]
    assert stage.refused(TYPED + "Branch.Create", {"label": "colder"}, session_id=main).code == "BRANCH_LABEL_TAKEN"
    send(stage, "World.Update", branch_session, modifications={"climate": "cold"})
    record = record_of(stage)
    assert newest(stage) == WORLD
    on_branch = record.newest(record.branches[0])
    assert on_branch is not None
    assert (on_branch.version, on_branch.settings["climate"]) == (3, "cold")
    link = record.link(branch_session)
    assert link is not None
    assert (link.is_primary, link.session_kind) == (False, "branch")
    send(stage, "World.Confirm", branch_session)
    assert record_of(stage).confirmed_version == 3


def merge(stage: Stage, **payload: Any) -> Any:
    return stage.do("Command.Genesis.Settings.Merge", payload, session_id=session_of(stage))


def test_branches_that_do_not_overlap_are_merged(stage: Stage) -> None:
    write(at_worldview(stage), "World.Request", WORLD)
    branch_session = send(stage, "Branch.Create", label="colder").body["session_id"]
    send(stage, "World.Update", branch_session, modifications={"climate": "cold"})
    send(stage, "World.Update", modifications={"moons": 2})
    answer = merge(stage, source="colder", target="v4")
    assert (answer.body["source"], answer.body["branch_id"]) == ("merge", None)
    assert newest(stage) == {**WORLD, "climate": "cold", "moons": 2}


def test_branches_that_overlap_are_refused_with_the_places_unless_one_side_counts(stage: Stage) -> None:
    write(at_worldview(stage), "World.Request", WORLD)
    branch_session = send(stage, "Branch.Create", label="colder").body["session_id"]
    send(stage, "World.Update", branch_session, modifications={"climate": "cold", "moons": 1})
    send(stage, "World.Update", modifications={"climate": "hot"})
    asked = {"source": "colder", "target": "v4"}
    refused = stage.refused("Command.Genesis.Settings.Merge", asked, session_id=session_of(stage))
    assert (refused.code, refused.extra["paths"]) == ("MERGE_CONFLICT", ["/climate"])
    assert merge(stage, **asked, strategy="theirs").body["settings"]["climate"] == "cold"
    ours = merge(stage, **asked, strategy="ours").body["settings"]
    assert (ours["climate"], ours["moons"]) == ("hot", 1)


def test_feedback_and_confirmation_of_the_current_stage_are_its_own_commands(stage: Stage) -> None:
    write(at_worldview(stage), "World.Request", WORLD)
    assert stage.do("PROVIDE_FEEDBACK", {"user_feedback": "darker"}, session_id=session_of(stage)).status == 202
    assert stage.types()[0] == "Genesis.Session.World.UpdateRequested"
    again = stage.refused("PROVIDE_FEEDBACK", {"user_feedback": "darker"}, session_id=session_of(stage))
    (open_command,) = flow_of(stage).open_commands.values()
    assert (again.code, again.extra) == ("DUPLICATE_COMMAND", {"duplicate_command_id": str(open_command.id)})
    stage.do("CONFIRM_STAGE", {}, session_id=session_of(stage))
    assert stage.types()[:2] == ["Genesis.Stage.SettingsConfirmed", "Genesis.Session.World.Confirmed"]


def test_confirming_the_first_stage_needs_to_know_which_concept(stage: Stage) -> None:
    write(stage, "Seed.Request", {"concept_candidates": [CONCEPT]})
    wrong = stage.refused("CONFIRM_STAGE", {}, session_id=session_of(stage))
    assert (wrong.code, wrong.errors[0].pointer) == ("VALIDATION_ERROR", "/concept_id")
    stage.do("CONFIRM_STAGE", {"concept_id": "c1"}, session_id=session_of(stage))
    assert record_of(stage).confirmed_version == 2


def test_everything_folded_again_from_stored_events_is_the_same(stage: Stage) -> None:
    write(at_characters(stage), "Character.Request", CAST)
    send(stage, "Branch.Create")
    send(stage, "Character.Confirm")
    assert stage.scope is not None
    assert dict(stage.refold().states).keys() == dict(stage.scope.states).keys()
    refolded = next(stage.refold().all(Flow))
    assert [record.versions for record in refolded.records][-1].keys() == record_of(stage).versions.keys()
