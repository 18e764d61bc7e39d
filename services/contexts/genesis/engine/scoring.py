"""Scores of a concept by rules that can be explained: each is a weighted sum of measures of the text itself.

Five dimensions of 0-10. Nothing here knows who wrote the concept: the built-in author, a language model and a person
editing by hand are measured alike. A measure is 0-1, has a name and, in each language, an advice how to raise it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import regex

from services.contexts.genesis.engine.concepts import (
    ConceptCandidate,
    ConceptDraft,
    ConceptPreferences,
    ConceptRequest,
    ConceptScores,
    ConsistencyIssue,
    concept_id_of,
    language_of,
)
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.quality.issues import consistency_score
from services.contexts.genesis.engine.scoring_words import (
    ADVICE,
    CLICHES,
    GENERIC_TITLES,
    MESSAGES,
    MODERN_WORDS,
    OPEN_WORDS,
    PREMODERN_GENRES,
    STAKE_WORDS,
    TURN_WORDS,
)
from services.contexts.genesis.engine.similarity import content_tokens, nearest, similarity, text_of
from services.contexts.genesis.engine.sparks import quoted_words
from services.contexts.genesis.engine.text import Language, detect_language, length_of, shortened, words

Dimension = Literal["concept_strength", "novelty", "genre_fit", "extensibility", "consistency"]
Verdict = Literal["propose", "propose_with_suggestions", "revise", "regenerate"]


class Rule(NamedTuple):
    """How much a dimension counts in the total, and the score from which it passes."""

    weight: float
    pass_mark: float


DIMENSIONS: dict[Dimension, Rule] = {
    "concept_strength": Rule(0.25, 6),
    "novelty": Rule(0.25, 7),
    "genre_fit": Rule(0.20, 7),
    "extensibility": Rule(0.20, 6),
    "consistency": Rule(0.10, 8),
}
OPTIMIZE_BELOW = 6.0
PROPOSE_FROM, SUGGEST_FROM, REVISE_FROM, FAIL_BELOW = 8.0, 6.0, 4.0, 2.0
GATE_TOTAL = 7.0
FIRST_TEMPERATURE = 0.8
REGENERATIONS = ((0.9, 5), (0.7, 15), (0.5, 30))
"""How warm what was bad is written anew, and after how many seconds."""
CONVERGED_ABOVE, CONVERGED_ROUNDS = 8.0, 3
HOOK_LENGTH: dict[Language, tuple[int, int]] = {"zh": (15, 30), "en": (8, 20)}
USP_LENGTH: dict[Language, tuple[int, int]] = {"zh": (50, 100), "en": (20, 50)}
WISH_EXCERPT_MAX = 120
"""As many characters of a wish are repeated literally in a concept."""

_PREMISE_TOKENS: dict[Language, int] = {"zh": 70, "en": 40}
_DETAIL_TOKENS: dict[Language, int] = {"zh": 70, "en": 40}
_DIVERSITY: dict[Language, tuple[float, float]] = {"zh": (0.35, 0.8), "en": (0.5, 0.95)}


class Measure(NamedTuple):
    """One explainable part of a score: `value` 0-1, `weight` its share of the dimension."""

    name: str
    weight: float
    value: float


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a concept is held against: the language, the idea it must contain, the wishes it must show."""

    language: Language
    idea: str = ""
    preferences: ConceptPreferences = field(default_factory=ConceptPreferences)
    wishes: tuple[str, ...] = ()


def expectations_of(request: ConceptRequest) -> Expectations:
    """Return what the answer to a request is held against."""
    return Expectations(
        language=language_of(request),
        idea=request.idea or "",
        preferences=request.preferences,
        wishes=(*request.requirements, *request.feedback),
    )


def given_words(expected: Expectations) -> tuple[str, ...]:
    """Return what a person asked to have in every concept, and which therefore says nothing about how new one is."""
    quoted = (quoted_words(expected.idea), *(shortened(wish, WISH_EXCERPT_MAX) for wish in expected.wishes))
    return tuple(words_given for words_given in quoted if words_given)


def rate_concept(
    draft: ConceptDraft,
    expected: Expectations,
    *,
    others: Iterable[ConceptDraft] = (),
    seed: str = "",
    merged_from: tuple[str, ...] = (),
) -> ConceptCandidate:
    """Score a draft. `others` are its siblings and all earlier candidates, without the draft itself."""
    issues = consistency_issues(draft, expected)
    likeness = nearest(draft, others, given=given_words(expected))
    scores = ConceptScores(
        concept_strength=_score(strength_measures(draft, expected.language)),
        novelty=round(10 * (1 - likeness), 1) if content_tokens(text_of(draft)) else 0.0,
        genre_fit=_score(genre_measures(draft, expected)),
        extensibility=_score(extension_measures(draft, expected.language)),
        consistency=consistency_score(issues),
    )
    return ConceptCandidate(
        **draft.model_dump(include=set(ConceptDraft.model_fields)),
        concept_id=concept_id_of(draft, seed),
        scores=scores,
        total=total_of(scores),
        needs_optimization=needs_optimization(scores),
        improvement_suggestions=improvement_suggestions(draft, expected, scores, issues),
        merged_from=merged_from,
    )


def total_of(scores: ConceptScores) -> float:
    """Return the weighted total, 0-10."""
    return round(sum(rule.weight * score_of(scores, name) for name, rule in DIMENSIONS.items()), 2)


def score_of(scores: ConceptScores, name: Dimension) -> float:
    """Return one of the five scores by its name."""
    score: float = getattr(scores, name)
    return score


def needs_optimization(scores: ConceptScores) -> bool:
    """Tell whether any dimension is too weak to leave as it is."""
    return any(score_of(scores, name) < OPTIMIZE_BELOW for name in DIMENSIONS)


def verdict(score: float) -> Verdict:
    """Say what is to be done with a proposal of this score (0-10)."""
    if score >= PROPOSE_FROM:
        return "propose"
    if score >= SUGGEST_FROM:
        return "propose_with_suggestions"
    return "revise" if score >= REVISE_FROM else "regenerate"


def has_converged(round_totals: Sequence[float]) -> bool:
    """Tell whether the last three rounds were all so good that it is time to confirm."""
    last = round_totals[-CONVERGED_ROUNDS:]
    return len(last) == CONVERGED_ROUNDS and all(total > CONVERGED_ABOVE for total in last)


def convergence_suggestion(round_totals: Sequence[float], title: str, language: Language) -> str | None:
    """Return the suggestion to confirm, once three rounds in a row were very good."""
    return MESSAGES[language]["confirm"].format(title=title) if has_converged(round_totals) else None


def improvement_suggestions(
    draft: ConceptDraft, expected: Expectations, scores: ConceptScores, issues: Sequence[ConsistencyIssue]
) -> tuple[str, ...]:
    """Return up to four advices: for each dimension below its pass mark, and the weakest point of a middling total."""
    advice = ADVICE[expected.language]
    measures: dict[Dimension, list[Measure]] = {
        "concept_strength": strength_measures(draft, expected.language),
        "genre_fit": genre_measures(draft, expected),
        "extensibility": extension_measures(draft, expected.language),
    }
    below = [name for name, rule in DIMENSIONS.items() if score_of(scores, name) < rule.pass_mark]
    if not below and total_of(scores) < PROPOSE_FROM:
        below = [min(DIMENSIONS, key=lambda name: score_of(scores, name) - DIMENSIONS[name].pass_mark)]
    found = [advice[_weakest(measures[name])] if name in measures else advice[name] for name in below]
    found += [issue.message for issue in issues if issue.level > 1 or issue.type.endswith("_length")]
    return tuple(dict.fromkeys(found))[:4]


# --- The three dimensions that are measured on the text ------------------------------------------------------------


def strength_measures(draft: ConceptDraft, language: Language) -> list[Measure]:
    """How much the concept promises: a turn, something at stake, a hook that pulls, substance, freshness, a title."""
    told = f"{draft.premise}\n{draft.hook}"
    pulls = "?" in draft.hook or "？" in draft.hook or _count(draft.hook, TURN_WORDS[language])
    pull = 1.0 if pulls or _count(draft.hook, STAKE_WORDS[language]) else 0.6
    tokens = content_tokens(draft.premise)
    return [
        Measure("turn", 0.20, _share(_count(told, TURN_WORDS[language]), 3)),
        Measure("stakes", 0.20, _share(_count(f"{told}\n{draft.usp}", STAKE_WORDS[language]), 4)),
        Measure("hook", 0.20, _closeness(length_of(draft.hook, language), *HOOK_LENGTH[language]) * pull),
        Measure("fullness", 0.15, _share(len(tokens), _PREMISE_TOKENS[language])),
        Measure("freshness", 0.15, _freshness(told, language)),
        Measure("title", 0.10, _title_value(draft.title, language)),
    ]


def genre_measures(draft: ConceptDraft, expected: Expectations) -> list[Measure]:
    """How well the concept keeps the promise of its genre: its signs in the story, its name, its audience, the wish."""
    named = genres_named(draft.genre, material_for(expected.language))
    signs = [marker for genre in named.genres for marker in genre.markers] or _own_words(draft.genre)
    story = text_of(draft)
    wished = expected.preferences.genre
    return [
        Measure("signs", 0.60, _diminishing(_different(story, signs), half=1.5 if named.genres else 0.5)),
        Measure("named", 0.15, (1.0 if named.genres else 0.7) if draft.genre.strip() else 0.0),
        Measure("wish", 0.15, 1.0 if not wished or _shows_genre(draft, wished, expected.language) else 0.0),
        Measure("audience", 0.10, (bool(draft.target_audience.strip()) + bool(draft.tone.strip())) / 2),
    ]


def extension_measures(draft: ConceptDraft, language: Language) -> list[Measure]:
    """How far the concept can be carried: different elements, different conflicts, themes, and room left open."""
    details = "\n".join((*draft.unique_elements, *draft.potential_conflicts))
    open_room = _share(_count(f"{draft.premise}\n{draft.usp}\n{details}", OPEN_WORDS[language]), 3)
    return [
        Measure("elements", 0.25, _share(_distinct_items(draft.unique_elements), 4)),
        Measure("conflicts", 0.25, _share(_distinct_items(draft.potential_conflicts), 4)),
        Measure("themes", 0.15, _share(_distinct_items(draft.themes), 3)),
        Measure("detail", 0.20, _share(len(set(content_tokens(details))), _DETAIL_TOKENS[language])),
        Measure("openness", 0.15, open_room),
    ]


# --- Consistency: ten minus what does not fit ----------------------------------------------------------------------


def consistency_issues(draft: ConceptDraft, expected: Expectations) -> tuple[ConsistencyIssue, ...]:
    """Find what does not fit within the concept or with what was asked."""
    found = [*_length_issues(draft, expected.language), *_inner_issues(draft, expected), *_wish_issues(draft, expected)]
    return tuple(found)


def _length_issues(draft: ConceptDraft, language: Language) -> list[ConsistencyIssue]:
    """Lengths are targets: only a miss by more than half is worth a word."""
    checks = (("hook_length", draft.hook, HOOK_LENGTH[language]), ("usp_length", draft.usp, USP_LENGTH[language]))
    return [
        _issue(1, kind, language, evidence=text, low=low, high=high)
        for kind, text, (low, high) in checks
        if not low / 2 <= length_of(text, language) <= high * 1.5
    ]


def _inner_issues(draft: ConceptDraft, expected: Expectations) -> list[ConsistencyIssue]:
    language = expected.language
    issues: list[ConsistencyIssue] = []
    ours = "\n".join((draft.hook, draft.usp, *draft.potential_conflicts))
    if content_tokens(ours) and detect_language(ours) != language:
        issues.append(_issue(1, "language", language, evidence=draft.hook))
    body = "\n".join((draft.premise, draft.hook, draft.usp, *draft.unique_elements, *draft.potential_conflicts))
    if not set(content_tokens(draft.title)) & set(content_tokens(body)):
        issues.append(_issue(1, "title_unearned", language, evidence=draft.title))
    repeated = [text for text in draft.unique_elements if draft.unique_elements.count(text) > 1]
    if repeated:
        issues.append(_issue(1, "repetition", language, evidence=repeated[0]))
    return issues + _time_issues(draft, expected, body)


def _time_issues(draft: ConceptDraft, expected: Expectations, body: str) -> list[ConsistencyIssue]:
    """Find modern things in a story set before them, unless the person brought them there."""
    named = genres_named(draft.genre, material_for(expected.language)).genres
    if len(named) != 1 or named[0].key not in PREMODERN_GENRES:
        return []
    brought = f"{expected.idea}\n{' '.join(expected.wishes)}".casefold()
    modern = [word for word in MODERN_WORDS if _holds(body.casefold(), word) and not _holds(brought, word)]
    return [_issue(2, "out_of_time", expected.language, evidence=modern[0])] if modern else []


def _wish_issues(draft: ConceptDraft, expected: Expectations) -> list[ConsistencyIssue]:
    language = expected.language
    everything = f"{text_of(draft)}\n{draft.genre}\n{draft.tone}\n{' '.join(draft.themes)}"
    issues: list[ConsistencyIssue] = []
    if expected.idea.strip() and not _shows(quoted_words(expected.idea), everything, share=0.5):
        issues.append(_issue(2, "idea_missing", language, evidence=quoted_words(expected.idea)))
    if expected.preferences.genre and not _shows_genre(draft, expected.preferences.genre, language):
        issues.append(_issue(2, "genre_ignored", language, evidence=draft.genre))
    issues += [
        _issue(1, "wish_unseen", language, evidence=wish)
        for wish in expected.wishes
        if not _shows(wish, everything, share=0.3)
    ]
    return issues


def _issue(
    level: Literal[1, 2, 3, 4], kind: str, language: Language, *, evidence: str, **values: int
) -> ConsistencyIssue:
    message = MESSAGES[language][kind].format(**values)
    return ConsistencyIssue(level=level, type=kind, message=message, evidence=shortened(evidence, 120))


def _shows(wanted: str, text: str, *, share: float) -> bool:
    """Tell whether a text holds the words literally, or at least this share of those that carry meaning."""
    if wanted.strip() in text:
        return True
    tokens = set(content_tokens(wanted))
    return bool(tokens) and len(tokens & set(content_tokens(text))) >= share * len(tokens)


def _shows_genre(draft: ConceptDraft, wished: str, language: Language) -> bool:
    if shortened(wished, 80).casefold() in draft.genre.casefold():
        return True
    material = material_for(language)
    asked = {genre.key for genre in genres_named(wished, material).genres}
    return bool(asked & {genre.key for genre in genres_named(draft.genre, material).genres})


# --- Small measures ------------------------------------------------------------------------------------------------


def _score(measures: Iterable[Measure]) -> float:
    return round(10 * sum(measure.weight * measure.value for measure in measures), 1)


def _weakest(measures: Sequence[Measure]) -> str:
    """Return the measure that costs the most points."""
    return max(measures, key=lambda measure: measure.weight * (1 - measure.value)).name


def _share(count: float, enough: float) -> float:
    return min(1.0, count / enough)


def _diminishing(count: float, *, half: float) -> float:
    """Return 0 for none, half the way to 1 at `half`, three quarters at twice that: each more adds less."""
    return 1 - math.exp2(-count / half)


def _closeness(length: int, low: int, high: int) -> float:
    """Return 1 within the bounds, falling to 0 at nothing below and at twice the upper bound above."""
    if length < low:
        return length / low
    return max(0.0, 1 - (length - high) / high) if length > high else 1.0


def _count(text: str, signs: regex.Pattern[str]) -> int:
    return len(signs.findall(text))


def _different(text: str, signs: Iterable[str]) -> int:
    lowered = text.casefold()
    return sum(_holds(lowered, sign) for sign in set(signs))


def _holds(lowered: str, sign: str) -> bool:
    """Tell whether a text holds a word: as a word of its own in Latin script, anywhere in Chinese."""
    if not sign.isascii():
        return sign in lowered
    return bool(regex.search(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(sign)}(?![\p{{L}}\p{{N}}])", lowered))


def _own_words(genre: str) -> list[str]:
    return [genre.strip().casefold(), *(word for word in words(genre) if len(word) > 3)] if genre.strip() else []


def _freshness(text: str, language: Language) -> float:
    """Return how varied the words are, less what is lost to stock phrases."""
    tokens = content_tokens(text)
    if not tokens:
        return 0.0
    low, high = _DIVERSITY[language]
    variety = (len(set(tokens)) / len(tokens) - low) / (high - low)
    # A few words are always varied; short texts have not shown it yet.
    shown = _share(len(tokens), _PREMISE_TOKENS[language] / 2)
    return max(0.0, min(1.0, variety) * shown - 0.35 * _count(text, CLICHES[language]))


def _title_value(title: str, language: Language) -> float:
    bare = title.strip()
    if not bare or bare.casefold() in GENERIC_TITLES:
        return 0.0
    low, high = (2, 16) if language == "zh" else (2, 9)
    return _closeness(length_of(bare, language), low, high)


def _distinct_items(items: Sequence[str]) -> int:
    """Count the items that say something and do not say it again."""
    kept: list[str] = []
    for item in items:
        if len(content_tokens(item)) >= 2 and all(similarity(item, other) < 0.6 for other in kept):
            kept.append(item)
    return len(kept)
