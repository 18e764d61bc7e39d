"""Scores of proposals: weighted by step, read from the content, with gates and advice."""

from typing import Any

import pytest

from services.contexts.genesis.engine.casts.proposing import propose_cast
from services.contexts.genesis.engine.quality.advice import ADVICE
from services.contexts.genesis.engine.quality.measures import mean
from services.contexts.genesis.engine.quality.rules import rule_checks
from services.contexts.genesis.engine.quality.scoring import WEIGHTS, Quality, assess
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, detect_language
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.quality_samples import Document, foundation

LANGUAGES: tuple[Language, ...] = ("en", "zh")
PARTS = ("model", "rules", "similarity", "consistency")


def asked(step: Step, language: Language, **more: Any) -> StageRequest:
    documents = foundation(language)
    confirmed = {name: documents[name] for name in ("INITIAL_PROMPT", "WORLDVIEW", "CHARACTERS")}
    return StageRequest(step=step, language=language, confirmed=confirmed, **more)


def cast_for(request: StageRequest) -> Document:
    return propose_cast(request).model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize(
    ("step", "weights"),
    [
        (Step.CONCEPT, (0.40, 0.20, 0.25, 0.15)),
        (Step.THEME, (0.30, 0.05, 0.40, 0.25)),
        (Step.WORLD, (0.10, 0.20, 0.25, 0.45)),
        (Step.CHARACTER, (0.30, 0.35, 0.0, 0.35)),
        (Step.PLOT, (0.30, 0.40, 0.05, 0.25)),
        (Step.DETAILS, (0.0, 0.50, 0.25, 0.25)),
    ],
)
def test_the_weights_of_a_step(step: Step, weights: tuple[float, ...]) -> None:
    assert tuple(WEIGHTS[step][part] for part in WEIGHTS[step]) == weights
    assert sum(weights) == pytest.approx(1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", list(Step))
def test_any_content_gets_a_score(step: Step, language: Language) -> None:
    everything = {key: value for document in foundation(language).values() for key, value in document.items()}
    for content in ({}, {"notes": [1, None, {"a": "b"}]}, {"characters": "x", "world": 3, "outline": []}, everything):
        quality = assess(asked(step, language), content, None)
        assert 0 <= quality.score <= 10
        assert set(PARTS) <= set(quality.parts)
        assert all(0 <= value <= 10 for value in quality.parts.values())
        assert all(detect_language(said) == language for said in quality.suggestions)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", list(Step))
def test_every_check_has_an_advice(step: Step, language: Language) -> None:
    request = asked(step, language, feedback=("no bells",))
    assert {check.name for check in rule_checks(request, {})} <= set(ADVICE[language])


@pytest.mark.parametrize("step", list(Step))
def test_nothing_is_worth_nothing(step: Step) -> None:
    quality = assess(asked(step, "en"), {"understanding": "Here is your work."}, None)
    assert quality.parts["consistency"] == 0
    assert quality.score < 2.5
    assert quality.needs_optimization


def test_the_score_is_the_weighted_sum_of_its_parts() -> None:
    request = asked(Step.CHARACTER, "en")
    quality = assess(request, cast_for(request), 6.0)
    weights = WEIGHTS[Step.CHARACTER]
    assert quality.parts["model"] == 6
    assert quality.score == pytest.approx(sum(weights[part] * quality.parts[part] for part in weights), abs=0.01)


def test_a_model_without_an_opinion_agrees_with_the_rest() -> None:
    request = asked(Step.WORLD, "en")
    quality = assess(request, {"world": foundation("en")["WORLDVIEW"]}, None)
    assert quality.score == pytest.approx(quality.parts["model"], abs=0.02)


@pytest.mark.parametrize(("given", "counted"), [(99.0, 10.0), (-3.0, 0.0)])
def test_an_opinion_beyond_the_scale_counts_as_its_end(given: float, counted: float) -> None:
    assert assess(asked(Step.PLOT, "en"), {}, given).parts["model"] == counted


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cast_of_the_built_in_author_passes_and_a_hollow_one_does_not(language: Language) -> None:
    request = asked(Step.CHARACTER, language)
    whole = assess(request, cast_for(request), None)
    hollow = assess(request, {"characters": [{"name": "A"}, {"name": "A"}]}, None)
    assert whole.score >= 8
    assert not whole.needs_optimization
    assert hollow.score < 6
    assert hollow.needs_optimization
    assert hollow.suggestions


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gate_of_a_world_is_its_consistency(language: Language) -> None:
    world = foundation(language)["WORLDVIEW"]
    request = asked(Step.WORLD, language, config={"special_requirements": ["no magic", "不要魔法"]})
    assert not assess(request, {"world": world}, 0.0).needs_optimization
    world["dimensions"]["culture"]["core_rule"] = "Magic is sold by the pound." if language == "en" else "魔法论斤卖。"
    world["entries"].append(world["entries"][0])
    spoilt = assess(request, {"world": world}, 10.0)
    assert spoilt.parts["consistency"] == 7.5
    assert spoilt.needs_optimization


@pytest.mark.parametrize(
    ("language", "wish", "shown", "unseen"),
    [
        ("en", "rename Grey Quay to Tallow Point", "Tallow Point sleeps.", "Grey Quay sleeps."),
        ("en", "no bells", "The pier is silent.", "The bells ring."),
        ("en", "add a drowned choir", "A drowned choir sings.", "Nobody sings."),
        ("zh", "把灰港改名叫蜡角", "蜡角睡着了。", "灰港睡着了。"),
        ("zh", "不要钟", "码头很静。", "钟声响了。"),
        ("zh", "加入一支沉船合唱队", "一支沉船合唱队在唱。", "没人在唱。"),
    ],
)
def test_what_was_wished_for_is_looked_for(language: Language, wish: str, shown: str, unseen: str) -> None:
    request = asked(Step.WORLD, language, feedback=(wish,), is_revision=True)

    def wishes(told: str) -> float:
        return assess(request, {"world": {"dimensions": {"culture": {"core_rule": told}}}}, None).parts["wishes"]

    assert (wishes(shown), wishes(unseen)) == (10, 0)


def test_ages_counts_and_traits_that_were_wished_for_are_looked_for() -> None:
    before = {"characters": [{"character_id": "c1", "name": "Ann", "role_type": "protagonist", "age": 30}]}
    after = {"characters": [{**before["characters"][0], "age": 17, "personality": {"traits": ["stubborn"]}}]}
    for wish, in_after in (
        ("make Ann 17 years old", True),
        ("make Ann older", False),
        ("make Ann more stubborn", True),
    ):
        request = asked(Step.CHARACTER, "en", feedback=(wish,), is_revision=True, newest=before)
        assert (assess(request, after, None).parts["wishes"] == 10) is in_after, wish


def test_requirements_are_looked_for_literally() -> None:
    request = asked(Step.CHARACTER, "en", requirements={"name": "Odo Finch", "role_type": "antagonist"})
    there = {"characters": [{"name": "Odo Finch", "role_type": "antagonist"}]}
    assert assess(request, there, None).parts["wishes"] == 10
    assert assess(request, {"characters": [{"name": "Ann"}]}, None).parts["wishes"] == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_shown_before_is_not_new_unless_it_is_revised(language: Language) -> None:
    world = {"world": foundation(language)["WORLDVIEW"]}
    assert assess(asked(Step.WORLD, language), world, None).parts["similarity"] == 10
    assert assess(asked(Step.WORLD, language, avoid=(world,)), world, None).parts["similarity"] == 0
    assert assess(asked(Step.WORLD, language, avoid=(world,), is_revision=True), world, None).parts["similarity"] == 10


@pytest.mark.parametrize(("language", "cliche"), [("en", "She is the chosen one."), ("zh", "她是天选之子。")])
def test_a_worn_phrase_costs_novelty(language: Language, cliche: str) -> None:
    world = foundation(language)["WORLDVIEW"]
    world["dimensions"]["culture"]["core_rule"] = cliche
    assert assess(asked(Step.WORLD, language), {"world": world}, None).parts["similarity"] == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_very_good_rounds_suggest_to_confirm(language: Language) -> None:
    def suggested(*before: float) -> Quality:
        request = asked(Step.CHARACTER, language)
        cast = cast_for(request)
        return assess(request.model_copy(update={"round_totals": before}), cast, 10.0)

    assert any("confirm" in said or "确认" in said for said in suggested(8.4, 8.6).suggestions)
    assert not any("confirm this" in said or "不妨确认" in said for said in suggested(8.4, 7.9).suggestions)


def test_earlier_scores_do_not_change_what_is_written() -> None:
    request = asked(Step.CHARACTER, "en")
    assert request.model_copy(update={"round_totals": (8.5,)}).seed == request.seed


def test_candidates_that_tell_the_same_are_not_new() -> None:
    theme = foundation("en")["INITIAL_PROMPT"]["theme"]
    quality = assess(asked(Step.THEME, "en"), {"candidates": [theme, theme]}, None)
    assert quality.parts["similarity"] == 0
    assert quality.needs_optimization


def test_an_outline_is_measured_by_its_scenes() -> None:
    outline = foundation("en")["PLOT_OUTLINE"]
    quality = assess(asked(Step.PLOT, "en"), outline, None)
    assert quality.parts["acts"] == 10
    assert quality.parts["nodes"] == 4
    assert quality.parts["motivation"] == 10
    assert quality.parts["quotes"] == 10
    assert quality.parts["functions"] == mean([8])
