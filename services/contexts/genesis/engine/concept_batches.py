"""Putting scored concepts together into the answer to a request, whoever wrote them."""

from collections.abc import Sequence
from statistics import fmean

from services.contexts.genesis.engine.concepts import (
    ConceptBatch,
    ConceptCandidate,
    ConceptDraft,
    ConceptRequest,
    ConceptUsage,
    ConsistencyIssue,
    language_of,
    seed_of,
)
from services.contexts.genesis.engine.scoring import (
    DIMENSIONS,
    GATE_TOTAL,
    HOOK_LENGTH,
    USP_LENGTH,
    consistency_issues,
    expectations_of,
    rate_concept,
    score_of,
)
from services.contexts.genesis.engine.scoring_words import MESSAGES
from services.contexts.genesis.engine.similarity import ALIKE_MAX, nearest
from services.contexts.genesis.engine.text import Language, length_of, shortened

# The weights of a proposal's score with the changes that hold for the concept step.
_QUALITY_WEIGHTS = {"model": 0.40, "rules": 0.20, "similarity": 0.25, "consistency": 0.15}


def rate_concepts(drafts: Sequence[ConceptDraft], request: ConceptRequest) -> tuple[ConceptCandidate, ...]:
    """Score the drafts of one batch against each other, the earlier candidates and what was asked."""
    expected, seed = expectations_of(request), seed_of(request)
    merged_from = tuple(source.concept_id for source in request.merge)
    shown = (*request.earlier, *request.merge)
    return tuple(
        rate_concept(
            draft,
            expected,
            others=(*drafts[:index], *drafts[index + 1 :], *shown),
            seed=f"{seed}/{index}",
            merged_from=merged_from,
        )
        for index, draft in enumerate(drafts)
    )


def assemble_batch(
    candidates: tuple[ConceptCandidate, ...],
    request: ConceptRequest,
    *,
    understanding: str,
    suggestions: tuple[str, ...],
    usage: ConceptUsage,
    model_score: float | None = None,
) -> ConceptBatch:
    """Return the batch with its quality. `model_score` (0-10) is its author's judgement, by default the totals."""
    quality = _quality(candidates, request, model_score)
    score = round(sum(weight * quality[name] for name, weight in _QUALITY_WEIGHTS.items()), 2)
    return ConceptBatch(
        understanding=understanding,
        candidates=candidates,
        suggestions=suggestions,
        quality_score=score,
        quality=quality,
        needs_optimization=score < GATE_TOTAL or any(candidate.needs_optimization for candidate in candidates),
        language=language_of(request),
        consistency=batch_issues(candidates, request),
        usage=usage,
    )


def batch_issues(candidates: Sequence[ConceptCandidate], request: ConceptRequest) -> tuple[ConsistencyIssue, ...]:
    """Return what does not fit in each candidate and, once per pair, candidates that are told too much alike."""
    expected = expectations_of(request)
    issues: list[ConsistencyIssue] = []
    for index, candidate in enumerate(candidates):
        issues += [
            issue.model_copy(update={"evidence": shortened(f"{candidate.title}: {issue.evidence}", 160)})
            for issue in consistency_issues(candidate, expected)
        ]
        if nearest(candidate, (*candidates[:index], *request.earlier)) >= ALIKE_MAX:
            message = MESSAGES[expected.language]["too_alike"]
            issues.append(
                ConsistencyIssue(level=2, type="too_alike", message=message, evidence=shortened(candidate.title, 80))
            )
    return tuple(issues)


def _quality(
    candidates: Sequence[ConceptCandidate], request: ConceptRequest, model_score: float | None
) -> dict[str, float]:
    """Return the four parts of the batch's score and the mean of each dimension, all 0-10."""
    language = language_of(request)
    means = {name: round(fmean(score_of(one.scores, name) for one in candidates), 2) for name in DIMENSIONS}
    judged = fmean(one.total for one in candidates) if model_score is None else model_score
    parts = {
        "model": round(judged, 2),
        "rules": round(fmean(_kept_targets(one, language) for one in candidates), 2),
        "similarity": means["novelty"],
        "consistency": means["consistency"],
    }
    return means | parts


def _kept_targets(candidate: ConceptCandidate, language: Language) -> float:
    """Return the share, 0-10, of the written targets that a candidate keeps: two lengths and six filled fields."""
    (hook_low, hook_high), (usp_low, usp_high) = HOOK_LENGTH[language], USP_LENGTH[language]
    kept = (
        hook_low <= length_of(candidate.hook, language) <= hook_high,
        usp_low <= length_of(candidate.usp, language) <= usp_high,
        bool(candidate.title.strip()),
        bool(candidate.premise.strip()),
        bool(candidate.target_audience.strip() and candidate.tone.strip() and candidate.estimated_length.strip()),
        bool(candidate.themes),
        len(candidate.unique_elements) > 1,
        len(candidate.potential_conflicts) > 1,
    )
    return 10 * sum(kept) / len(kept)
