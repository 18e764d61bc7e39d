"""A small foundation in each language, whole and without fault, to be spoilt in one place at a time."""

from copy import deepcopy
from typing import Any

from services.contexts.genesis.engine.text import Language

Document = dict[str, Any]


def foundation(language: Language) -> dict[str, Document]:
    """Return all five documents by stage."""
    documents = _ENGLISH if language == "en" else _CHINESE
    return deepcopy(documents)


def _dimension(rule: str, *examples: str) -> Document:
    return {"core_rule": rule, "examples": list(examples), "boundaries": examples[0]}


def _person(character_id: str, name: str, role_type: str, age: int, appearance: str, background: str) -> Document:
    return {
        "character_id": character_id,
        "name": name,
        "role_type": role_type,
        "age": age,
        "appearance": appearance,
        "background": background,
    }


def _node(chapter: int, function: str, tension: int, scene: str, *characters: str, place: str) -> Document:
    return {
        "node_id": f"n{chapter}",
        "chapter": chapter,
        "title": f"{chapter}",
        "scene": scene,
        "characters": list(characters),
        "place": place,
        "function": function,
        "conflict_type": "person_vs_person",
        "tension": tension,
        "motivation_fit": 80,
        "theme_fit": 90,
    }


def _outline(nodes: list[Document]) -> Document:
    acts = [("I", 1, 5), ("II", 6, 15), ("III", 16, 20)]
    return {
        "outline": {
            "plan_id": "p1",
            "structure": "three_act",
            "acts": [{"title": title, "start_chapter": first, "end_chapter": last} for title, first, last in acts],
            "nodes": nodes,
            "tension_curve": [{"chapter": at, "tension": 2 + at % 6} for at in range(1, 21)],
        }
    }


_ENGLISH: dict[str, Document] = {
    "INITIAL_PROMPT": {
        "concept": {
            "title": "The Salt Ledger",
            "premise": "A tide clerk in Grey Quay writes down what the sea returns and finds her own debt among it.",
            "genre": "Fantasy",
            "themes": ["debt", "memory"],
        },
        "theme": {
            "core_theme": "The Salt Ledger asks whether a debt that is forgotten is still owed.",
            "taboos": ["No prophecy.", "No villain who is evil for fun.", "No ending that pays every debt."],
            "value_tension": {"thesis": "A debt binds.", "antithesis": "Forgetting frees."},
        },
    },
    "WORLDVIEW": {
        "dimensions": {
            "geography": _dimension("Grey Quay stands on stilts; there are two harbours.", "The north pier is rotten."),
            "history": _dimension("From 1204 to 1311 the sea was owned by one family.", "Their seal is still used."),
            "culture": _dimension("Nobody whistles on the pier.", "Children hum instead."),
            "rules": _dimension("What the sea returns belongs to whoever wrote it down first.", "A shoe, a bell."),
            "society": _dimension("The Tide Office outranks the mayor.", "Clerks sit in front."),
        },
        "power_system": None,
        "entries": [
            {"entry_type": "LOCATION", "name": "Grey Quay", "description": "A harbour town on stilts."},
            {"entry_type": "ORGANIZATION", "name": "the Tide Office", "description": "It keeps the ledger."},
        ],
        "glossary": [{"term": "returnings", "meaning": "what the sea brings back"}],
    },
    "CHARACTERS": {
        "characters": [
            _person("c1", "Mara Voss", "protagonist", 34, "Mara is 34 years old.", "At 12 she lost a brother."),
            _person("c2", "Edwin Crake", "antagonist", 61, "He looks 50 years old.", "His father died at 80."),
        ],
        "network": {
            "nodes": [{"character_id": "c1", "name": "Mara Voss"}, {"character_id": "c2", "name": "Edwin Crake"}],
            "edges": [{"from": "c1", "to": "c2", "type": "interest", "strength": -6, "description": "She owes him."}],
        },
    },
    "PLOT_OUTLINE": _outline(
        [
            _node(1, "setup", 4, "Mara finds a shoe with her name in it.", "Mara Voss", place="Grey Quay"),
            _node(9, "turn", 7, "Crake nearly dies on the pier.", "Mara", "two porters", place="Grey Quay"),
            _node(
                16, "climax", 9, "Mara burns the page; Edwin Crake dies.", "Mara Voss", "Edwin Crake", place="Grey Quay"
            ),
            _node(
                20, "resolution", 5, "At the funeral his letter is read.", "Mara Voss", "Edwin Crake", place="Grey Quay"
            ),
        ]
    ),
    "FINISHED": {
        "details": {"item": [{"name": "the wet shoe", "description": "Hers.", "links": ["Mara Voss", "Grey Quay"]}]},
        "style_guide": {"tone": "dry", "dos": ["short chapters"], "donts": ["dream scenes"]},
        "glossary": [{"term": "returnings", "meaning": "what the sea brings back"}],
    },
}

_CHINESE: dict[str, Document] = {
    "INITIAL_PROMPT": {
        "concept": {
            "title": "盐账",
            "premise": "灰港的潮汐书吏记下海水送还的每件东西，却在里面看到了自己的欠条。",
            "genre": "奇幻",
            "themes": ["债", "记忆"],
        },
        "theme": {
            "core_theme": "《盐账》要问：一笔被忘掉的债，还算不算欠着。",
            "taboos": ["不要预言", "不写纯粹的恶人", "不让所有的债都还清"],
            "value_tension": {"thesis": "债要还", "antithesis": "忘了就自由"},
        },
    },
    "WORLDVIEW": {
        "dimensions": {
            "geography": _dimension("灰港立在木桩上，境内有两座港口。", "北码头已经朽了。"),
            "history": _dimension("1204年至1311年，海归一家所有。", "那枚印还在用。"),
            "culture": _dimension("码头上没有人吹口哨，没有例外。", "孩子们改成哼歌。"),
            "rules": _dimension("海水送还的东西，归先记下它的人。", "一只鞋，一口钟。"),
            "society": _dimension("潮汐司的位子在镇长之上。", "书吏坐前排。"),
        },
        "power_system": None,
        "entries": [
            {"entry_type": "LOCATION", "name": "灰港", "description": "立在木桩上的港镇。"},
            {"entry_type": "ORGANIZATION", "name": "潮汐司", "description": "掌管账册。"},
        ],
        "glossary": [{"term": "还物", "meaning": "海水送回来的东西"}],
    },
    "CHARACTERS": {
        "characters": [
            _person("c1", "沈潮生", "protagonist", 34, "今年三十四岁，眉间有盐。", "十二岁那年丢了弟弟。"),
            _person("c2", "顾老舵", "antagonist", 61, "看上去今年不过五十岁。", "父亲八十岁那年去世。"),
        ],
        "network": {
            "nodes": [{"character_id": "c1", "name": "沈潮生"}, {"character_id": "c2", "name": "顾老舵"}],
            "edges": [{"from": "c1", "to": "c2", "type": "interest", "strength": -6, "description": "欠着他一笔。"}],
        },
    },
    "PLOT_OUTLINE": _outline(
        [
            _node(1, "setup", 4, "沈潮生捞到一只写着自己名字的鞋。", "沈潮生", place="灰港"),
            _node(9, "turn", 7, "顾老舵险些被杀。", "沈潮生", "脚夫们", place="灰港"),
            _node(16, "climax", 9, "沈潮生烧了那页账，顾老舵死了。", "沈潮生", "顾老舵", place="灰港"),
            _node(20, "resolution", 5, "葬礼上念了他的遗书。", "沈潮生", "顾老舵", place="灰港"),
        ]
    ),
    "FINISHED": {
        "details": {"item": [{"name": "湿鞋", "description": "她的。", "links": ["沈潮生", "灰港"]}]},
        "style_guide": {"tone": "干", "dos": ["短章"], "donts": ["梦境"]},
        "glossary": [{"term": "还物", "meaning": "海水送回来的东西"}],
    },
}
