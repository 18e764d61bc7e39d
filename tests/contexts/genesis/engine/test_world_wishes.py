"""Worlds as people ask for them in their own words: ten more ideas, and what single sentences make of a world."""

from itertools import combinations, pairwise
from typing import Any

import pytest
import regex

from services.contexts.genesis.engine.concepts import ConceptRequest
from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.feedback.applying import rename_in
from services.contexts.genesis.engine.foundations import World
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.worlds.composing import begin_world
from services.contexts.genesis.engine.worlds.library import world_material
from services.contexts.genesis.engine.worlds.powers import matter_and_art
from services.contexts.genesis.engine.worlds.proposing import propose_world
from services.contexts.genesis.engine.worlds.revising import revise_world
from services.contexts.genesis.engine.worlds.sentences import sentences
from services.contexts.genesis.values.steps import Step

IDEAS: dict[Language, tuple[str, ...]] = {
    "en": (
        "A baker who dreams other people's debts",
        "A war reporter in love with a ceasefire",
        "The clockmaker's apprentice who steals minutes",
        "A ferry that only crosses in fog",
        "A funeral home for machines",
        "An exiled prince sells umbrellas",
        "Twins share one shadow",
        "A school where history is rewritten nightly",
        "A nun smuggles radios",
        "A diver finds a staircase",
    ),
    "zh": (
        "一个梦见别人债务的面包师",
        "爱上停火的战地记者",
        "偷分钟的钟表学徒",
        "只在雾里开的渡船",
        "机器的殡仪馆",
        "卖伞的流亡王子",
        "双胞胎共用一个影子",
        "每晚改写历史的学校",
        "偷运收音机的修女",
        "潜水员发现一道楼梯",
    ),
}
LANGUAGES: tuple[Language, ...] = ("en", "zh")
CASES = [(language, idea) for language in LANGUAGES for idea in IDEAS[language]]
WONDER: dict[Language, str] = {"en": "Fantasy", "zh": "玄幻"}
"""A genre where the impossible is at home."""


def asked(language: Language = "en", idea: str | None = None, **more: Any) -> StageRequest:
    """Return a request after a concept was confirmed."""
    idea = idea or IDEAS[language][0]
    concept = propose_concepts(ConceptRequest(idea=idea, language=language, candidate_count=3)).candidates[0]
    confirmed = {"INITIAL_PROMPT": {"concept": concept.model_dump(mode="json")}}
    return StageRequest(**{"step": Step.WORLD, "language": language, "idea": idea, "confirmed": confirmed} | more)


def of_wonder(language: Language, idea: str | None = None) -> StageRequest:
    """Return a request about a story in which the impossible is at home."""
    request = asked(language, idea)
    concept = request.confirmed["INITIAL_PROMPT"]["concept"] | {"genre": WONDER[language]}
    return request.model_copy(update={"confirmed": {"INITIAL_PROMPT": {"concept": concept}}})


def revised(request: StageRequest, feedback: str) -> tuple[World, World]:
    """Return a world, and what one sentence of feedback makes of it."""
    before = propose_world(request).world
    changes = {"is_revision": True, "newest": saved(before), "feedback": (feedback,)}
    return before, revise_world(request.model_copy(update=changes)).world


def saved(world: World) -> dict[str, Any]:
    """Return a world as the settings document it becomes."""
    return world.model_dump(mode="json")


def told(world: World) -> str:
    """Return all texts of a world; types are labels and tell nothing."""
    document = saved(world)
    entries = [{key: value for key, value in entry.items() if key != "entry_type"} for entry in document["entries"]]
    return "\n".join(told_in({**document, "entries": entries}))


def names_of(world: World) -> set[str]:
    return {entry.name for entry in world.entries}


# --- A new world ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_ideas_give_ten_worlds(language: Language) -> None:
    worlds = [propose_world(asked(language, idea)).world for idea in IDEAS[language]]
    tokens = [content_tokens(told(world)) for world in worlds]
    # A single Chinese character is no word: two neighbours are.
    bags = [set(found) if language == "en" else set(pairwise(found)) for found in tokens]

    assert max(len(one & other) / min(len(one), len(other)) for one, other in combinations(bags, 2)) <= 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_worlds_share_a_name_of_their_own(language: Language) -> None:
    worlds = [propose_world(asked(language, idea)).world for idea in IDEAS[language]]
    # What a concept brings with it (its institution) may stand in two concepts.
    own = [
        {entry.name for entry in world.entries if entry.entry_type != "ORGANIZATION"} | set(world.entries[0].tags)
        for world in worlds
    ]

    assert [one & other for one, other in combinations(own, 2) if one & other] == []


@pytest.mark.parametrize("idea", IDEAS["zh"])
def test_a_chinese_world_is_chinese_throughout(idea: str) -> None:
    proposal = propose_world(asked("zh", idea))
    document = "\n".join((told(proposal.world), proposal.understanding, *proposal.suggestions))

    assert regex.findall(r"[A-Za-z]+", document) == []
    assert not regex.search(r"的的|了了|。。|，，|。，|，。|[{}]|：$|[,.;!?]", document)


@pytest.mark.parametrize("idea", IDEAS["en"])
def test_an_english_world_is_well_set(idea: str) -> None:
    proposal = propose_world(asked("en", idea))
    document = "\n".join((told(proposal.world), proposal.understanding, *proposal.suggestions))

    assert not regex.search(
        r"[{}\p{Han}]|  |(?<!\.)\.\.(?!\.)|,,|\.,|\ba [aeio]\p{Ll}{2}(?<!\ba on[ec])|\ban [bcdfgjklmnpqrtvwxyz]"
        r"|\b(\p{Ll}+) \1\b",
        document,
    )
    assert "'" not in document


@pytest.mark.parametrize(("language", "idea"), CASES)
def test_the_impossible_has_a_system_where_it_is_at_home(language: Language, idea: str) -> None:
    request = asked(language, idea)
    genre = request.confirmed["INITIAL_PROMPT"]["concept"]["genre"]
    is_wonder = any(one.wonder for one in genres_named(genre, material_for(language)).genres)

    assert (propose_world(request).world.power_system is not None) == is_wonder


@pytest.mark.parametrize(
    ("language", "fields", "shown"),
    [
        ("en", {"requirements": {"must_include": ["a floating prison"]}}, "floating prison"),
        ("en", {"user_input": "add a market for stolen sleep"}, "a market for stolen sleep"),
        ("en", {"user_input": "The sea remembers every debtor"}, "The sea remembers every debtor"),
        ("zh", {"requirements": {"必须包含": ["一座浮狱"]}}, "浮狱"),
        ("zh", {"user_input": "加入一个买卖睡眠的集市"}, "一个买卖睡眠的集市"),
        ("zh", {"user_input": "大海记得每一个欠债的人"}, "大海记得每一个欠债的人"),
    ],
)
def test_what_is_required_is_in_the_world(language: Language, fields: dict[str, Any], shown: str) -> None:
    assert shown in told(propose_world(asked(language, **fields)).world)


# --- One side of it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words", "side"),
    [
        ("en", "culture", "culture"),
        ("en", "the laws", "rules"),
        ("zh", "geography", "geography"),
        ("zh", "历史", "history"),
        ("en", "cuisine", "cuisine"),
    ],
)
def test_one_side_alone_is_written_anew(language: Language, words: str, side: str) -> None:
    request = asked(language)
    before = saved(propose_world(request).world)
    more = {"newest": before, "options": {"dimension": words}, "iteration_number": 2}
    after = saved(propose_world(request.model_copy(update=more)).world)

    assert after["dimensions"].pop(side) != before["dimensions"].pop(side, None)
    assert after == before


# --- What feedback does to it --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_renamed_place_has_its_new_name_everywhere(language: Language) -> None:
    request = asked(language)
    old = propose_world(request).world.entries[0].name
    new, feedback = {"en": ("Brinehold", f"rename {old} to Brinehold"), "zh": ("咸门", f"把{old}改名为咸门")}[language]
    before, after = revised(request, feedback)

    assert told(before).count(old) > 2
    assert told(after) == told(before).replace(old, new)


MAGIC: dict[Language, regex.Pattern[str]] = {
    "en": regex.compile(r"magic|\bspells?\b|\bcharms?\b|\bwizard|\bsorcer|\bwitch|\benchant", regex.I),
    "zh": regex.compile(r"魔法|法术|咒|巫|施法|法师|灵力|符箓"),
}


@pytest.mark.parametrize(("language", "feedback"), [("en", "no magic"), ("zh", "不要魔法")])
@pytest.mark.parametrize("place", range(4))
def test_without_magic_nothing_of_it_is_left(language: Language, feedback: str, place: int) -> None:
    request = of_wonder(language, IDEAS[language][place])
    before, after = revised(request, feedback)

    assert before.power_system is not None
    assert after.power_system is None
    assert MAGIC[language].findall(told(after)) == []
    assert [level.name for level in before.power_system.levels if level.name in told(after)] == []
    # What has nothing to do with it stays as it was.
    assert len(names_of(before) & names_of(after)) >= 8
    old = {entry.name: entry.description for entry in before.entries}
    assert all(entry.description in old[entry.name] for entry in after.entries if entry.name in old)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_impossible_works_on_stands_in_no_name(language: Language) -> None:
    ground, scribe = begin_world(of_wonder(language), ())
    *others, left = world_material(language).powers.matters
    named = scribe.knowing(river=" ".join(others))

    assert matter_and_art(ground, named)["matter"] == left


def test_a_name_that_sounds_like_an_art_stays_without_magic() -> None:
    request = of_wonder("zh")
    before = propose_world(request).world
    land = before.entries[0].tags[0]
    newest = rename_in(saved(before), land, "借霜域")
    changes = {"newest": newest, "feedback": (f"把{land}改名为借霜域", "不要魔法")}
    after = revise_world(request.model_copy(update=changes)).world

    assert after.power_system is None
    assert all(entry.tags == ("借霜域",) for entry in after.entries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_excluded_goes_with_its_sentences_and_nothing_else(language: Language) -> None:
    request = asked(language)
    entry = next(one for one in propose_world(request).world.entries if one.entry_type == "ITEM")
    before, after = revised(request, {"en": f"remove the {entry.name}", "zh": f"去掉{entry.name}"}[language])

    assert entry.name in names_of(before)
    assert entry.name not in told(after)
    assert set(after.entries) == {one for one in before.entries if entry.name not in f"{one.name}{one.description}"}


@pytest.mark.parametrize(
    ("language", "feedback", "term"),
    [("en", "add a school for liars", "a school for liars"), ("zh", "加入一座说谎者学校", "一座说谎者学校")],
)
def test_what_is_included_has_an_entry_and_is_spoken_of(language: Language, feedback: str, term: str) -> None:
    before, after = revised(asked(language), feedback)
    fresh = [entry for entry in after.entries if entry not in before.entries]
    changed = [side for side in after.dimensions if after.dimensions[side] != before.dimensions[side]]

    assert len(fresh) == 1
    assert term in fresh[0].description
    assert {"en": "school for liars", "zh": "说谎者学校"}[language] in fresh[0].name
    assert not regex.search(r"\b(?:its|The \S+) an? |的一[座个]", f"{fresh[0].name} {fresh[0].description}")
    assert len(changed) == 1
    assert term in after.dimensions[changed[0]].core_rule
    assert after.glossary == before.glossary


@pytest.mark.parametrize(
    ("language", "feedback", "count"),
    [("en", "nine levels", 9), ("en", "only 5 levels", 5), ("zh", "改成九个等级", 9), ("zh", "只要5个等级", 5)],
)
def test_there_are_as_many_levels_as_were_asked_for(language: Language, feedback: str, count: int) -> None:
    before, after = revised(of_wonder(language), feedback)

    assert before.power_system is not None
    assert after.power_system is not None
    levels, kept = after.power_system.levels, before.power_system.levels[:count]
    assert len({level.name for level in levels}) == len(levels) == count
    assert levels[: len(kept)] == kept
    assert after.model_copy(update={"power_system": before.power_system}) == before


@pytest.mark.parametrize(
    ("language", "feedback", "kind", "count"),
    [("en", "six places", "LOCATION", 6), ("zh", "要六个地点", "LOCATION", 6), ("zh", "只要2个地点", "LOCATION", 2)],
)
def test_there_are_as_many_places_as_were_asked_for(language: Language, feedback: str, kind: str, count: int) -> None:
    before, after = revised(asked(language), feedback)

    assert sum(entry.entry_type == kind for entry in after.entries) == count
    assert [entry for entry in before.entries if entry.entry_type != kind and entry not in after.entries] == []


@pytest.mark.parametrize(
    ("language", "remark"), [("en", "the priests are afraid of thunder"), ("zh", "祭司都害怕打雷")]
)
def test_a_remark_is_taken_up_in_its_own_words(language: Language, remark: str) -> None:
    before, after = revised(asked(language), remark)
    changed = [side for side in after.dimensions if after.dimensions[side] != before.dimensions[side]]

    assert remark in told(after)
    assert len(changed) == 1
    assert after.model_copy(update={"dimensions": before.dimensions}) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_revision_of_nothing_is_a_world_that_obeys(language: Language) -> None:
    feedback = {"en": "add a school for liars", "zh": "加入一座说谎者学校"}[language]
    request = asked(language, is_revision=True, feedback=(feedback,))

    assert {"en": "school for liars", "zh": "说谎者学校"}[language] in told(revise_world(request).world)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rains. “Come in. Sit.” Nobody did.", ["It rains. ", "“Come in. Sit.” ", "Nobody did."]),
        (
            "立法依据只有一句：“河会改主意。人不会。”从此没人改过。",
            ["立法依据只有一句：“河会改主意。人不会。”", "从此没人改过。"],
        ),
        ("他说“来。”，便来了。走吧！", ["他说“来。”，便来了。", "走吧！"]),
        ("", []),
    ],
)
def test_what_is_quoted_does_not_end_a_sentence(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts
