"""The genesis conversation: proposals, feedback, versions, branches, checks, details, export, and the end of it all."""

import base64
import zipfile
from io import BytesIO
from typing import Any

import orjson
import pytest

from services.contexts.genesis.engine.directives import Exclude
from services.contexts.genesis.engine.feedback.applying import shown_in
from services.contexts.genesis.engine.foundations import Character, DetailsProposal, Outline, Theme, World
from tests.journeys.genesis_conversations import (
    IDEA,
    Writer,
    begins,
    names_in,
    with_cast,
    with_concept,
    with_plot,
    with_world,
)
from tests.kit.refusals import refused
from tests.kit.studio import Client

IDEAS = {"en": IDEA, "zh": "一个能听见未来来信的灯塔守望者"}


def text_of(document: Any) -> str:
    return orjson.dumps(document).decode()


def test_ac60_concepts_come_with_an_idea_or_without_and_hold_the_idea(user: Client) -> None:
    invented = begins(user)
    assert 3 <= len(invented.asks("Seed.Request")["concept_candidates"]) <= 6
    told = begins(user, IDEA)
    for candidate in told.asks("Seed.Request", user_input=IDEA, candidate_count=6)["concept_candidates"]:
        assert "lighthouse keeper" in candidate["premise"].casefold()
    refused(user.post("/genesis/sessions", {"mode": "refinement"}), 422, "INITIAL_INPUT_REQUIRED", "/initial_input")


STEPS = {
    "concept": (with_concept, None, "Theme.Revise", {"target": "concept"}),
    "theme": (with_concept, "Theme.Request", "Theme.Revise", {"target": "theme"}),
    "world": (with_world, None, "World.Update", {}),
    "characters": (with_cast, None, "Character.Update", {}),
    "plot": (with_plot, None, "Plot.Update", {}),
}


@pytest.mark.parametrize("step", STEPS)
def test_ac61_feedback_makes_a_new_version_that_shows_it_and_keeps_the_old(user: Client, step: str) -> None:
    prepare, request, command, options = STEPS[step]
    writer = prepare(user, IDEA)
    if request is not None:
        writer.send(request)
    before, earlier = writer.state(), writer.versions()
    revised = writer.asks(command, user_feedback="add a drowned piano", **options)
    assert "drowned piano" in text_of(revised)
    assert "drowned piano" not in text_of(before["last_result"]["settings"])
    after = writer.state()
    assert after["iteration_count"] == before["iteration_count"] + 1
    assert writer.versions()[1:] == earlier
    assert after["last_result"]["assessment"]["quality"]


def test_ac62_modifications_alone_are_a_version_at_once(user: Client) -> None:
    writer = with_world(user, IDEA)
    tasks = user.row_counts()["async_tasks"]
    patch = {"dimensions": {"culture": {"boundaries": "Only at sea."}}}
    answer = user.command(writer.session_id, "WORLD_UPDATE", modifications=patch)
    assert (answer.status_code, answer.json()["result"]["source"]) == (200, "user")
    assert writer.newest()["dimensions"]["culture"]["boundaries"] == "Only at sea."
    assert user.row_counts()["async_tasks"] == tasks


def test_ac63_a_version_confirmed_with_modifications_is_confirmed_as_patched(user: Client) -> None:
    writer = begins(user, IDEA)
    concept = writer.asks("Seed.Request", user_input=IDEA)["concept_candidates"][1]
    patch = {"concept": {"title": "The Salt Ledger"}}
    writer.send("Concept.Confirm", concept_id=concept["concept_id"], modifications=patch)
    (confirmed,) = [version for version in writer.versions() if version["is_confirmed"]]
    assert confirmed["settings"]["concept"] == {**concept, "title": "The Salt Ledger"}
    assert writer.state()["confirmed_data"]["INITIAL_PROMPT"] == confirmed["settings"]


def test_ac64_a_character_asked_for_with_traits_has_them(user: Client) -> None:
    writer = with_cast(user, IDEA)
    known = names_in(writer.newest()["characters"])
    wanted = {"role": "protagonist", "traits": ["brave", "noble"]}
    characters = writer.asks("Character.Request", requirements=wanted)["characters"]
    assert names_in(characters)[: len(known)] == known
    (added,) = characters[len(known) :]
    assert added["role_type"] == "protagonist"
    assert {"brave", "noble"} <= set(added["personality"]["traits"])


def test_ac65_a_network_ties_the_cast_together(user: Client) -> None:
    writer = with_cast(user, IDEA)
    characters = writer.newest()["characters"]
    ids = [character["character_id"] for character in characters][:2]
    network = writer.asks("CharacterNetwork.Create", character_ids=ids)["network"]
    assert {node["character_id"] for node in network["nodes"]} == set(ids)
    assert {edge[end] for edge in network["edges"] for end in ("from", "to")} <= set(ids)
    writer.send("Character.Update", modifications={"characters": characters[:1]})
    refused(user.command(writer.session_id, "CHARACTER_NETWORK_CREATE"), 409, "NOT_ENOUGH_CHARACTERS")


def test_ac66_a_branch_is_another_session_and_leaves_the_main_line_alone(user: Client) -> None:
    writer = with_world(user, IDEA)
    main = writer.newest()
    made = user.created(f"/conversations/sessions/{writer.session_id}/versions", {"base_version": 1, "label": "colder"})
    branch = Writer(user, writer.novel_id, writer.flow_id, made["session_id"], writer.stage_id)
    branch.send("World.Update", user_feedback="add a frozen harbour")
    assert "frozen harbour" in text_of(branch.newest())
    assert writer.newest() == main
    (listed,) = user.get(f"/genesis/flows/{writer.novel_id}/branches").json()
    assert (listed["label"], listed["session_id"], listed["base_version"]) == ("colder", branch.session_id, 1)
    labels = [one["label"] for one in user.get(f"/conversations/sessions/{writer.session_id}/versions").json()]
    assert "colder" in labels
    links = user.get(f"/genesis/stages/{writer.stage_id}/sessions").json()
    assert [
        (link["session_kind"], link["is_primary"]) for link in links if link["session_id"] == branch.session_id
    ] == [("branch", False)]
    branch.send("World.Confirm")
    assert "frozen harbour" in text_of(writer.state()["confirmed_data"]["WORLDVIEW"])


def test_ac67_branches_are_merged_unless_they_overlap(user: Client) -> None:
    writer = with_world(user, IDEA)
    path = f"/conversations/sessions/{writer.session_id}/versions"
    branch = user.created(path, {"label": "colder"})
    user.command(branch["session_id"], "WORLD_UPDATE", modifications={"climate": "cold", "moons": 1})
    writer.send("World.Update", modifications={"tides": 4})
    newest = writer.versions()[0]["version"]
    merged = user.write("PUT", f"{path}/merge", {"source": "colder", "target": f"v{newest}"})
    assert (merged.status_code, merged.json()["source"]) == (200, "merge")
    assert {"climate": "cold", "moons": 1, "tides": 4}.items() <= writer.newest().items()
    writer.send("World.Update", modifications={"moons": 3})
    user.command(branch["session_id"], "WORLD_UPDATE", modifications={"moons": 2})
    overlapping = {"source": "colder", "target": f"v{newest + 2}"}
    problem = refused(user.write("PUT", f"{path}/merge", overlapping), 409, "MERGE_CONFLICT")
    assert problem["paths"] == ["/moons"]
    ours = user.write("PUT", f"{path}/merge", {**overlapping, "strategy": "ours"}).json()
    assert ours["settings"]["moons"] == 3
    (listed,) = user.get(f"/genesis/flows/{writer.novel_id}/branches").json()
    assert listed["merged_version"] == ours["version"]


def test_ac73_a_contradiction_keeps_a_stage_from_being_completed_until_it_is_mended(user: Client) -> None:
    writer = with_plot(user, IDEA)
    plot = writer.newest()
    nodes = plot["outline"]["nodes"]
    broken = [{**nodes[0], "characters": [*nodes[0]["characters"], "Nobody Known"]}, *nodes[1:]]
    writer.send("Plot.Confirm", modifications={"outline": {"nodes": broken}})
    problem = refused(user.command(writer.session_id, "STAGE_COMPLETE"), 409, "CONSISTENCY_BLOCKED")
    assert min(issue["level"] for issue in problem["issues"]) >= 3
    assert any("Nobody Known" in issue["evidence"] for issue in problem["issues"])
    asked = user.post(f"/conversations/sessions/{writer.session_id}/consistency", {})
    user.finished_command(asked.json()["command_id"])
    (checked,) = user.events("Genesis.Session.Consistency.Checked")
    assert {issue["type"] for issue in problem["issues"]} <= {issue["type"] for issue in checked.payload["issues"]}
    assert checked.payload["score"] < 10
    shown = {name: checked.payload[name] for name in ("score", "issues", "settings_version")}
    assert user.get(f"/genesis/stages/{writer.stage_id}").json()["metrics"]["consistency"] == shown
    writer.send("Plot.Confirm", modifications={"outline": {"nodes": nodes}})
    assert user.command(writer.session_id, "STAGE_COMPLETE").status_code == 200
    measured = user.get(f"/genesis/stages/{writer.stage_id}").json()["metrics"]
    assert measured["consistency"] == shown
    assert measured["versions"] > 1


def test_ac74_details_have_unequal_names_and_bounded_numbers(user: Client) -> None:
    finished = with_plot(user, IDEA).goes_on()
    places = finished.asks("Details.Request", categories=["place"], counts={"place": 10})["details"]["place"]
    assert len(set(names_in(places))) == 10
    too_many = user.command(finished.session_id, "DETAILS_REQUEST", categories=["place"], counts={"place": 51})
    refused(too_many, 422, "COUNT_OUT_OF_RANGE", "/payload/counts/place")
    finished.send("Details.Confirm")
    assert user.command(finished.session_id, "SESSION_FINISH").status_code == 200


@pytest.mark.parametrize("language", IDEAS)
def test_ac75_equal_input_gives_equal_output_and_every_schema_holds(user: Client, language: str) -> None:
    first, second = (foundation(user, IDEAS[language]) for _ in range(2))
    assert first == second
    Theme.model_validate(first["INITIAL_PROMPT"]["theme"])
    World.model_validate(first["WORLDVIEW"])
    for character in first["CHARACTERS"]["characters"]:
        Character.model_validate(character)
    Outline.model_validate(first["PLOT_OUTLINE"]["outline"])
    said = {"understanding": "", "suggestions": ["", ""]}
    DetailsProposal.model_validate({**said, **first["FINISHED"]})


def foundation(user: Client, idea: str) -> dict[str, Any]:
    """What a genesis ends with, by stage."""
    writer = with_concept(user, idea)
    themes = writer.asks("Theme.Request")["theme_candidates"]
    writer.send("Theme.Confirm", theme_id=themes[0]["theme_id"])
    for name in ("World", "Character", "Plot"):
        writer = writer.goes_on()
        writer.send(f"{name}.Request")
        writer.send(f"{name}.Confirm")
    writer = writer.goes_on()
    writer.send("Details.Request")
    writer.send("Details.Confirm")
    found: dict[str, Any] = writer.state()["confirmed_data"]
    return found


ROUNDS = {"en": ("add a drowned piano", "darker"), "zh": ("加入一架沉没的钢琴", "更黑暗")}


@pytest.mark.parametrize("language", IDEAS)
def test_a_whole_genesis_with_ten_rounds_of_feedback_ends_with_a_novel(user: Client, language: str) -> None:
    said, piano = ROUNDS[language], {"en": "drowned piano", "zh": "沉没的钢琴"}[language]
    writer = begins(user, IDEAS[language])
    writer.send("Seed.Request", user_input=IDEAS[language])
    for words in said:
        writer.send("Theme.Revise", target="concept", user_feedback=words)
    chosen = writer.newest()["concept_candidates"][0]
    writer.send("Concept.Confirm", concept_id=chosen["concept_id"])
    writer.send("Theme.Request")
    for words in said:
        writer.send("Theme.Revise", target="theme", user_feedback=words)
    writer.send("Theme.Confirm", theme_id=writer.newest()["theme_candidates"][0]["theme_id"])
    for name in ("World", "Character", "Plot"):
        writer = writer.goes_on()
        writer.send(f"{name}.Request")
        for words in said:
            writer.send(f"{name}.Update", user_feedback=words)
        assert piano in writer.client.get(f"/genesis/instances/{writer.stage_id}/settings/3").text
        writer.send(f"{name}.Confirm")
    finished = user.command(writer.session_id, "SESSION_FINISH").json()["result"]
    assert finished["title"] == chosen["title"]
    assert writer.state_of_flow()["status"] == "COMPLETED"
    for made in ("characters", "worldview", "story-arcs"):
        assert user.get(f"/novels/{writer.novel_id}/{made}").json()
    assert len(user.events("Genesis.Session.Concept.Proposed")) == 3


def test_a_thing_that_is_banned_is_gone_from_a_world(user: Client) -> None:
    writer = with_concept(user, "A young mage who has lost her spells").goes_on()
    writer.send("World.Request")
    assert not shown_in(writer.newest(), Exclude("magic"), "en")
    assert shown_in(writer.asks("World.Update", user_feedback="no magic"), Exclude("magic"), "en")


def test_feedback_on_the_current_stage_needs_no_name_of_its_command(user: Client) -> None:
    writer = with_world(user, IDEA)
    with user.studio.without_task_workers():
        first = user.command(writer.session_id, "PROVIDE_FEEDBACK", user_feedback="add a frozen harbour")
        again = user.command(writer.session_id, "WORLD_UPDATE", user_feedback="darker")
        problem = refused(again, 409, "DUPLICATE_COMMAND")
        assert problem["duplicate_command_id"] == first.json()["command_id"]
        shown = user.get(f"/commands/{first.json()['command_id']}").json()
        assert shown["type"] == "Command.Genesis.Session.World.Update"
    user.finished_command(first.json()["command_id"])
    assert "frozen harbour" in text_of(writer.newest())
    confirmed = user.command(writer.session_id, "CONFIRM_STAGE")
    assert (confirmed.status_code, confirmed.json()["type"]) == (200, "Command.Genesis.Session.World.Confirm")


def test_what_was_written_is_searched_shown_and_compared(user: Client) -> None:
    writer = with_world(user, IDEA)
    writer.send("World.Update", modifications={"harbour": "Nineveh Quay"})
    path = f"/conversations/sessions/{writer.session_id}"
    found = user.search(f"{path}/content/search", {"query": "nineveh quay"})
    assert found["pagination"]["total"] == len(found["items"])
    assert {item["type"] for item in found["items"]} == {"settings", "round"}
    assert all("Nineveh Quay" in item["highlight"] for item in found["items"])
    assert (
        user.search(f"{path}/content/search", {"query": "nineveh quay", "type": "settings"})["pagination"]["total"] == 1
    )
    assert user.search(f"{path}/content/search", {"query": "100%_"})["items"] == []
    content = user.get(f"{path}/content").json()["state"]
    assert content["drafts"]["WORLDVIEW"]["harbour"] == "Nineveh Quay"
    assert "harbour" not in content["confirmed_data"]["WORLDVIEW"]
    difference = user.get(f"/genesis/instances/{writer.stage_id}/settings/2/diff").json()
    assert difference["changes"] == [{"path": "/harbour", "before": None, "after": "Nineveh Quay"}]
    quality = user.get(f"{path}/quality").json()
    assert 0 < quality["score"] <= 10
    assert set(quality["dimensions"]) >= {"model", "rules", "similarity", "consistency"}


def test_a_foundation_is_exported_as_what_its_reader_wants(user: Client) -> None:
    writer = with_world(user, IDEA)
    path = f"/conversations/sessions/{writer.session_id}/content/export"
    for wanted in ("markdown", "epub"):
        answer = user.post(path, {"format": wanted})
        assert answer.status_code == 202, answer.text
        assert user.finished_command(answer.json()["command_id"])["status"] == "COMPLETED"
    markdown, epub = (event.payload for event in user.events("Genesis.Session.Export.Completed"))
    assert writer.newest()["entries"][0]["name"] in markdown["content"]
    assert zipfile.is_zipfile(BytesIO(base64.b64decode(epub["content"])))
    refused(user.post(path, {"format": "vellum"}), 422, "VALIDATION_ERROR", "/format")


def test_a_text_is_told_while_it_is_written_and_kept_for_whoever_comes_later(user: Client) -> None:
    writer = begins(user, IDEA)
    with user.stream(session_id=writer.session_id) as stream:
        command_id = user.command(writer.session_id, "SEED_REQUEST", user_input=IDEA).json()["command_id"]
        frames = stream.until(lambda frame: frame.event == "Genesis.Session.Concept.Proposed")
    deltas = [frame.payload for frame in frames if frame.event == "llm.delta"]
    assert [delta["offset"] for delta in deltas] == sorted({delta["offset"] for delta in deltas})
    said = "".join(delta["text"] for delta in deltas)
    (version,) = writer.versions()
    assert said == version["summary"]
    task_id = user.get(f"/commands/{command_id}").json()["tasks"][0]["task_id"]
    assert user.get(f"/genesis/tasks/{task_id}").json()["partial_text"] in (said, "")
