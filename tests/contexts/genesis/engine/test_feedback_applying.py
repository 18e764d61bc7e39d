"""Obeying feedback in any document, and seeing that it was obeyed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
)
from services.contexts.genesis.engine.feedback.applying import exclude_from, rename_in, resolve_kind, shown_in
from services.contexts.genesis.engine.feedback.counting import in_numbers
from services.contexts.genesis.engine.feedback.families import FAMILIES
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.foundations import World
from services.contexts.genesis.engine.text import Language


def dimension(rule: str) -> dict[str, Any]:
    return {"core_rule": rule, "examples": ["Salt is weighed at dawn.", "Bells are rung by hand.", "A mage waits."],
            "boundaries": "It ends at the tree line."}  # fmt: skip


def entry(kind: str, name: str, description: str, *tags: str) -> dict[str, Any]:
    return {"entry_type": kind, "name": name, "description": description, "tags": list(tags)}


def world() -> dict[str, Any]:
    rule = "Every spell is paid for in daylight. The tide keeps the accounts."
    return {
        "dimensions": {name: dimension(rule) for name in ("geography", "history", "culture", "rules", "society")},
        "power_system": {
            "source": "the sea", "cost": "daylight", "limits": ["a", "b", "c"],
            "levels": [{"name": name, "description": "d"} for name in "abcde"],
        },
        "entries": [
            entry("LOCATION", "Long Shore", "Where the boats lie."),
            entry("LOCATION", "Harrow", "A city of bells. In Harrow nobody whistles.", "city"),
            entry("ITEM", "The Magic Lantern", "It burns without oil."),
            entry("LAW", "Tide Law", "HARROW pays a Harrow tax."),
            entry("ORGANIZATION", "Guild of Mages", "They meet in Harrow's cellars.", "magic", "guild"),
            entry("OTHER", "Low Bell", "It is rung by Mara Voss."),
        ],
        "glossary": [{"term": term, "meaning": "a word for it"} for term in ("salt hour", "tally", "lee")],
    }  # fmt: skip


def person(number: int, name: str, role: str, age: int, background: str, *traits: str) -> dict[str, Any]:
    return {"character_id": f"{name}-{number}", "name": name, "role_type": role, "age": age, "background": background,
            "personality": {"summary": "", "traits": list(traits)}}  # fmt: skip


def cast() -> dict[str, Any]:
    return {
        "characters": [
            person(1, "Mara Voss", "protagonist", 17, "Captain Voss taught Mara to read tides.", "proud", "brave"),
            person(2, "Edmund Hale", "antagonist", 50, "He resents Mara Voss; mara is his word for bitter.", "cold"),
        ],
        "network": {"edges": [{"from": "Mara Voss-1", "to": "Edmund Hale-2", "description": "Mara owes Edmund."}]},
    }


def cast_zh() -> dict[str, Any]:
    return {
        "characters": [
            person(1, "林晚", "protagonist", 17, "林晚在雾港长大。她学过魔法。林晚晴是她姐姐。", "傲慢", "勇敢"),
            person(2, "林晚晴", "supporting", 30, "林晚的姐姐，守着雾港的灯塔。", "沉默"),
        ]
    }


def outline(chapters: int = 12) -> dict[str, Any]:
    acts = [{"title": "One", "start_chapter": 1, "end_chapter": 4}, {"title": "Two", "start_chapter": 5,
            "end_chapter": chapters}]  # fmt: skip
    nodes = [{"chapter": 1, "scene": "Mara waits at Harrow.", "characters": ["Mara Voss"], "place": "Harrow"}]
    return {"outline": {"acts": acts, "nodes": nodes, "subplots": []}}


# --- New names -----------------------------------------------------------------------------------------------------


def test_a_name_is_changed_wherever_it_is_a_word() -> None:
    entries = rename_in(world(), "Harrow", "Ostrava")["entries"]

    assert entries[1]["name"] == "Ostrava"
    assert entries[1]["description"] == "A city of bells. In Ostrava nobody whistles."
    assert entries[3]["description"] == "OSTRAVA pays an Ostrava tax."
    assert entries[4]["description"] == "They meet in Ostrava's cellars."


def test_words_that_only_look_like_the_name_stay() -> None:
    document = {"text": "Rose rose at dawn. The roses of Roseland."}

    assert rename_in(document, "Rose", "Lily") == {"text": "Lily rose at dawn. The roses of Roseland."}


def test_a_person_is_renamed_by_first_and_last_name_and_keeps_the_id() -> None:
    renamed = rename_in(cast(), "Mara Voss", "Lena Quill")
    first, second = renamed["characters"]

    assert (first["name"], first["character_id"]) == ("Lena Quill", "Mara Voss-1")
    assert first["background"] == "Captain Quill taught Lena to read tides."
    assert second["background"] == "He resents Lena Quill; mara is his word for bitter."
    assert renamed["network"]["edges"][0] == {"from": "Mara Voss-1", "to": "Edmund Hale-2",
                                              "description": "Lena owes Edmund."}  # fmt: skip


def test_a_longer_chinese_name_is_somebody_else() -> None:
    first, second = rename_in(cast_zh(), "林晚", "苏晴")["characters"]

    assert first["background"] == "苏晴在雾港长大。她学过魔法。林晚晴是她姐姐。"
    assert (second["name"], second["background"]) == ("林晚晴", "苏晴的姐姐，守着雾港的灯塔。")


def test_a_new_name_around_the_old_one_is_put_only_once() -> None:
    once = rename_in({"text": "Mara and Mara Voss."}, "Mara", "Mara Voss")

    assert once == {"text": "Mara Voss and Mara Voss."}


@pytest.mark.parametrize(
    ("document", "kind", "language", "name"),
    [
        (world(), "the city", "en", "Harrow"),
        (world(), "城市", "en", "Harrow"),
        (world(), "the guild", "en", "Guild of Mages"),
        (cast(), "the hero", "en", "Mara Voss"),
        (cast(), "her", "en", "Mara Voss"),
        (cast(), "the villain", "en", "Edmund Hale"),
        (cast(), "the captain", "en", "Mara Voss"),
        (cast_zh(), "主角", "zh", "林晚"),
        (cast_zh(), "配角", "zh", "林晚晴"),
        (outline(), "the city", "en", "Harrow"),
        (outline(), "the protagonist", "en", "Mara Voss"),
        (cast(), "the city", "en", None),
        (world(), "the hero", "en", None),
    ],
)
def test_a_kind_is_resolved_to_the_nearest_name(
    document: dict[str, Any], kind: str, language: Language, name: str | None
) -> None:
    assert resolve_kind(document, kind, language) == name


def test_a_kind_is_renamed_by_its_name_and_a_mere_pronoun_never() -> None:
    assert rename_in(world(), "the city", "Veyra") == rename_in(world(), "Harrow", "Veyra")
    assert rename_in(cast_zh(), "主角", "苏晴") == rename_in(cast_zh(), "林晚", "苏晴")
    assert rename_in({"text": "She knew her."}, "her", "Anna") == {"text": "She knew her."}


# --- What is not to occur ------------------------------------------------------------------------------------------


def test_a_banned_thing_goes_with_its_family_and_the_world_stays_whole() -> None:
    without = exclude_from(world(), "magic", "en")

    assert World.model_validate(without)
    assert without["power_system"] is None
    assert without["dimensions"]["rules"]["core_rule"] == "The tide keeps the accounts."
    assert len(without["dimensions"]["rules"]["examples"]) == 3
    assert [one["name"] for one in without["entries"]] == ["Long Shore", "Harrow", "Tide Law", "Guild", "Low Bell"]
    assert shown_in(without, Exclude("magic"), "en")
    assert not shown_in(world(), Exclude("magic"), "en")


def test_a_banned_thing_leaves_no_empty_text() -> None:
    assert exclude_from({"scene": "A wizard sings."}, "magic", "en")["scene"] not in ("", "A wizard sings.")
    assert exclude_from({"scene": "法师在唱歌。"}, "魔法", "zh")["scene"].endswith("。")


def test_what_is_no_kin_of_the_banned_thing_stays() -> None:
    assert exclude_from({"text": "他精神很好，眼神平静。"}, "神", "zh") == {"text": "他精神很好，眼神平静。"}
    assert exclude_from({"text": "The deadline was hers."}, "death", "en") == {"text": "The deadline was hers."}


def test_ids_and_fixed_words_are_not_swept() -> None:
    node = {"node_id": "magic", "conflict_type": "magic", "from": "magic", "tension": 4, "place": None}

    assert exclude_from(node, "magic", "en") == node


def test_people_and_scenes_are_swept_but_never_left_out() -> None:
    without = exclude_from(cast_zh(), "魔法", "zh")["characters"]

    assert [one["name"] for one in without] == ["林晚", "林晚晴"]
    assert without[0]["background"] == "林晚在雾港长大。林晚晴是她姐姐。"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.names[3:20])
def test_the_names_of_every_family_are_read_and_banned(family: Any) -> None:
    for name in family.names[3:-1].split("|"):
        if name.isalpha():
            language: Language = "en" if name.isascii() else "zh"
            ban = f"no {name}" if language == "en" else f"不要{name}"
            assert read_feedback(ban, language) == (Exclude(name),)


# --- What shows ----------------------------------------------------------------------------------------------------

SHOWN: list[tuple[dict[str, Any], dict[str, Any], Directive, Language]] = [
    (rename_in(world(), "Harrow", "Veyra"), world(), Rename("the city", "Veyra"), "en"),
    (rename_in(cast_zh(), "林晚", "苏晴"), cast_zh(), Rename("林晚", "苏晴"), "zh"),
    ({"text": "There is no magic here."}, {"text": "A spell is cast."}, Exclude("magic"), "en"),
    ({"text": "两只鹦鹉"}, {"text": "两只猫"}, Include("一只鹦鹉"), "zh"),
    ({"text": "Parrots everywhere"}, {"text": "Cats everywhere"}, Include("a parrot"), "en"),
    ({"text": "A grim, dark night."}, {"text": "A picnic."}, ChangeTone("darker"), "en"),
    ({"text": "黑夜里一片废墟。"}, {"text": "一次野餐。"}, ChangeTone("darker"), "zh"),
    (
        {"characters": [person(1, "Mara", "protagonist", 30, "")]},
        {"characters": [person(1, "Mara", "protagonist", 17, "")]},
        ChangeAge("her", "older", None),
        "en",
    ),
    (
        {"characters": [person(1, "林晚", "protagonist", 30, "")]},
        {"characters": [person(1, "林晚", "protagonist", 17, "")]},
        ChangeAge("主角", None, 30),
        "zh",
    ),
    (
        {"characters": [person(1, "林晚", "protagonist", 30, "", "勇敢")]},
        cast_zh() | {"characters": [person(1, "林晚", "protagonist", 30, "", "懦弱")]},
        ChangeTrait(None, "勇敢"),
        "zh",
    ),
    (
        {"characters": [person(1, "Mara", "protagonist", 30, "", "kind")]},
        {"characters": [person(1, "Mara", "protagonist", 30, "", "arrogant")]},
        ChangeTrait("Mara", "arrogant", absent=True),
        "en",
    ),
    (outline(12), outline(20), ChangeCount("chapters", 12), "en"),
    (cast_zh(), {"characters": []}, ChangeCount("角色", 2), "zh"),
    ({"acts": [{}, {}]}, {"acts": [{}, {}, {}]}, ChangeNumber("acts", "fewer", 1), "en"),
    (
        {"characters": [person(1, "Mara", "protagonist", 30, "") | {"motivation": "Her sister is owed a name."}]},
        {"characters": [person(1, "Mara", "protagonist", 30, "") | {"motivation": "She likes money."}]},
        ChangeMotive(None),
        "en",
    ),
    ({"text": "她有她的理由：雨。"}, {"text": "她走了。"}, ChangeMotive("反派"), "zh"),
    ({"text": "A long and winding sentence."}, {"text": "A sentence."}, ChangeLength("longer"), "en"),
    ({"text": "Her mother came first."}, {"text": "Nobody."}, Remark("what about her mother"), "en"),
]


@pytest.mark.parametrize(("after", "before", "directive", "language"), SHOWN, ids=[repr(one[2]) for one in SHOWN])
def test_what_was_obeyed_shows_and_what_was_not_does_not(
    after: dict[str, Any], before: dict[str, Any], directive: Directive, language: Language
) -> None:
    assert shown_in(after, directive, language, before)
    assert not shown_in(before, directive, language, before)


_JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=12) | st.sampled_from(["Mara", "魔法", "a spell. It is cast."]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "characters", "acts", "age", "entries", "place"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["characters", "outline", "nodes", "entries", "age"]), _JSON, max_size=3))
def test_any_document_can_be_obeyed_in(document: dict[str, Any]) -> None:
    for old in ("Mara", "the city", "主角", "her"):
        rename_in(document, old, "Lena")
    swept = exclude_from(document, "magic", "en")

    assert shown_in(swept, Exclude("magic"), "en")
    for directive in (ChangeAge(None, "older", None), ChangeCount("chapters", 3), ChangeTrait("Mara", "kind")):
        shown_in(document, directive, "en", swept)


def test_of_what_is_there_a_fifth_more_or_fewer_is_meant_and_at_least_one() -> None:
    few, many = cast(), {"characters": [person(number, "Ann", "supporting", 20, "") for number in range(20)]}

    assert in_numbers(ChangeNumber("characters", "fewer", None), few) == ChangeCount("characters", 1)
    assert in_numbers(ChangeNumber("characters", "more", None), many) == ChangeCount("characters", 24)
    assert in_numbers(ChangeNumber("characters", "fewer", 3), many) == ChangeCount("characters", 17)


def test_more_of_what_nobody_counts_can_only_be_told_of() -> None:
    premise = {"premise": "A harbour."}

    assert in_numbers(ChangeNumber("characters", "more", 2), premise) == Include("characters")
    assert not shown_in(premise, ChangeNumber("characters", "more", 2), "en", premise)
