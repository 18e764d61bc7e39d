"""The configuration form of a stage: its schema and bounds, and what it is needed for."""

from typing import Any

import httpx
import pytest

from tests.journeys.genesis_walks import CONFIGS, begin, confirm, flow_of, records_of, walk_to
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


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
        config = {**CONFIGS[stage], name: value}
        refused(user.patch(f"/genesis/stages/{records[stage]}/config", config), 400, "INVALID_CONFIG", f"/{name}")
        created = user.post(f"{here.flow_path}/stages/{stage}", {"config": config})
        refused(created, 422, "INVALID_CONFIG", f"/config/{name}")


def test_ac47_a_configuration_inside_its_bounds_is_stored_normalised(user: Client) -> None:
    here = begin(user)
    changed = user.patch(f"{here.stage_path}/config", CONFIGS["INITIAL_PROMPT"])
    normalised = {**CONFIGS["INITIAL_PROMPT"], "special_requirements": []}
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
