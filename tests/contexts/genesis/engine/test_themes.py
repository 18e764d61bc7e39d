"""What a person gets who asks the built-in author for themes, or for a theme told otherwise."""

import json
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contexts.genesis.engine.concepts import ConceptRequest
from services.contexts.genesis.engine.foundations import Theme, ThemeProposal
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.similarity import content_tokens, similarity
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language, detect_language, length_of
from services.contexts.genesis.engine.themes.library import theme_material_for
from services.contexts.genesis.engine.themes.proposing import propose_themes, revise_themes
from services.contexts.genesis.engine.themes.writing import PATH_LENGTH, slots_of
from services.contexts.genesis.values.steps import Step

IDEAS: dict[Language, tuple[str, ...]] = {
    "en": (
        "A lighthouse keeper who hears letters from the future",
        "What if gravity failed on Tuesdays?",
        "dragons, tea, regret",
        "A cartographer named Ilse who draws places that die",
        "The last beekeeper on Mars",
    ),
    "zh": (
        "一个能听见未来来信的灯塔守望者",
        "如果所有人每天只能说一百个字",
        "龙，茶，悔恨",
        "姐妹俩继承了一座闹鬼的电影院",
        "火星上最后一个养蜂人",
    ),
}
CASES: list[tuple[Language, str]] = [(language, idea) for language, ideas in IDEAS.items() for idea in ideas]


def concept_for(idea: str | None, language: Language) -> Object:
    batch = propose_concepts(ConceptRequest(idea=idea, language=language))
    concept: Object = batch.candidates[0].model_dump(mode="json")
    return concept


def asked(language: Language, idea: str | None = None, **fields: Any) -> StageRequest:
    idea = idea or IDEAS[language][0]
    newest = {"concept": concept_for(idea, language)}
    return StageRequest(**{"step": Step.THEME, "language": language, "idea": idea, "newest": newest} | fields)


def revision(language: Language, feedback: str, **changes: Any) -> tuple[Object, Object]:
    """Return a theme before and after a piece of feedback."""
    request = asked(language)
    theme = propose_themes(request).candidates[0].model_dump(mode="json") | changes
    revised = revise_themes(
        request.model_copy(
            update={"is_revision": True, "feedback": (feedback,), "newest": {**request.newest, "theme": theme}}
        )
    )
    return theme, revised.candidates[0].model_dump(mode="json")


def written(proposal: ThemeProposal) -> str:
    return "\n".join(text_of(theme.model_dump(mode="json")) for theme in proposal.candidates)


def text_of(document: object) -> str:
    return json.dumps(document, ensure_ascii=False)


def test_equal_requests_get_equal_answers() -> None:
    request = asked("en", user_input="more rain")

    assert propose_themes(request) == propose_themes(request.model_copy(deep=True))


@pytest.mark.parametrize(("language", "idea"), CASES)
def test_every_theme_names_the_concept_its_hero_and_a_conflict_of_it(language: Language, idea: str) -> None:
    request = asked(language, idea)
    concept = request.newest["concept"]

    for theme in propose_themes(request).candidates:
        text = "\n".join(path.description for path in theme.embodiment_paths)
        assert concept["title"][:30] in theme.core_theme + text
        assert any(conflict.rstrip(".。？?")[:30] in text for conflict in concept["potential_conflicts"])
        assert any(element[:16] in "\n".join(theme.motifs) for element in concept["unique_elements"])


def test_the_hero_of_the_idea_is_in_every_theme() -> None:
    for theme in propose_themes(asked("en", IDEAS["en"][3])).candidates:
        assert "Ilse" in theme.embodiment_paths[0].description


@pytest.mark.parametrize(("language", "idea"), CASES)
def test_the_ways_in_which_it_becomes_visible_keep_their_length(language: Language, idea: str) -> None:
    low, high = PATH_LENGTH[language]

    for theme in propose_themes(asked(language, idea)).candidates:
        assert [path.path for path in theme.embodiment_paths] == ["character_arc", "conflict_design", "symbol"]
        for path in theme.embodiment_paths:
            assert low <= length_of(path.description, language) <= high


@pytest.mark.parametrize(("language", "idea"), CASES)
def test_what_is_said_about_the_themes_has_its_length_and_language(language: Language, idea: str) -> None:
    proposal = propose_themes(asked(language, idea, user_input={"en": "more rain", "zh": "加入大雨"}[language]))

    assert 100 <= len(proposal.understanding) <= 200
    assert detect_language(proposal.understanding, *proposal.suggestions) == language
    assert len(proposal.suggestions) == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chinese_themes_hold_no_latin_and_english_ones_no_han_letters(language: Language) -> None:
    for idea in IDEAS[language]:
        text = "".join(
            text
            for theme in propose_themes(asked(language, idea)).candidates
            for text in _texts(
                theme.model_dump(mode="json", exclude={"theme_id": True, "embodiment_paths": {"__all__": {"path"}}})
            )
        )
        letters = [letter for letter in text if letter.isalpha() and letter not in "éï"]
        assert all(letter.isascii() != (language == "zh") for letter in letters)


@pytest.mark.parametrize(("language", "idea"), CASES)
def test_the_themes_of_a_batch_are_unlike_each_other(language: Language, idea: str) -> None:
    texts = [text_of(theme.model_dump(mode="json")) for theme in propose_themes(asked(language, idea)).candidates]

    assert len(texts) == 4
    assert max(similarity(one, other) for one, other in combinations(texts, 2)) < 0.5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_other_ideas_get_other_themes(language: Language) -> None:
    turns = [turns_of_phrase(written(propose_themes(asked(language, idea)))) for idea in IDEAS[language]]

    shared = [len(one & other) / min(len(one), len(other)) for one, other in combinations(turns, 2)]
    assert sum(shared) / len(shared) < 0.25
    assert max(shared) < 0.4


def turns_of_phrase(text: str) -> set[tuple[str, ...]]:
    """Return the runs of three words that carry meaning: single words are common to all that is written."""
    tokens = content_tokens(text)
    return set(zip(tokens, tokens[1:], tokens[2:], strict=False))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_once_more_brings_arguments_that_were_not_proposed_before(language: Language) -> None:
    first = propose_themes(asked(language))
    earlier = tuple(theme.model_dump(mode="json") for theme in first.candidates)
    second = propose_themes(asked(language, avoid=earlier, iteration_number=2))

    assert not {side.name for theme in first.candidates for side in theme.sub_themes} & {
        side.name for theme in second.candidates for side in theme.sub_themes
    }


@pytest.mark.parametrize(
    ("language", "fields", "shown"),
    [
        ("en", {"options": {"theme_preferences": "add a drowned piano"}}, "a drowned piano"),
        ("en", {"options": {"theme_preferences": {"keywords": ["salt", "inheritance"]}}}, "inheritance"),
        ("en", {"requirements": {"must_include": "a broken compass"}}, "a broken compass"),
        ("en", {"feedback": ("nobody gets what they deserve",)}, "nobody gets what they deserve"),
        ("en", {"user_input": "darker"}, "dark"),
        ("zh", {"options": {"theme_preferences": "加入一架沉在水底的钢琴"}}, "一架沉在水底的钢琴"),
        ("zh", {"requirements": {"必须包含": ["断针的罗盘"]}}, "断针的罗盘"),
        ("zh", {"feedback": ("谁也得不到自己应得的",)}, "谁也得不到自己应得的"),
        ("zh", {"user_input": "更黑暗一点"}, "黑暗"),
    ],
)
def test_every_theme_shows_what_was_wished(language: Language, fields: dict[str, Any], shown: str) -> None:
    for theme in propose_themes(asked(language, **fields)).candidates:
        assert shown in text_of(theme.model_dump(mode="json"))


@pytest.mark.parametrize(
    ("language", "wish", "sign"), [("en", "justice and forgiveness", "justice"), ("zh", "公道与宽恕", "讨公道")]
)
def test_an_argument_that_is_wished_for_comes_first(language: Language, wish: str, sign: str) -> None:
    first = propose_themes(asked(language, options={"theme_preferences": wish})).candidates[0]

    assert sign in "\n".join(path.description for path in first.embodiment_paths)


@pytest.mark.parametrize(("language", "feedback", "term"), [("en", "no lamp", "lamp"), ("zh", "不要门", "门")])
def test_what_is_not_wanted_does_not_occur(language: Language, feedback: str, term: str) -> None:
    for theme in propose_themes(asked(language, IDEAS[language][4], feedback=(feedback,))).candidates:
        assert term not in "\n".join(theme.motifs + tuple(path.description for path in theme.embodiment_paths))


@pytest.mark.parametrize(("asked_for", "given"), [(1, 3), (3, 3), (5, 5), (9, 5)])
def test_as_many_themes_come_as_were_asked_for_within_the_bounds(asked_for: int, given: int) -> None:
    proposal = propose_themes(asked("en", options={"theme_preferences": {"theme_count": asked_for}}))

    assert len(proposal.candidates) == given


def test_a_concept_in_another_language_is_quoted_and_not_bent_into_our_sentences() -> None:
    request = asked("zh", IDEAS["en"][0], newest={"concept": concept_for(IDEAS["en"][0], "en")})
    conflicts = request.newest["concept"]["potential_conflicts"]

    for theme in propose_themes(request).candidates:
        design = theme.embodiment_paths[1].description
        assert any(f"“{conflict.rstrip('.')}”" in design for conflict in conflicts)
        assert "主角" in design


# --- Revisions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "feedback"), [("en", "make the ending about a debt"), ("zh", "结尾要落在一笔旧账上")]
)
def test_a_remark_is_quoted_and_nothing_else_changes(language: Language, feedback: str) -> None:
    before, after = revision(language, feedback)

    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"narrative_techniques", "sub_themes"}
    assert feedback in text_of(after["narrative_techniques"])
    assert all(side in after["sub_themes"] for side in before["sub_themes"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_last_change_of_tone_replaces_the_one_before(language: Language) -> None:
    dark, light = {"en": ("darker", "lighter"), "zh": ("更黑暗一点", "轻松一些")}[language]
    _, darkened = revision(language, dark)
    _, lightened = revision(language, light, **darkened)

    tones = theme_material_for(language).tones
    assert tones["darker"].ending in darkened["thematic_arc"]["resolution"]
    assert tones["lighter"].ending in lightened["thematic_arc"]["resolution"]
    assert {"en": "dark", "zh": "黑暗"}[language] not in text_of(
        [lightened[name] for name in ("emotional_core", "target_impact", "narrative_techniques", "thematic_arc")]
    )


@pytest.mark.parametrize(
    ("language", "feedback", "term"),
    [("en", "add a lost dog", "a lost dog"), ("zh", "加入一条走失的狗", "一条走失的狗")],
)
def test_a_thing_that_is_asked_for_becomes_a_side_of_the_theme(language: Language, feedback: str, term: str) -> None:
    before, after = revision(language, feedback)

    assert [side["name"] for side in after["sub_themes"]] == [*(side["name"] for side in before["sub_themes"]), term]
    assert term in after["thematic_arc"]["rising"]


@pytest.mark.parametrize(
    ("language", "feedback", "name"), [("en", "call the hero Mara", "Mara"), ("zh", "把主角改名叫阿宁", "阿宁")]
)
def test_a_new_name_replaces_the_old_one_everywhere(language: Language, feedback: str, name: str) -> None:
    before, after = revision(language, feedback)

    old = {"en": "the lighthouse keeper", "zh": "灯塔守望者"}[language]
    told = text_of(before["embodiment_paths"]).casefold().count(old) > 0
    assert told
    assert old not in text_of(after["embodiment_paths"]).casefold()
    assert name in after["embodiment_paths"][0]["description"]


@pytest.mark.parametrize(("language", "longer", "shorter"), [("en", "longer", "shorter"), ("zh", "更长", "更短")])
def test_longer_is_longer_and_shorter_is_shorter(language: Language, longer: str, shorter: str) -> None:
    before, after = revision(language, longer)
    assert len(text_of(after)) > len(text_of(before)) * 1.05

    before, after = revision(language, shorter)
    assert len(text_of(after)) < len(text_of(before)) * 0.8


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_id_stays_through_any_revision(language: Language) -> None:
    for feedback in ("darker", "no lamp", "call the hero Mara", "更黑暗", "不要灯", "!!!"):
        _, after = revision(language, feedback, theme_id="theme-seven")
        assert after["theme_id"] == "theme-seven"


def test_what_a_person_wrote_by_hand_is_kept_and_its_gaps_are_filled() -> None:
    theme = {"theme_id": "t1", "core_theme": "Bread is a promise.", "motifs": ["crust", 7], "taboos": None, "mine": 1}
    request = asked("en", is_revision=True, feedback=("darker",), newest={"theme": theme})

    revised = revise_themes(request).candidates[0]

    assert (revised.theme_id, revised.core_theme, revised.motifs[0]) == ("t1", "Bread is a promise.", "crust")
    assert len(revised.motifs) >= 3


def test_without_a_chosen_theme_all_candidates_are_revised() -> None:
    request = asked("en")
    themes = [theme.model_dump(mode="json") for theme in propose_themes(request).candidates]
    newest = {**request.newest, "theme_candidates": themes}

    revised = revise_themes(request.model_copy(update={"feedback": ("darker",), "newest": newest, "is_revision": True}))

    assert [theme.theme_id for theme in revised.candidates] == [theme["theme_id"] for theme in themes]
    assert all("dark" in theme.emotional_core.casefold() for theme in revised.candidates)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "premise", *Theme.model_fields, "name", "description"]), inner, max_size=6
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(
    saved=st.dictionaries(st.sampled_from(["concept", "theme", "theme_candidates", "concept_candidates"]), JSON),
    said=st.text(max_size=60),
    language=st.sampled_from(["en", "zh"]),
)
def test_whatever_was_saved_and_said_there_is_an_answer(saved: Object, said: str, language: Language) -> None:
    request = StageRequest(
        step=Step.THEME,
        language=language,
        feedback=(said,),
        newest=saved,
        confirmed={"INITIAL_PROMPT": saved},
        options={"theme_preferences": saved},
        avoid=(saved,),
    )

    assert 3 <= len(propose_themes(request).candidates) <= 5
    assert revise_themes(request.model_copy(update={"is_revision": True})).candidates


# --- The material --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_material_says_nothing_twice(language: Language) -> None:
    material = theme_material_for(language)
    texts = [
        *(text for axis in material.axes for text in (*axis.cores, *axis.theses, *axis.antitheses, *axis.motifs)),
        *(text for axis in material.axes for text in (*axis.taboos, *axis.questions, *axis.emotions, *axis.impacts)),
        *(facet.name for axis in material.axes for facet in axis.facets),
        *material.arcs,
        *material.conflicts,
        *material.symbols,
        *material.scenes,
    ]

    assert all(one != other for one, other in pairwise(sorted(texts)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_scenes_ask_for_a_law_that_a_concept_may_not_have(language: Language) -> None:
    material = theme_material_for(language)
    texts = [*material.arcs, *material.conflicts, *material.symbols, *material.closers]
    texts += [text for axis in material.axes for text in (*axis.cores, *axis.arc, *axis.questions)]

    assert not any({"rule", "in_place"} & slots_of(text) for text in texts)


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return [text for item in inner for text in _texts(item)]
