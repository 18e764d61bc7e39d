"""The score of a proposal: its model's opinion, the rules, how new it is, how well it fits; weighted by step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, NamedTuple

from services.contexts.genesis.engine.concepts import ConsistencyIssue
from services.contexts.genesis.engine.quality.advice import ADVICE, CONFIRM
from services.contexts.genesis.engine.quality.consistency import consistency_score, find_issues
from services.contexts.genesis.engine.quality.measures import Check, mean, score_of
from services.contexts.genesis.engine.quality.novelty import novelty_of
from services.contexts.genesis.engine.quality.rules import rule_checks
from services.contexts.genesis.engine.quality.works import STAGE_OF, documents_of, text_of_work, work_of
from services.contexts.genesis.engine.scoring import has_converged
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.values.steps import Step

Part = Literal["model", "rules", "similarity", "consistency"]


class Gate(NamedTuple):
    """What a stage asks of a proposal; below it, the proposal is marked, never refused."""

    measured: Literal["total", "consistency"]
    least: float


def _weights(model: float = 0, rules: float = 0, similarity: float = 0, consistency: float = 0) -> dict[Part, float]:
    """Return the weights of a step: the usual ones, moved by so much."""
    return {
        "model": round(0.30 + model, 2),
        "rules": round(0.20 + rules, 2),
        "similarity": round(0.25 + similarity, 2),
        "consistency": round(0.25 + consistency, 2),
    }


# A network is of the same people as before it: like a cast, it is not asked to be new.
WEIGHTS: dict[Step, dict[Part, float]] = {
    Step.CONCEPT: _weights(model=0.10, consistency=-0.10),
    Step.THEME: _weights(similarity=0.15, rules=-0.15),
    Step.WORLD: _weights(consistency=0.20, model=-0.20),
    Step.CHARACTER: _weights(rules=0.15, consistency=0.10, similarity=-0.25),
    Step.NETWORK: _weights(rules=0.15, consistency=0.10, similarity=-0.25),
    Step.PLOT: _weights(rules=0.20, similarity=-0.20),
    Step.DETAILS: _weights(rules=0.30, model=-0.30),
}
GATES: dict[Step, Gate] = {
    Step.CONCEPT: Gate("total", 7.0),
    Step.THEME: Gate("total", 7.5),
    Step.WORLD: Gate("consistency", 8.0),
    Step.CHARACTER: Gate("total", 7.5),
    Step.NETWORK: Gate("total", 7.5),
    Step.PLOT: Gate("total", 7.0),
    Step.DETAILS: Gate("consistency", 9.0),
}
SUGGESTIONS_MAX = 4
_WEAK_BELOW = 0.6


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a proposal is, 0-10; `parts` are the four that make the score and, by their names, all checks."""

    score: float
    parts: dict[str, float]
    needs_optimization: bool
    suggestions: tuple[str, ...]


def assess(request: StageRequest, content: Mapping[str, Any], model_score: float | None) -> Quality:
    """Return the quality of a proposal, whatever shape its content has."""
    work = work_of(content)
    checks = rule_checks(request, work)
    documents = documents_of(request, work)
    found = [
        find_issues(STAGE_OF[request.step], one, request.confirmed, request.config, request.language)
        for one in documents
    ]
    parts: dict[Part, float] = {
        "rules": score_of(checks),
        "similarity": round(10 * novelty_of(request, work), 2),
        # Nothing contradicts where nothing is told; that is no merit.
        "consistency": round(mean(map(consistency_score, found)), 2) if content_tokens(text_of_work(work)) else 0.0,
    }
    parts = {"model": _opinion(model_score, parts, WEIGHTS[request.step]), **parts}
    score = _total(parts, WEIGHTS[request.step])
    gate = GATES[request.step]
    needs_optimization = (score if gate.measured == "total" else parts["consistency"]) < gate.least
    told: dict[str, float] = {check.name: round(10 * check.value, 2) for check in checks}
    told |= {str(part): value for part, value in parts.items()}
    issues = [issue for some in found for issue in some]
    suggestions = tuple(dict.fromkeys(_suggestions(request, score, parts, checks, issues)))[:SUGGESTIONS_MAX]
    return Quality(score, told, needs_optimization, suggestions)


def _opinion(model_score: float | None, others: Mapping[Part, float], weights: Mapping[Part, float]) -> float:
    """Return what the model thinks; one without an opinion is taken to agree with the rest."""
    if model_score is not None and isfinite(model_score):
        return min(max(float(model_score), 0.0), 10.0)
    weight = sum(weights[part] for part in others)
    return round(sum(weights[part] * value for part, value in others.items()) / weight, 2)


def _total(parts: Mapping[Part, float], weights: Mapping[Part, float]) -> float:
    return round(sum(weights[part] * value for part, value in parts.items()), 2)


def _suggestions(
    request: StageRequest,
    score: float,
    parts: Mapping[Part, float],
    checks: Sequence[Check],
    issues: Sequence[ConsistencyIssue],
) -> Iterator[str]:
    """Yield what to do next: confirm what has been good for long; mend what does not fit; raise what is weakest."""
    if has_converged((*request.round_totals, score)):
        yield CONFIRM[request.language]
    advice = ADVICE[request.language]
    yield from (issue.message for issue in issues if issue.level > 1)
    for check in sorted(checks, key=lambda check: check.weight * (check.value - 1)):
        if check.value < _WEAK_BELOW:
            yield advice[check.name]
    if parts["similarity"] < 10 * _WEAK_BELOW and WEIGHTS[request.step]["similarity"]:
        yield advice["similarity"]
