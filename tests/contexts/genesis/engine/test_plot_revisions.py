"""Wishes obeyed on a plot: what was asked for changes, all else stays."""

from functools import cache
from typing import Any

import pytest

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.foundations import PlotProposal
from services.contexts.genesis.engine.plots.amending import sentences_of
from services.contexts.genesis.engine.plots.brief import brief_of
from services.contexts.genesis.engine.plots.obeying import obey
from services.contexts.genesis.engine.plots.proposing import propose_plot, revise_plot
from services.contexts.genesis.engine.plots.scenes import SCENE_LENGTH
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, length_of
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.foundation_stories import IDEAS, story

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@cache
def _request(language: Language) -> StageRequest:
    idea = IDEAS[language][0]
    return StageRequest(step=Step.PLOT, language=language, idea=idea, confirmed=story(idea, language))


@cache
def _plot(language: Language) -> PlotProposal:
    return propose_plot(_request(language))


def _name(language: Language, role: str) -> str:
    cast: list[dict[str, Any]] = _request(language).confirmed["CHARACTERS"]["characters"]
    return next(str(character["name"]) for character in cast if character["role_type"] == role)


def _obeyed(language: Language, directive: Directive) -> PlotProposal:
    return obey(brief_of(_request(language)), _plot(language), directive)


def _revised(language: Language, feedback: str) -> PlotProposal:
    newest = _plot(language).model_dump(mode="json", include={"candidates", "outline"})
    changed = {"newest": newest, "is_revision": True, "feedback": ("earlier, done already", feedback)}
    return revise_plot(_request(language).model_copy(update=changed))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["hero", "主角"])
def test_a_name_changes_everywhere_even_if_only_its_kind_is_said(language: Language, kind: str) -> None:
    old = _name(language, "protagonist")
    for said in (old, kind):
        text = _obeyed(language, Rename(said, "Quillfeather")).model_dump_json()
        assert old not in text
        assert "Quillfeather" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_excluded_is_gone_and_scenes_are_whole_again(language: Language) -> None:
    closing = sentences_of(_plot(language).outline.nodes[3].scene)[-1]
    term = max(content_tokens(closing), key=len) if language == "en" else closing[:2]
    after = _obeyed(language, Exclude(term))

    for node in after.outline.nodes:
        assert term not in f"{node.title} {node.scene}"
        assert node.motivation_fit >= 60
        assert node.theme_fit >= 60
        assert length_of(node.scene, language) >= SCENE_LENGTH[language][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_included_stands_in_one_scene_and_the_others_stay(language: Language) -> None:
    before, after = _plot(language).outline, _obeyed(language, Include("Zeppelin")).outline
    changed = [new for old, new in zip(before.nodes, after.nodes, strict=True) if old != new]

    assert len(changed) == 1
    assert "Zeppelin" in changed[0].scene
    assert after.acts == before.acts


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("tone", "sign"), [("tenser", 1), ("calmer", -1)])
def test_tenser_and_calmer_move_the_tension_curve(language: Language, tone: Tone, sign: int) -> None:
    def total(plot: PlotProposal) -> int:
        return sum(point.tension for point in plot.outline.tension_curve)

    assert (total(_obeyed(language, ChangeTone(tone))) - total(_plot(language))) * sign > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_tone_is_heard_all_over_the_story_and_leaves_the_curve_alone(language: Language) -> None:
    before, after = _plot(language).outline, _obeyed(language, ChangeTone("darker")).outline
    changed = [index for index, node in enumerate(after.nodes) if node != before.nodes[index]]

    assert len(changed) == 5
    assert changed[0] == 0
    assert changed[-1] == len(after.nodes) - 1
    assert after.tension_curve == before.tension_curve


@pytest.mark.parametrize("what", ["chapters", "章"])
@pytest.mark.parametrize("chapters", [6, 60])
def test_another_number_of_chapters_keeps_everything_in_proportion(what: str, chapters: int) -> None:
    after = _obeyed("en", ChangeCount(what, chapters))

    assert len(after.outline.tension_curve) == chapters
    for plan in after.candidates:
        assert plan.acts[-1].end_chapter == chapters
    assert [node.title for node in after.outline.nodes] == [node.title for node in _plot("en").outline.nodes]
    assert after.outline.nodes[-1].chapter == chapters


@pytest.mark.parametrize(("asked", "given"), [(4, 10), (11, 11), (18, 18), (50, 20)])
def test_more_or_fewer_scenes_within_the_limits(asked: int, given: int) -> None:
    before, after = _plot("zh").outline.nodes, _obeyed("zh", ChangeCount("节点", asked)).outline.nodes

    assert len(after) == given
    assert len({node.node_id for node in after}) == given
    assert len(set(after) & set(before)) == min(given, len(before))
    assert any(node.function == "climax" for node in after)


@pytest.mark.parametrize("count", [3, 5])
def test_more_or_fewer_plans_with_the_recommended_one_kept(count: int) -> None:
    after = _obeyed("en", ChangeCount("plans", count))

    assert len(after.candidates) == count
    assert [plan.plan_id for plan in after.candidates if plan.recommended] == [after.outline.plan_id]


@pytest.mark.parametrize(("language", "words"), [("en", "Let {who} die"), ("zh", "让{who}死")])
def test_whoever_is_to_die_dies_in_the_climax_and_is_not_met_again(language: Language, words: str) -> None:
    who = _name(language, "supporting")
    nodes = _obeyed(language, Remark(words.format(who=who))).outline.nodes
    place = max(index for index, node in enumerate(nodes) if node.function == "climax")

    assert who in nodes[place].characters
    assert any(sign in nodes[place].scene for sign in ("dies", "death", "死"))
    assert not any(who in node.scene for node in nodes[place + 1 :])


@pytest.mark.parametrize(
    ("language", "words", "sign"),
    [
        ("en", "It should have a happy ending", "happ"),
        ("en", "I want a tragic ending", "s"),
        ("zh", "希望是圆满的结局", "圆满"),
        ("zh", "要开放式结局", "开"),
    ],
)
def test_how_it_ends_is_said_in_the_last_scene(language: Language, words: str, sign: str) -> None:
    before, after = _plot(language).outline.nodes, _obeyed(language, Remark(words)).outline.nodes

    assert sign in after[-1].scene
    assert after[-1] != before[-1]
    assert after[:-1] == before[:-1]


@pytest.mark.parametrize(
    "directive", [ChangeTrait(None, "owlish"), ChangeAge(None, None, 71), Remark("The tar smells")]
)
def test_what_is_said_about_somebody_or_something_stands_in_a_scene(directive: Directive) -> None:
    words = {ChangeTrait: "owlish", ChangeAge: "71", Remark: "The tar smells"}[type(directive)]
    after = _obeyed("en", directive).outline.nodes

    assert sum(words in node.scene for node in after) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_longer_and_shorter_change_every_scene_accordingly(language: Language) -> None:
    before = _plot(language).outline.nodes
    longer = _obeyed(language, ChangeLength("longer")).outline.nodes
    shorter = _obeyed(language, ChangeLength("shorter")).outline.nodes

    for old, more, less in zip(before, longer, shorter, strict=True):
        assert len(less.scene) < len(old.scene) < len(more.scene)


@pytest.mark.parametrize(
    ("language", "feedback"), [("en", "a lame goose in chapter 3"), ("zh", "第3章要有一只瘸腿的鹅")]
)
def test_a_revision_obeys_the_last_feedback_only_and_quotes_it(language: Language, feedback: str) -> None:
    before, after = _plot(language), _revised(language, feedback)
    changed = [node for old, node in zip(before.outline.nodes, after.outline.nodes, strict=True) if old != node]

    assert feedback in after.understanding
    assert len(changed) == 1
    assert "earlier" not in changed[0].scene
    assert [plan.model_dump() for plan in after.candidates] == [plan.model_dump() for plan in before.candidates]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_proposal_obeys_all_that_was_said_before(language: Language) -> None:
    old = _name(language, "antagonist")
    rename = f"rename {old} to Grimm" if language == "en" else f"把{old}改名叫葛林"
    plot = propose_plot(
        _request(language).model_copy(update={"feedback": (rename,), "requirements": {"must": "Zeppelin"}})
    )
    scenes = "\n".join(node.scene for node in plot.outline.nodes)

    assert old not in scenes
    assert "Zeppelin" in scenes


@pytest.mark.parametrize(
    ("words", "is_wish"),
    [("Give me a plot, please.", False), ("请给我写一个大纲吧", False), ("Give the goose a bell", True)],
)
def test_an_order_for_a_plot_is_no_part_of_it(words: str, *, is_wish: bool) -> None:
    plot = propose_plot(_request("en").model_copy(update={"user_input": words}))

    assert any(words.strip(".") in node.scene for node in plot.outline.nodes) == is_wish
