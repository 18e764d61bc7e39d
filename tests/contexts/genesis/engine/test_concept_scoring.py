"""The scores: explained by the text, telling good from bad, never the same for all."""

import pytest

from services.contexts.genesis.engine.concepts import (
    ConceptDraft,
    ConceptPreferences,
    ConceptRequest,
    ConceptScores,
)
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.quality.consistency import consistency_score
from services.contexts.genesis.engine.scoring import (
    DIMENSIONS,
    Expectations,
    Verdict,
    consistency_issues,
    convergence_suggestion,
    has_converged,
    needs_optimization,
    rate_concept,
    score_of,
    total_of,
    verdict,
)

GOOD = ConceptDraft(
    title="The Inkwell Clause",
    premise=(
        "A court stenographer who has never told a lie and is never believed works in a mill town where every family "
        "keeps one secret for another. Then a widow offers three favours, no questions asked. The first is easy, the "
        "second is illegal, and the third concerns a confession nobody signed. Refusing would cost an innocent man his "
        "life; agreeing would ruin the only witness who ever trusted her."
    ),
    hook="Three favours, no questions asked, until the third one turns out to have a pulse.",
    usp=(
        "A mystery built like a contract: each part is headed by a clause, each clause is kept to the letter, and the "
        "reader sees the loophole one page before the heroine does and one page too late."
    ),
    genre="Mystery: archive mystery",
    target_audience="Mystery readers who like to be beaten fairly",
    themes=("desire and its small print", "guilt without a crime", "who gets to be believed"),
    tone="dry and observant",
    estimated_length="85,000 words",
    unique_elements=(
        "an inkwell that should have dried out years ago",
        "a contract whose clauses serve as chapter titles",
        "a tempter who warns fairly and is never believed",
    ),
    potential_conflicts=(
        "Keeping the bargain would ruin the person it was made for.",
        "The widow cannot break the contract either, and has begun to regret it.",
        "The coroner's court wants the deal made public as an example.",
    ),
)
BAD = ConceptDraft(
    title="Story",
    premise="A chosen one saves the world.",
    hook="It is good.",
    usp="Very exciting.",
    genre="Mystery",
    target_audience="",
    themes=("good",),
    tone="",
    estimated_length="",
    unique_elements=("magic", "magic"),
    potential_conflicts=(),
)
ENGLISH = Expectations(language="en")


def test_a_poor_concept_scores_lower_in_everything_a_concept_is_made_of() -> None:
    good, bad = rate_concept(GOOD, ENGLISH), rate_concept(BAD, ENGLISH)

    for name in DIMENSIONS:
        if name != "novelty":
            assert score_of(good.scores, name) > score_of(bad.scores, name), name
    assert good.total > 8
    assert bad.total < 6
    assert bad.needs_optimization
    assert not good.needs_optimization


def test_a_poor_chinese_concept_scores_lower_too() -> None:
    bad = BAD.model_copy(
        update={"title": "故事", "premise": "天选之子拯救世界。", "hook": "很好看。", "usp": "精彩。", "genre": "悬疑"}
    )
    good = propose_concepts(ConceptRequest(language="zh")).candidates[0]
    rated = rate_concept(bad, Expectations(language="zh"))

    assert rated.total + 2 < good.total
    assert rated.improvement_suggestions


def test_an_empty_concept_gets_next_to_nothing_and_breaks_nothing() -> None:
    fields = {name: () if "tuple" in str(field.annotation) else "" for name, field in ConceptDraft.model_fields.items()}
    rated = rate_concept(ConceptDraft.model_validate(fields), ENGLISH)

    assert rated.total < 2.5
    assert rated.scores.novelty == 0


def test_scores_of_a_batch_are_not_all_the_same() -> None:
    batches = [propose_concepts(ConceptRequest(language="en", iteration_number=number)) for number in range(20)]
    scores = [candidate.scores for batch in batches for candidate in batch.candidates]

    assert all(len({score_of(one, name) for one in scores}) >= 4 for name in DIMENSIONS if name != "consistency")


def test_novelty_is_the_distance_to_the_nearest_other() -> None:
    alone = rate_concept(GOOD, ENGLISH)
    beside_itself = rate_concept(GOOD, ENGLISH, others=[GOOD])
    beside_another = rate_concept(GOOD, ENGLISH, others=[BAD])

    assert alone.scores.novelty == 10
    assert beside_itself.scores.novelty == 0
    assert 5 < beside_another.scores.novelty <= 10


def test_turning_sentences_round_does_not_make_a_concept_new() -> None:
    first, _, rest = GOOD.premise.partition(". ")
    turned = GOOD.model_copy(update={"premise": f"{rest} {first}."})

    assert rate_concept(turned, ENGLISH, others=[GOOD]).scores.novelty < 2


def test_words_that_were_asked_for_do_not_make_concepts_alike() -> None:
    idea = "A lighthouse keeper who hears letters from the future and answers none of them"
    one = GOOD.model_copy(update={"premise": f"{idea}. {GOOD.premise}"})
    other = BAD.model_copy(update={"premise": f"{idea}. {BAD.premise}"})

    asked = rate_concept(one, Expectations(language="en", idea=idea), others=[other]).scores.novelty
    unasked = rate_concept(one, ENGLISH, others=[other]).scores.novelty
    assert asked > unasked


def test_taking_away_what_is_at_stake_lowers_the_strength() -> None:
    tame = GOOD.model_copy(
        update={"premise": "A court stenographer works in a mill town and enjoys the evenings there."}
    )

    assert rate_concept(tame, ENGLISH).scores.concept_strength < rate_concept(GOOD, ENGLISH).scores.concept_strength


def test_stock_phrases_lower_the_strength() -> None:
    worn = GOOD.model_copy(update={"premise": GOOD.premise + " Only the chosen one can fulfil the ancient prophecy."})

    assert rate_concept(worn, ENGLISH).scores.concept_strength < rate_concept(GOOD, ENGLISH).scores.concept_strength


def test_the_wrong_genre_lowers_the_genre_fit() -> None:
    renamed = GOOD.model_copy(update={"genre": "Science fiction"})

    assert rate_concept(renamed, ENGLISH).scores.genre_fit + 3 < rate_concept(GOOD, ENGLISH).scores.genre_fit


def test_ignoring_the_genre_asked_for_is_an_inconsistency() -> None:
    asked = Expectations(language="en", preferences=ConceptPreferences(genre="romance"))

    rated = rate_concept(GOOD, asked)
    assert [issue.type for issue in consistency_issues(GOOD, asked)] == ["genre_ignored"]
    assert rated.scores.consistency == 9.5
    assert rated.scores.genre_fit < rate_concept(GOOD, ENGLISH).scores.genre_fit


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"hook": "No."}, "hook_length"),
        ({"usp": "word " * 90}, "usp_length"),
        ({"title": "Xylophone"}, "title_unearned"),
        ({"unique_elements": ("a clock", "a clock")}, "repetition"),
        ({"hook": "三个人情不问缘由，第三个却是活的", "usp": "一份契约" * 15}, "language"),
        (
            {
                "genre": "Historical fiction",
                "hook": "The widow reads his smartphone and says nothing at all to anyone.",
            },
            "out_of_time",
        ),
    ],
)
def test_what_does_not_fit_is_found(change: dict[str, object], kind: str) -> None:
    issues = consistency_issues(GOOD.model_copy(update=change), ENGLISH)

    assert kind in {issue.type for issue in issues}
    assert all(issue.message and issue.evidence for issue in issues)


def test_a_forgotten_idea_is_found_and_a_paraphrased_one_is_not() -> None:
    forgotten = Expectations(language="en", idea="A whale that teaches algebra to sailors")
    paraphrased = Expectations(
        language="en", idea="a stenographer in a mill town who never lies, and a widow's three favours"
    )

    assert "idea_missing" in {issue.type for issue in consistency_issues(GOOD, forgotten)}
    assert not consistency_issues(GOOD, paraphrased)


def test_consistency_loses_by_level() -> None:
    two = consistency_issues(BAD, Expectations(language="en", idea="A whale that teaches algebra to sailors"))

    assert consistency_score(()) == 10
    assert consistency_score(two) == pytest.approx(10 - sum({1: 0.2, 2: 0.5}[issue.level] for issue in two))


def test_the_total_is_weighted_and_the_weights_are_whole() -> None:
    scores = ConceptScores(concept_strength=8, novelty=6, genre_fit=10, extensibility=5, consistency=9)

    assert sum(rule.weight for rule in DIMENSIONS.values()) == pytest.approx(1)
    assert total_of(scores) == pytest.approx(0.25 * 8 + 0.25 * 6 + 0.2 * 10 + 0.2 * 5 + 0.1 * 9)


@pytest.mark.parametrize("weak", list(DIMENSIONS))
def test_one_score_below_six_needs_optimization(weak: str) -> None:
    even = dict.fromkeys(DIMENSIONS, 6.0)

    assert not needs_optimization(ConceptScores.model_validate(even))
    assert needs_optimization(ConceptScores.model_validate(even | {weak: 5.9}))


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (8.0, "propose"),
        (7.9, "propose_with_suggestions"),
        (6.0, "propose_with_suggestions"),
        (5.9, "revise"),
        (3.9, "regenerate"),
    ],
)
def test_the_verdict_follows_the_thresholds(score: float, expected: Verdict) -> None:
    assert verdict(score) == expected


def test_three_rounds_in_a_row_above_eight_have_converged() -> None:
    assert has_converged((2.0, 8.1, 8.5, 9.0))
    assert not has_converged((8.1, 8.5))
    assert not has_converged((8.1, 8.0, 8.5))
    assert not has_converged((9.0, 9.0, 9.0, 7.0))


def test_convergence_is_said_in_the_language_and_with_the_title() -> None:
    assert "《灯》" in (convergence_suggestion((9, 9, 9), "灯", "zh") or "")
    assert "Lamp" in (convergence_suggestion((9, 9, 9), "Lamp", "en") or "")
    assert convergence_suggestion((9, 7, 9), "Lamp", "en") is None


def test_advice_names_the_weak_point_in_the_right_language() -> None:
    flat = GOOD.model_copy(update={"unique_elements": (), "potential_conflicts": ()})
    english = rate_concept(flat, ENGLISH).improvement_suggestions
    chinese = rate_concept(BAD, Expectations(language="zh")).improvement_suggestions

    assert any("elements" in advice or "conflicts" in advice for advice in english)
    assert chinese
    assert all("\u4e00" <= advice[0] <= "\u9fff" for advice in chinese)


def test_a_person_can_score_an_edited_concept_with_the_same_rules() -> None:
    candidate = propose_concepts(ConceptRequest(language="en")).candidates[0]
    spoiled = candidate.model_copy(update={"premise": "Things happen.", "hook": "Things happen to people."})

    assert rate_concept(spoiled, ENGLISH).total < rate_concept(candidate, ENGLISH).total
