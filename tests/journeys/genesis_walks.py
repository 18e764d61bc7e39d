"""The way of a genesis through its stages, so that a test can begin where it is about to prove something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.kit.studio import Client

STAGES = ("INITIAL_PROMPT", "WORLDVIEW", "CHARACTERS", "PLOT_OUTLINE", "FINISHED")

DOCUMENTS: Mapping[str, Mapping[str, Any]] = {
    "INITIAL_PROMPT": {
        "concept": {
            "title": "盐与灯塔",
            "premise": "A keeper finds letters from the sea.",
            "hook": "The sea writes back.",
        },
        "theme": {"core_theme": "守望与放手"},
    },
    "WORLDVIEW": {
        "entries": [
            {"entry_type": "LOCATION", "name": "Skerry Light", "description": "A lighthouse", "tags": ["sea", "stone"]},
            {"entry_type": "law", "name": "No ship is turned away"},
        ]
    },
    "CHARACTERS": {
        "characters": [
            {"character_id": "c1", "name": "Ines", "role_type": "protagonist", "background": "Raised on the rock."},
            {"character_id": "c2", "name": "Tobias", "role_type": "antagonist", "goals": {"short": "Sell the light"}},
        ],
        "network": {"edges": [{"from": "c1", "to": "c2", "type": "belief", "strength": -7, "description": "Old debt"}]},
    },
    "PLOT_OUTLINE": {
        "outline": {
            "acts": [
                {"title": "The letters", "start_chapter": 1, "end_chapter": 2},
                {"title": "The storm", "start_chapter": 3, "end_chapter": 3, "summary": "All at once"},
            ],
            "nodes": [
                {"chapter": 1, "title": "Ashore"},
                {"chapter": 2, "title": "Ink"},
                {"chapter": 3, "title": "Wind"},
            ],
        }
    },
}
"""A settings document for each content stage, as a user would save it by hand."""

CONFIGS: Mapping[str, Mapping[str, Any]] = {
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
"""A complete configuration for each stage that has one."""


@dataclass(frozen=True)
class Standing:
    """Where a genesis stands: a stage, its record and a session that works for it."""

    novel_id: str
    flow_id: str
    stage: str
    stage_id: str
    session_id: str

    @property
    def flow_path(self) -> str:
        """The flow by its novel."""
        return f"/genesis/flows/{self.novel_id}"

    @property
    def stage_path(self) -> str:
        """The record in the family of stages."""
        return f"/genesis/stages/{self.stage_id}"

    @property
    def instance_path(self) -> str:
        """The record in the family of instances."""
        return f"/genesis/instances/{self.stage_id}"

    @property
    def session_path(self) -> str:
        """The session."""
        return f"/conversations/sessions/{self.session_id}"


def begin(user: Client, **flow: Any) -> Standing:
    """A new novel's genesis with a session at INITIAL_PROMPT."""
    made = user.created(f"/genesis/flows/{user.new_novel()}", flow)
    return enter(user, made)


def enter(user: Client, flow: Mapping[str, Any], stage: str = "INITIAL_PROMPT") -> Standing:
    """A stage that is current or may be entered, with a new session in it."""
    stage_id, session_id = user.new_stage_session(flow, stage)
    return Standing(flow["novel_id"], flow["id"], stage, stage_id, session_id)


def confirm(user: Client, here: Standing, settings: Mapping[str, Any] | None = None) -> int:
    """Saves and confirms the stage's document, or another, and returns its version."""
    return user.confirm_settings(here.stage_id, here.session_id, settings or DOCUMENTS[here.stage])


def advance(user: Client, here: Standing) -> Standing:
    """Completes a confirmed stage and opens a session in the next."""
    response = user.post(f"{here.instance_path}/advance", {})
    assert response.status_code == 200, response.text
    entered = response.json()
    bound = user.created(f"/genesis/stages/{entered['id']}/sessions", {})
    return Standing(here.novel_id, here.flow_id, entered["stage"], entered["id"], bound["session_id"])


def walk_to(user: Client, stage: str, documents: Mapping[str, Mapping[str, Any]] = DOCUMENTS) -> dict[str, Standing]:
    """Every stage from the first up to this one, all before it completed, itself just entered."""
    here = begin(user)
    passed = {here.stage: here}
    while here.stage != stage:
        confirm(user, here, documents[here.stage])
        here = advance(user, here)
        passed[here.stage] = here
    return passed


def walk_to_the_end(user: Client, documents: Mapping[str, Mapping[str, Any]] = DOCUMENTS) -> dict[str, Standing]:
    """All four content stages passed but for the outline, which is confirmed and ready to be finished."""
    passed = walk_to(user, "PLOT_OUTLINE", documents)
    confirm(user, passed["PLOT_OUTLINE"], documents["PLOT_OUTLINE"])
    return passed


def flow_of(user: Client, here: Standing) -> dict[str, Any]:
    """The flow as it is shown."""
    flow: dict[str, Any] = user.get(here.flow_path).json()
    return flow


def records_of(user: Client, here: Standing, stage: str) -> list[dict[str, Any]]:
    """The flow's records of a stage, oldest first."""
    return [record for record in flow_of(user, here)["stages"] if record["stage"] == stage]


def save(user: Client, here: Standing, **settings: Any) -> int:
    """Saves a document as the record's next version and returns its number."""
    body = {"settings": settings, "session_id": here.session_id}
    return int(user.created(f"{here.instance_path}/settings", body)["version"])
