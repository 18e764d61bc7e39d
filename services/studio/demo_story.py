"""The two stories of the demo, one in English and one in Chinese: what a person says, from the idea to the plot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Story:
    """An idea, the theme that a person would write by hand, and what is said of each proposal, by its kind."""

    name: str
    title: str
    idea: str
    theme: str
    remarks: Mapping[str, str]


STORIES: Final = (
    Story(
        name="English",
        title="Letters from the Lamp",
        idea="A lighthouse keeper receives letters from ships that will only be built in fifty years.",
        theme="Knowing what is to come does not lift the duty to act now.",
        remarks={
            "concept": "Make it darker.",
            "theme": "Add an unpaid debt.",
            "World": "Add a frozen harbour.",
            "Character": "Add a tin whistle.",
            "Plot": "Slow down the beginning.",
        },
    ),
    Story(
        name="中文",
        title="灯塔来信",
        idea="守灯人每夜收到五十年后才会下水的船寄来的信。",
        theme="预知未来，并不能免去此刻选择的责任。",
        remarks={
            "concept": "更黑暗一些",
            "theme": "加入一笔未还的债",
            "World": "加入一座冰封的港口",
            "Character": "加入一支锡笛",
            "Plot": "开头放慢一些",
        },
    ),
)
