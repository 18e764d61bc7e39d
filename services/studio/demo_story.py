"""The two stories of the demo, one in English and one in Chinese: what a person would write by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Story:
    """An idea, and the settings documents of the stages after the concept."""

    name: str
    title: str
    idea: str
    theme: str
    settings: Mapping[str, Mapping[str, Any]]


STORIES: Final = (
    Story(
        name="English",
        title="Letters from the Lamp",
        idea="A lighthouse keeper receives letters from ships that will only be built in fifty years.",
        theme="Knowing what is to come does not lift the duty to act now.",
        settings={
            "WORLDVIEW": {
                "society": {"core_rule": "Whoever tends a light belongs to no town and owes an answer to every ship."},
                "entries": [
                    {
                        "entry_type": "location",
                        "name": "Harrow Rock",
                        "description": "A reef with one light.",
                        "tags": ["sea"],
                    },
                    {
                        "entry_type": "item",
                        "name": "The Salt Ledger",
                        "description": "Where every ship is written down.",
                    },
                ],
            },
            "CHARACTERS": {
                "characters": [
                    {
                        "character_id": "ines",
                        "name": "Ines Calder",
                        "role_type": "protagonist",
                        "background": "Raised by the light.",
                    },
                    {
                        "character_id": "tobias",
                        "name": "Tobias Wren",
                        "role_type": "antagonist",
                        "background": "Insures ships.",
                    },
                ],
                "network": {"edges": [{"from": "ines", "to": "tobias", "type": "interest", "strength": -4}]},
            },
            "PLOT_OUTLINE": {
                "outline": {
                    "acts": [
                        {"title": "The first letter", "start_chapter": 1, "end_chapter": 8},
                        {"title": "The ship that must not sail", "start_chapter": 9, "end_chapter": 20},
                    ],
                    "nodes": [{"chapter": 1, "title": "A letter dated fifty years on", "tension": 4}],
                }
            },
        },
    ),
    Story(
        name="中文",
        title="灯塔来信",
        idea="守灯人每夜收到五十年后才会下水的船寄来的信。",
        theme="预知未来，并不能免去此刻选择的责任。",
        settings={
            "WORLDVIEW": {
                "society": {"core_rule": "守灯人不属于任何城镇，却必须回应每一艘船。"},
                "entries": [
                    {"entry_type": "location", "name": "雾礁", "description": "只有一盏灯的暗礁。", "tags": ["海"]},
                    {"entry_type": "culture", "name": "记盐簿", "description": "记下每一艘船的名字。"},
                ],
            },
            "CHARACTERS": {
                "characters": [
                    {
                        "character_id": "lin",
                        "name": "林潮生",
                        "role_type": "protagonist",
                        "background": "在灯塔里长大。",
                    },
                    {"character_id": "gu", "name": "顾砚", "role_type": "supporting", "background": "船坞的年轻学徒。"},
                ],
                "network": {"edges": [{"from": "lin", "to": "gu", "type": "emotion", "strength": 6}]},
            },
            "PLOT_OUTLINE": {
                "outline": {
                    "acts": [
                        {"title": "第一封信", "start_chapter": 1, "end_chapter": 10},
                        {"title": "不该启航的船", "start_chapter": 11, "end_chapter": 24},
                    ],
                    "nodes": [{"chapter": 1, "title": "五十年后的邮戳", "tension": 5}],
                }
            },
        },
    ),
)
