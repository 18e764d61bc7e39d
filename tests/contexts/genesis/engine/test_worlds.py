"""What a person gets who asks the built-in author for a world, and who then wants it otherwise."""

import json
from itertools import combinations, pairwise
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contexts.genesis.engine.concepts import ConceptRequest
from services.contexts.genesis.engine.directives import (
    ChangeCount,
    ChangeLength,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
)
from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.foundations import REQUIRED_DIMENSIONS, World, WorldProposal
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.worlds.bans import unwanted_words
from services.contexts.genesis.engine.worlds.composing import continue_world
from services.contexts.genesis.engine.worlds.library import world_material
from services.contexts.genesis.engine.worlds.obeying import obeyed
from services.contexts.genesis.engine.worlds.proposing import propose_world
from services.contexts.genesis.engine.worlds.revising import revise_world
from services.contexts.genesis.values.steps import Step

LANGUAGES: tuple[Language, ...] = ("en", "zh")
IDEAS: dict[Language, tuple[str, ...]] = {
    "en": (
        "A lighthouse keeper who hears letters from the future",
        "A girl who can taste lies",
        "Two sisters inherit a haunted cinema",
        "An android nanny refuses to be switched off",
        "A village where nobody has died for forty years",
        "dragons, tea, regret",
        "A detective investigates his own disappearance",
        "The last librarian on Mars",
        "A duchess gambles away winter",
        "What if gravity failed on Tuesdays?",
    ),
    "zh": (
        "一个能听见未来来信的灯塔守望者",
        "一个能尝出谎言的女孩",
        "两姐妹继承了一座闹鬼的影院",
        "一个拒绝被关机的机器人保姆",
        "一个四十年没有死过人的村子",
        "龙，茶，悔恨",
        "侦探调查自己的失踪",
        "火星上最后一位图书管理员",
        "一位赌输了冬天的公爵夫人",
        "如果每到礼拜二重力就失灵",
    ),
}
DRAGONS = 5
"""An idea whose concept is at home in the impossible, in both languages."""
CONFIG: dict[Language, Object] = {
    "en": {
        "time_period": "the late bronze age",
        "geography_type": "a ring of islands",
        "tech_magic_level": "high magic",
        "social_structure": "a feudal order",
    },
    "zh": {"time_period": "上古", "geography_type": "群岛", "tech_magic_level": "高魔法", "social_structure": "封建制"},
}


def confirmed(language: Language, idea: str, **concept: Any) -> dict[str, Object]:
    proposed = propose_concepts(ConceptRequest(idea=idea, language=language, candidate_count=3)).candidates[0]
    return {"INITIAL_PROMPT": {"concept": proposed.model_dump(mode="json") | concept}}


def asked(language: Language = "en", idea: str | None = None, **more: Any) -> StageRequest:
    idea = idea or IDEAS[language][DRAGONS]
    settled = {"step": Step.WORLD, "language": language, "idea": idea, "confirmed": confirmed(language, idea)}
    return StageRequest(**(settled | more))


def saved(proposal: WorldProposal) -> Object:
    """Return a proposal as the settings document it becomes."""
    return proposal.world.model_dump(mode="json")


def revised(language: Language, *feedback: str, **more: Any) -> tuple[World, World]:
    """Return a world, and what the last of some sentences of feedback makes of it."""
    request = asked(language, **more)
    before = propose_world(request)
    wish = {"newest": saved(before), "feedback": feedback, "is_revision": True}
    return before.world, revise_world(request.model_copy(update=wish)).world


def changed(language: Language, directive: Directive, **more: Any) -> tuple[World, World]:
    """Return a world, and what one directive makes of it."""
    request = asked(language, **more)
    before = propose_world(request)
    ground, scribe = continue_world(request.model_copy(update={"newest": saved(before)}), (), (directive,))
    return before.world, obeyed(before.world, (directive,), ground, scribe)


def told(world: World) -> str:
    """Return all that a reader reads of a world."""
    document = world.model_dump(exclude={"entries": {"__all__": {"entry_type"}}})
    return "\n".join(told_in(document))


def lines(world: World) -> list[str]:
    return told(world).split("\n")


# --- A new world ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_ideas_give_ten_worlds(language: Language) -> None:
    worlds = [propose_world(asked(language, idea)).world for idea in IDEAS[language]]
    tokens = [content_tokens(told(world)) for world in worlds]
    # Single Chinese characters mean too little to be compared: neighbours are what a word is.
    bags = [set(found) if language == "en" else set(pairwise(found)) for found in tokens]
    shared = [len(one & other) / min(len(one), len(other)) for one, other in combinations(bags, 2)]
    names = [entry.name for world in worlds for entry in world.entries]

    assert max(shared) <= 0.2
    assert len(names) == len(set(names))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", range(10))
def test_a_world_has_all_its_parts(language: Language, place: int) -> None:
    proposal = propose_world(asked(language, IDEAS[language][place]))
    world = proposal.world
    texts = "\n".join(told_in([world.model_dump()["dimensions"], [entry.description for entry in world.entries]]))
    used = texts + "\n".join(told_in(world.power_system.model_dump() if world.power_system else None))

    assert World.model_validate_json(world.model_dump_json()) == world
    assert set(REQUIRED_DIMENSIONS) <= set(world.dimensions)
    assert 10 <= len(world.entries) <= 16
    assert len({entry.entry_type for entry in world.entries}) >= 6
    assert 6 <= len(world.glossary) <= 10
    assert all(term.term in used for term in world.glossary)
    assert 100 <= len(proposal.understanding) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_rules_keep_about_to_their_length(language: Language) -> None:
    low, high = (18, 70) if language == "en" else (36, 120)
    for idea in IDEAS[language]:
        for side in propose_world(asked(language, idea)).world.dimensions.values():
            assert low <= (len(side.core_rule.split()) if language == "en" else len(side.core_rule)) <= high


def test_equal_requests_get_equal_worlds() -> None:
    assert propose_world(asked(config=CONFIG["en"])) == propose_world(asked(config=CONFIG["en"]))


@pytest.mark.parametrize("idea", IDEAS["zh"])
def test_a_chinese_world_is_chinese_throughout(idea: str) -> None:
    proposal = propose_world(asked("zh", idea, config=CONFIG["zh"]))
    document = "\n".join((told(proposal.world), proposal.understanding, *proposal.suggestions))

    assert not regex.search(r"[A-Za-z]", document)
    assert not regex.search(r"的的|了了|是是|。。|，，|。，|，。|：。|[{}]|天天里", document)


@pytest.mark.parametrize("idea", IDEAS["en"])
def test_an_english_world_is_well_set(idea: str) -> None:
    proposal = propose_world(asked("en", idea, config=CONFIG["en"]))
    document = "\n".join((told(proposal.world), proposal.understanding, *proposal.suggestions))

    assert not regex.search(
        r"[{}']|  |(?<!\.)\.\.(?!\.)|,,|\.,|\ba [aeio]\p{Ll}{2}(?<!\ba on[ec])|\ban [^aeiouh]|\b(\p{Ll}+) \1\b",
        document,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_confirmed_is_quoted(language: Language) -> None:
    request = asked(language)
    theme = {"motifs": ["一只裂开的钟" if language == "zh" else "a bell with a crack in it"] * 3}
    initial = request.confirmed["INITIAL_PROMPT"] | {"theme": theme}
    world = propose_world(request.model_copy(update={"confirmed": {"INITIAL_PROMPT": initial}})).world
    concept = initial["concept"]

    assert concept["title"] in told(world)
    assert theme["motifs"][0] in world.dimensions["culture"].core_rule
    assert any(element.casefold() in told(world).casefold() for element in concept["unique_elements"])
    assert any(conflict in told(world) for conflict in concept["potential_conflicts"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_concept_without_a_known_law_is_ruled_by_its_premise(language: Language) -> None:
    premise = "Rivers here run only for those who weep" if language == "en" else "这里的河只为哭过的人流"
    world = propose_world(asked(language, confirmed=confirmed(language, IDEAS[language][0], premise=premise))).world

    assert premise in world.dimensions["rules"].core_rule


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_configuration_is_used(language: Language) -> None:
    world = propose_world(asked(language, config=CONFIG[language])).world
    where = {"time_period": "history", "geography_type": "geography", "tech_magic_level": "rules"}

    for key, side in (where | {"social_structure": "society"}).items():
        assert CONFIG[language][key] in world.dimensions[side].core_rule


@pytest.mark.parametrize(
    ("language", "genre", "config", "expected"),
    [
        ("en", "Fantasy", {}, True),
        ("en", "Thriller", {}, False),
        ("en", "Thriller", {"power_system": "grades of the quiet hand"}, True),
        ("zh", "仙侠", {}, True),
        ("zh", "都市", {}, False),
        ("zh", "都市", {"power_system": "修真等级"}, True),
    ],
)
def test_there_is_a_power_system_exactly_where_it_belongs(
    language: Language, genre: str, config: Object, *, expected: bool
) -> None:
    settled = confirmed(language, IDEAS[language][0], genre=genre)
    world = propose_world(asked(language, confirmed=settled, config=config)).world

    assert (world.power_system is not None) is expected
    assert all(words in told(world) for words in config.values())


def test_steps_of_power_that_are_listed_are_the_steps() -> None:
    steps = ["炼气", "筑基", "金丹", "元婴", "化神", "渡劫"]
    power = propose_world(asked("zh", config={"power_system": "、".join(steps)})).world.power_system

    assert power is not None
    assert [level.name for level in power.levels] == steps


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_world_is_unlike_those_to_be_avoided(language: Language) -> None:
    first = propose_world(asked(language))
    second = propose_world(asked(language, avoid=(saved(first),)))
    names = [{entry.name for entry in world.world.entries} for world in (first, second)]
    kept = names[0] & names[1]

    assert first.world.entries[0].name != second.world.entries[0].name
    assert not set(lines(first.world)) & set(lines(second.world)) - kept
    assert len(kept) <= 1


@pytest.mark.parametrize(
    ("language", "requirements", "words"),
    [
        ("en", {"must_include": ["airships"]}, "airships"),
        ("en", {"note": "add a market of voices"}, "a market of voices"),
        ("zh", {"必须包含": ["飞艇"]}, "飞艇"),
        ("zh", {"要求": ["加入会说话的石头"]}, "会说话的石头"),
    ],
)
def test_requirements_are_met_literally(language: Language, requirements: Object, words: str) -> None:
    assert words in told(propose_world(asked(language, requirements=requirements)).world)


@pytest.mark.parametrize(("language", "wish"), [("en", "no magic"), ("zh", "不要魔法")])
def test_a_world_can_be_asked_for_without_magic(language: Language, wish: str) -> None:
    world = propose_world(asked(language, user_input=wish)).world
    found = unwanted_words((wish.removeprefix("no ").removeprefix("不要"),), world_material(language))

    assert world.power_system is None
    assert found is not None
    assert not found.search(told(world))


# --- One side anew -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "name"), [("en", "culture"), ("zh", "culture"), ("zh", "文化"), ("en", "economy")]
)
def test_one_side_can_be_asked_for_alone(language: Language, name: str) -> None:
    request = asked(language)
    before = propose_world(request).world
    again = {"newest": before.model_dump(mode="json"), "options": {"dimension": name}}
    after = propose_world(request.model_copy(update=again)).world
    side = "culture" if name == "文化" else name

    assert after.dimensions[side] != before.dimensions.get(side)
    assert {one: after.dimensions[one] for one in before.dimensions if one != side} == {
        one: before.dimensions[one] for one in before.dimensions if one != side
    }
    assert (after.entries, after.glossary, after.power_system) == (before.entries, before.glossary, before.power_system)


# --- Feedback ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "wish", "new"),
    [("en", "rename the city to Amberwick", "Amberwick"), ("zh", "城市改名为琥珀港", "琥珀港")],
)
def test_a_kind_of_thing_is_renamed_everywhere(language: Language, wish: str, new: str) -> None:
    before, after = revised(language, wish)
    old = before.entries[0].name

    assert old not in told(after)
    assert told(before).replace(old, new) == told(after)


def test_what_was_renamed_keeps_its_name_in_what_is_written_later() -> None:
    request = asked()
    before = propose_world(request).world
    first = {"newest": before.model_dump(mode="json"), "feedback": ("rename the country to Oz",)}
    renamed = revise_world(request.model_copy(update=first)).world
    later = {"newest": renamed.model_dump(mode="json"), "feedback": (*first["feedback"], "longer"), "is_revision": True}
    again = {"newest": renamed.model_dump(mode="json"), "options": {"dimension": "geography"}}
    longer = revise_world(request.model_copy(update=later)).world

    assert "Oz" in told(renamed)
    assert len(told(longer)) > len(told(renamed))
    land = before.entries[0].tags[0]
    assert land not in told(longer)
    assert land not in told(propose_world(request.model_copy(update=again | {"feedback": first["feedback"]})).world)


@pytest.mark.parametrize(("language", "wish"), [("en", "no magic"), ("zh", "不要魔法")])
def test_magic_goes_with_all_that_belongs_to_it(language: Language, wish: str) -> None:
    before, after = revised(language, wish)
    assert before.power_system is not None
    found = unwanted_words((wish.removeprefix("no ").removeprefix("不要"),), world_material(language))

    assert found is not None
    assert after.power_system is None
    assert not found.search(told(after))
    assert not any(level.name in told(after) for level in before.power_system.levels)
    assert len(set(lines(before)) & set(lines(after))) > len(lines(before)) / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_excluded_does_not_come_back(language: Language) -> None:
    no_war, longer = ("no war", "longer") if language == "en" else ("不要战争", "更长")
    _, after = revised(language, no_war, longer)
    request = asked(language, feedback=(no_war,))
    found = unwanted_words(("war" if language == "en" else "战争",), world_material(language))

    assert found is not None
    assert not found.search(told(propose_world(request).world))
    assert len(lines(after)) >= 20


def test_excluding_an_entry_takes_it_away() -> None:
    before = propose_world(asked()).world
    name = before.entries[3].name
    _, after = changed("en", Exclude(name))

    assert name not in told(after)
    assert [entry for entry in before.entries if entry in after.entries] == [
        entry for entry in before.entries if name not in entry.name + entry.description
    ]


@pytest.mark.parametrize(("language", "wish", "word"), [("en", "darker", "dark"), ("zh", "更黑暗", "黑暗")])
def test_a_change_of_tone_rewrites_every_side(language: Language, wish: str, word: str) -> None:
    before, after = revised(language, wish)

    assert told(after).count(word) > told(before).count(word) + 3
    assert all(after.dimensions[side].core_rule != before.dimensions[side].core_rule for side in REQUIRED_DIMENSIONS)
    assert after.glossary == before.glossary


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_change_of_tone_takes_the_place_of_the_first(language: Language) -> None:
    dark, calm = ("darker", "calmer") if language == "en" else ("更黑暗", "更平静")
    request = asked(language)
    _, darker = revised(language, dark)
    again = {"newest": darker.model_dump(mode="json"), "feedback": (dark, calm), "is_revision": True}
    calmer = revise_world(request.model_copy(update=again)).world
    words = world_material(language).tones["darker"]

    assert not any(tail in told(calmer) for tail in words.tails)
    assert len(told(calmer)) < len(told(darker)) * 1.2


@pytest.mark.parametrize(("language", "wish", "word"), [("en", "add dragons", "dragons"), ("zh", "加入飞龙", "飞龙")])
def test_something_new_gets_an_entry_and_a_sentence(language: Language, wish: str, word: str) -> None:
    before, after = revised(language, wish)

    assert before.entries == after.entries[:-1]
    assert word in after.entries[-1].name.casefold()
    assert after.entries[-1].entry_type == "SPECIES"
    assert any(word in side.core_rule for side in after.dimensions.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_as_many_levels_and_entries_as_were_asked_for(language: Language) -> None:
    words = ("levels", "places", "entries") if language == "en" else ("等级", "地点", "条目")
    for what, count in ((words[0], 5), (words[0], 9), (words[0], 30), (words[1], 7), (words[1], 2), (words[2], 22)):
        before, after = changed(language, ChangeCount(what, count))
        assert after.power_system is not None
        found = {
            words[0]: len(after.power_system.levels),
            words[1]: len([entry for entry in after.entries if entry.entry_type == "LOCATION"]),
            words[2]: len(after.entries),
        }
        assert found[what] == min(count, 10 if what == words[0] else 99)
        assert len({level.name for level in after.power_system.levels}) == len(after.power_system.levels)
        assert after.dimensions == before.dimensions


@pytest.mark.parametrize(("language", "wish"), [("en", "The geography feels thin"), ("zh", "地理太单薄")])
def test_a_remark_is_taken_up_on_the_side_it_is_about(language: Language, wish: str) -> None:
    before, after = revised(language, wish)

    assert wish in after.dimensions["geography"].core_rule
    assert len(after.dimensions["geography"].examples) > len(before.dimensions["geography"].examples)
    assert {**after.dimensions, "geography": None} == {**before.dimensions, "geography": None}
    assert after.entries == before.entries


def test_longer_and_shorter() -> None:
    before, longer = changed("en", ChangeLength("longer"))
    _, shorter = changed("zh", ChangeLength("shorter"))

    assert len(told(longer)) > len(told(before)) * 1.2
    assert all(side.core_rule.count("。") <= 1 for side in shorter.dimensions.values())


@pytest.mark.parametrize(
    "directive", [Rename("", "Bo"), Rename("Bo", " "), Exclude(""), Include(" "), ChangeTrait(None, ""), Remark("")]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wish_without_words_changes_nothing(language: Language, directive: Directive) -> None:
    before, after = changed(language, directive)

    assert before == after


def test_a_limit_to_one_side_holds() -> None:
    request = asked()
    before = propose_world(request).world
    wish = {"newest": before.model_dump(mode="json"), "feedback": ("darker",), "options": {"dimension": "history"}}
    after = revise_world(request.model_copy(update=wish)).world

    assert after.dimensions["history"] != before.dimensions["history"]
    assert {**after.dimensions, "history": None} == {**before.dimensions, "history": None}
    assert after.entries == before.entries


def test_what_was_saved_by_hand_is_kept_word_for_word() -> None:
    newest = {
        "dimensions": {"geography": "A plain.  With a hill.", "weather": {"core_rule": "It rains."}},
        "entries": [{"name": "The Hill", "description": "Round."}, {"entry_type": "location", "name": "Plain"}, 7],
        "glossary": [{"term": "hill", "meaning": "a high place"}],
    }
    world = revise_world(asked(newest=newest, feedback=("add dragons",), is_revision=True)).world

    assert world.dimensions["geography"].core_rule.startswith("A plain.  With a hill.")
    assert world.dimensions["weather"].core_rule.startswith("It rains.")
    assert [(entry.entry_type, entry.name) for entry in world.entries[:2]] == [
        ("OTHER", "The Hill"),
        ("LOCATION", "Plain"),
    ]
    assert world.entries[0].description == "Round."
    assert world.glossary[0].meaning == "a high place"


# --- Anything at all -----------------------------------------------------------------------------------------------

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    "dimensions",
                    "geography",
                    "core_rule",
                    "examples",
                    "entries",
                    "name",
                    "levels",
                    "power_system",
                    "term",
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.sampled_from(("dimensions", "power_system", "entries", "glossary", "concept", "theme", "dimension")), JUNK
)
FEEDBACK = st.text(max_size=30) | st.sampled_from(
    (
        "no magic",
        "no the",
        "rename a to b",
        "add x",
        "darker",
        "不要的",
        "不要",
        "把城改名为水",
        "longer",
        "shorter",
        "加入。",
    )
)


@settings(max_examples=25, deadline=None)
@given(OBJECTS, OBJECTS, OBJECTS, FEEDBACK, st.sampled_from(LANGUAGES))
def test_nothing_that_anybody_saved_or_says_is_too_odd(
    newest: Object, initial: Object, options: Object, feedback: str, language: Language
) -> None:
    request = StageRequest(
        step=Step.WORLD,
        language=language,
        newest=newest,
        confirmed={"INITIAL_PROMPT": {"concept": {}} | initial if isinstance(initial.get("concept"), dict) else {}},
        options=options,
        config=initial,
        requirements=newest,
        feedback=(feedback,),
    )
    for proposal in (propose_world(request), revise_world(request.model_copy(update={"is_revision": True}))):
        assert WorldProposal.model_validate(json.loads(proposal.model_dump_json())) == proposal
