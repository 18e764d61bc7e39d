"""What in a stage's settings does not fit, with itself or with what has been confirmed before it.

Each check knows one thing and is silent where it cannot know: a document may be of any shape. A severe issue keeps a
stage from being completed, so a check that guesses stays a hint. No material is
read: this also runs where decisions are made.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from services.contexts.genesis.engine.concepts import ConsistencyIssue
from services.contexts.genesis.engine.quality import (
    cast_checks,
    general_checks,
    issues,
    plot_checks,
    word_checks,
    world_checks,
)
from services.contexts.genesis.engine.quality.issues import Case, Finding
from services.contexts.genesis.engine.text import Language

Check = Callable[[Case], Iterator[Finding]]

_SAME_KIND_MAX = 5

_EVERYWHERE: tuple[Check, ...] = (
    general_checks.excluded_things,
    general_checks.things_out_of_time,
    general_checks.years_that_run_backwards,
)
_CHECKS: dict[str, tuple[Check, ...]] = {
    "INITIAL_PROMPT": (word_checks.theme_beside_the_concept,),
    "WORLDVIEW": (
        general_checks.power_where_none_is,
        world_checks.contradicting_rules,
        world_checks.contradicting_counts,
        world_checks.wrong_count_of_levels,
        world_checks.names_given_twice,
        world_checks.terms_explained_twice,
    ),
    "CHARACTERS": (
        cast_checks.ages_out_of_bounds,
        cast_checks.ages_told_otherwise,
        cast_checks.ages_not_reached_yet,
        cast_checks.counts_that_were_asked_for,
        cast_checks.names_shared,
        cast_checks.people_renamed_in_the_network,
        cast_checks.relations_to_nowhere,
        cast_checks.strengths_out_of_bounds,
        word_checks.terms_unknown,
    ),
    "PLOT_OUTLINE": (
        plot_checks.strangers,
        plot_checks.protagonists_missing,
        plot_checks.the_dead_who_return,
        plot_checks.unknown_places,
        plot_checks.acts_out_of_order,
        plot_checks.chapters_out_of_order,
        plot_checks.chapters_out_of_bounds,
        plot_checks.numbers_out_of_bounds,
        plot_checks.deeds_against_motivation,
        plot_checks.effects_without_cause,
        plot_checks.slack_chapters,
        word_checks.terms_unknown,
    ),
    "FINISHED": (
        word_checks.details_named_twice,
        word_checks.style_at_odds,
        world_checks.terms_explained_twice,
        word_checks.details_tied_to_nothing,
        word_checks.terms_unknown,
    ),
}


def find_issues(
    stage: str,
    document: Mapping[str, Any],
    confirmed: Mapping[str, Mapping[str, Any]],
    config: Mapping[str, Any],
    language: Language,
) -> tuple[ConsistencyIssue, ...]:
    """Return what does not fit, the worst first; of one kind no more than a reader wants to see."""
    earlier = {name: dict(found) for name, found in confirmed.items() if isinstance(found, Mapping)}
    case = Case(stage, dict(document), earlier, dict(config), language)
    checks = (*_EVERYWHERE, *_CHECKS.get(stage, ()))
    found = (finding for check in checks for finding in check(case))
    return tuple(sorted(_few_of_a_kind(found, language), key=lambda issue: -issue.level))


def consistency_score(found: Iterable[ConsistencyIssue]) -> float:
    """Return 10 less what the issues cost, not below 0."""
    return issues.consistency_score(found)


def _few_of_a_kind(found: Iterable[Finding], language: Language) -> Iterable[ConsistencyIssue]:
    """Tell the first of each kind; those that read the same count as one."""
    told: dict[ConsistencyIssue, None] = {}
    seen: Counter[str] = Counter()
    for finding in found:
        if seen[finding.kind] < _SAME_KIND_MAX and (issue := finding.told(language)) not in told:
            told[issue] = None
            seen[finding.kind] += 1
    return told
