"""Plots by the built-in author: their shape, and that they are about the confirmed story."""

from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from typing import Any

import pytest
import regex

from services.contexts.genesis.engine.foundations import Outline, PlotProposal, Structure, TensionPoint
from services.contexts.genesis.engine.plots.amending import sentences_of
from services.contexts.genesis.engine.plots.fits import fit
from services.contexts.genesis.engine.plots.proposing import propose_plot
from services.contexts.genesis.engine.plots.scenes import KEY_FUNCTIONS, SCENE_LENGTH
from services.contexts.genesis.engine.plots.structures import STRUCTURES, sagging, spans_of
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.foundation_stories import IDEAS, story

LANGUAGES: tuple[Language, ...] = ("en", "zh")
_LATIN = regex.compile(r"[A-Za-z]{2,}")


@cache
def _confirmed(language: Language, index: int = 0) -> dict[str, Any]:
    return story(IDEAS[language][index], language)


def request(language: Language, index: int = 0, **changed: Any) -> StageRequest:
    fields = {"idea": IDEAS[language][index], "confirmed": _confirmed(language, index), **changed}
    return StageRequest(step=Step.PLOT, language=language, **fields)


@cache
def _plot(language: Language, index: int = 0) -> PlotProposal:
    return propose_plot(request(language, index))


def _document(plot: PlotProposal) -> dict[str, Any]:
    return plot.model_dump(mode="json", include={"candidates", "outline"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("chapters", [5, 12, 13, 40, 100])
def test_the_acts_cover_every_chapter_once(language: Language, structure: Structure, chapters: int) -> None:
    config = {"chapter_count_preference": chapters}
    plot = propose_plot(request(language, config=config, options={"structure": structure}))

    for plan in plot.candidates:
        covered = [chapter for act in plan.acts for chapter in range(act.start_chapter, act.end_chapter + 1)]
        assert covered == list(range(1, chapters + 1))
        assert plan.structure == structure
    assert [point.chapter for point in plot.outline.tension_curve] == list(range(1, chapters + 1))


def test_structures_have_the_shares_and_numbers_of_acts_they_are_known_for() -> None:
    assert [span.end for span in spans_of("three_act", 40)] == [10, 30, 40]
    assert len(spans_of("five_act", 40)) == 5
    assert len(spans_of("heros_journey", 40)) == 12
    assert len(spans_of("heros_journey", 7)) == 7


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("index", range(3))
def test_three_to_five_different_plans_one_of_them_worked_out(language: Language, index: int) -> None:
    plot = _plot(language, index)
    recommended = [plan for plan in plot.candidates if plan.recommended]

    assert 3 <= len(plot.candidates) <= 5
    assert len({plan.logline for plan in plot.candidates}) == len(plot.candidates)
    assert [plan.plan_id for plan in recommended] == [plot.outline.plan_id]
    assert recommended[0].acts == plot.outline.acts
    assert 100 <= len(plot.understanding) <= 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("index", range(3))
def test_scenes_keep_to_their_length_and_to_the_confirmed_names(language: Language, index: int) -> None:
    confirmed = _confirmed(language, index)
    cast = {character["name"] for character in confirmed["CHARACTERS"]["characters"]}
    places = {one["name"] for one in confirmed["WORLDVIEW"]["entries"] if one["entry_type"] == "LOCATION"}
    low, high = SCENE_LENGTH[language]

    for node in _plot(language, index).outline.nodes:
        assert low <= length_of(node.scene, language) <= high, node.scene
        assert set(node.characters) <= cast
        assert all(name in node.scene for name in node.characters)
        assert node.place in places
        assert str(node.place) in node.scene


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("index", range(len(IDEAS["en"])))
def test_every_scene_shows_what_moves_its_people_and_what_the_story_is_about(language: Language, index: int) -> None:
    for node in _plot(language, index).outline.nodes:
        assert node.motivation_fit >= 60
        assert node.theme_fit >= (80 if node.function in KEY_FUNCTIONS else 60)


def test_a_scene_fits_as_far_as_its_words_show_the_claims() -> None:
    claims = ("find the torn page", "close the stairs forever")

    assert fit("Rain falls on the roof all day.", claims) == 0
    assert fit("She sets out to find the torn page.", claims) == 88
    assert fit("To find the torn page they close the stairs forever.", claims) == 100
    assert 0 < fit("A page is lost.", claims) < 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_tension_rises_to_the_climax_and_falls_to_the_end(language: Language) -> None:
    outline = _plot(language).outline
    peak = max(outline.nodes, key=lambda node: node.tension)
    middle = len(outline.tension_curve) // 2
    tensions = [point.tension for point in outline.tension_curve]

    assert peak.function == "climax"
    assert sum(tensions[middle:]) > sum(tensions[:middle])
    assert outline.nodes[-1].tension < peak.tension
    assert [node.chapter for node in outline.nodes] == sorted(node.chapter for node in outline.nodes)


def test_three_calm_chapters_in_a_row_are_a_sagging_stretch_and_two_are_not() -> None:
    tensions = (5, 3, 2, 6, 3, 3, 3, 1, 7)
    curve = [TensionPoint(chapter=chapter, tension=tension) for chapter, tension in enumerate(tensions, 1)]

    assert sagging(curve) == ((5, 8),)


@pytest.mark.parametrize(
    ("word", "kind"), [("内心", "person_vs_self"), ("social", "person_vs_society"), ("自然", "person_vs_nature")]
)
def test_only_the_conflicts_asked_for_occur(word: str, kind: str) -> None:
    outline = propose_plot(request("zh", config={"conflict_types": [word]})).outline

    assert {node.conflict_type for node in outline.nodes} == {kind}


def test_complexity_is_the_number_of_subplots_and_pacing_moves_the_curve() -> None:
    def outline(**config: Any) -> Outline:
        return propose_plot(request("en", config=config)).outline

    def mean(of: Outline) -> float:
        return sum(node.tension for node in of.nodes if node.function == "development") / len(of.tension_curve)

    assert len(outline(plot_complexity="simple").subplots) < len(outline(plot_complexity="复杂").subplots)
    slow, fast = (outline(pacing_preference=pace, chapter_count_preference=24) for pace in ("slow", "快"))
    assert mean(slow) < mean(fast)


def test_a_chosen_plan_becomes_the_outline() -> None:
    before = _plot("en")
    chosen = before.candidates[-1]
    after = propose_plot(request("en", newest=_document(before), options={"plan_id": chosen.plan_id}))

    assert after.outline.plan_id == chosen.plan_id
    assert (after.outline.logline, after.outline.acts) == (chosen.logline, chosen.acts)
    assert [plan.recommended for plan in after.candidates] == [False] * (len(after.candidates) - 1) + [True]
    assert [plan.logline for plan in after.candidates] == [plan.logline for plan in before.candidates]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_single_scene_is_written_anew_and_all_others_stay(language: Language) -> None:
    before = _plot(language).outline
    node = before.nodes[4]
    options = {"node_id": node.node_id}
    after = propose_plot(request(language, newest=_document(_plot(language)), options=options)).outline

    assert after.nodes[4].scene != node.scene
    assert (after.nodes[4].node_id, after.nodes[4].chapter) == (node.node_id, node.chapter)
    assert after.nodes[:4] + after.nodes[5:] == before.nodes[:4] + before.nodes[5:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_equal_requests_get_equal_plots_and_once_more_is_another_one(language: Language) -> None:
    again = propose_plot(request(language))
    once_more = propose_plot(request(language, iteration_number=2, avoid=(_document(again),)))
    titles = {node.title for node in again.outline.nodes}

    assert again == _plot(language)
    assert not titles & {node.title for node in once_more.outline.nodes}


@pytest.mark.parametrize(("language", "limit"), [("en", 0.42), ("zh", 0.30)])
def test_ten_ideas_become_ten_plots(language: Language, limit: float) -> None:
    """English shares a quarter of its words whatever is told; the rest has to be the story's own."""
    scenes = [[node.scene for node in _plot(language, index).outline.nodes] for index in range(len(IDEAS[language]))]
    bags = [_bag("\n".join(texts), language) for texts in scenes]
    told = [{sentence for text in texts for sentence in sentences_of(text)} for texts in scenes]

    assert max(_shared(one, other) for one, other in combinations(bags, 2)) <= limit
    assert max(len(one & other) / min(len(one), len(other)) for one, other in combinations(told, 2)) <= 0.15


def test_no_english_in_a_chinese_plot() -> None:
    plot = _plot("zh")
    shown = [plot.understanding, *plot.suggestions, *plot.outline.warnings, plot.outline.logline]
    shown += [text for node in plot.outline.nodes for text in (node.title, node.scene)]
    shown += [text for plan in plot.candidates for text in (plan.logline, *plan.strengths, *plan.risks)]
    shown += [text for act in plot.outline.acts for text in (act.title, act.summary)]

    assert [text for text in shown if _LATIN.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("index", range(5))
def test_punctuation_is_never_doubled_and_sentences_begin_with_capitals(language: Language, index: int) -> None:
    for node in _plot(language, index).outline.nodes:
        assert not regex.search(r"\.\.|。。|，，|,,|的的|[{}]| {2}|。，|\s[.,;:]|\b(\p{L}+) \1\b", node.scene), (
            node.scene
        )
        assert language == "zh" or all(regex.match(r"[“\p{Lu}]", part) for part in sentences_of(node.scene)), node.scene


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_confirmed_still_makes_a_plot_and_says_what_is_missing(language: Language) -> None:
    plot = propose_plot(StageRequest(step=Step.PLOT, language=language))

    assert len(plot.outline.warnings) >= 2
    assert len(plot.outline.tension_curve) == 24
    assert all(node.place is None for node in plot.outline.nodes)


@pytest.mark.parametrize(
    "odd",
    [
        {"INITIAL_PROMPT": {"concept": [], "theme": {"motifs": 3, "value_tension": "x"}}},
        {"WORLDVIEW": {"entries": [{"name": 4}, {"name": "{hero} %s", "entry_type": None}], "glossary": {}}},
        {"CHARACTERS": {"characters": ["x", {"name": "\ud800"}, {"name": "Ada", "goals": "all", "wounds": ["", 1]}]}},
        {"CHARACTERS": {"characters": [{"name": "A" * 300}, {"name": "😀", "role_type": "antagonist"}]}},
    ],
)
def test_whatever_was_saved_by_hand_a_plot_is_written(odd: dict[str, Any]) -> None:
    plot = propose_plot(request("en", confirmed=odd, newest={"candidates": [3], "outline": {"nodes": []}}))

    assert len(plot.outline.nodes) >= 10


def _bag(text: str, language: Language) -> Counter[str]:
    tokens = content_tokens(text)
    return Counter(tokens) if language == "en" else Counter(one + other for one, other in pairwise(tokens))


def _shared(one: Counter[str], other: Counter[str]) -> float:
    return (one & other).total() / min(one.total(), other.total())
