"""Finishing a genesis, and the novel that it leaves."""

from typing import Any

import pytest

from tests.journeys.genesis_walks import STAGES, begin, flow_of, walk_to, walk_to_the_end
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


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
    # Of ever different characters, so that no index could store it in less.
    long = "".join(chr(0x4E00 + 7_919 * number % 20_000) for number in range(5_000))
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
