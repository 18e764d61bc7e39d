"""The built-in author of concepts: no network, no clock, no luck. Equal requests get equal answers.

It casts a kind of story against a dramatic situation, writes several versions of each candidate and keeps the one least
like anything shown before. What it writes is scored by the same rules as the work of any other author.
"""

from collections.abc import Iterator, Sequence

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concept_batches import assemble_batch, rate_concepts
from services.contexts.genesis.engine.concept_fusion import write_fusion
from services.contexts.genesis.engine.concept_writing import Brief, Casting, brief_of, write_concept
from services.contexts.genesis.engine.concepts import (
    ConceptBatch,
    ConceptCandidate,
    ConceptDraft,
    ConceptRequest,
    ConceptUsage,
)
from services.contexts.genesis.engine.library import genres_named
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.scoring import (
    DIMENSIONS,
    Dimension,
    convergence_suggestion,
    expectations_of,
    rate_concept,
    score_of,
)
from services.contexts.genesis.engine.scoring_words import DIMENSION_NAMES
from services.contexts.genesis.engine.similarity import nearest
from services.contexts.genesis.engine.text import estimate_tokens, isolated, shortened
from services.contexts.genesis.engine.voice import render

PROVIDER = "offline"
MODEL_VERSION = "offline-concepts-1"
UNDERSTANDING_LENGTH = (100, 200)

# A new concept may be this much like an earlier one; the longer the search, the more it puts up with, still below 0.7.
_NEW_ENOUGH, _PATIENCE = 0.45, 0.0035
_VERSIONS_MAX = 48
# Further versions of a draft go through all situations and genres: seven has no factor in common with their numbers.
_STRIDE = 7


def propose_concepts(request: ConceptRequest) -> ConceptBatch:
    """Return `candidate_count` concepts for the request, scored, with what was understood and what to do next.

    With `merge` every candidate is a fusion of all its sources, each in another way.
    """
    brief = brief_of(request)
    choices = brief.choices
    candidates = rate_concepts(_drafts(brief, request), request)
    understanding = _understanding(brief, request, candidates, choices)
    suggestions = _suggestions(brief, request, candidates, choices)
    return assemble_batch(
        candidates,
        request,
        understanding=understanding,
        suggestions=suggestions,
        usage=_usage(request, candidates, understanding, suggestions),
    )


# --- Candidates ----------------------------------------------------------------------------------------------------


def _drafts(brief: Brief, request: ConceptRequest) -> list[ConceptDraft]:
    """Write one draft after the other, each unlike those before it."""
    drafts: list[ConceptDraft] = []
    castings: list[Casting] = []
    shown = (*request.earlier, *request.merge)
    for seat in range(request.candidate_count):
        casting, draft = _newest(brief, request, _castings(brief, request, seat, castings), (*drafts, *shown))
        castings.append(casting)
        drafts.append(draft)
    return drafts


def _newest(
    brief: Brief,
    request: ConceptRequest,
    castings: Iterator[tuple[Casting, Choices]],
    shown: Sequence[ConceptDraft],
) -> tuple[Casting, ConceptDraft]:
    """Return the first version that is new and strong enough, else one that is new, else the newest of all."""
    titles = {other.title.casefold() for other in shown}
    expected = expectations_of(request)
    versions: list[tuple[tuple[bool, bool, float], Casting, ConceptDraft]] = []
    for tries, (casting, choices) in enumerate(castings):
        draft = _write(brief, request, casting, choices)
        likeness = nearest(draft, shown) + (draft.title.casefold() in titles)
        is_old = likeness >= _NEW_ENOUGH + tries * _PATIENCE
        is_weak = rate_concept(draft, expected).needs_optimization
        if not is_old and not is_weak:
            return casting, draft
        versions.append(((is_old, is_weak and not is_old, likeness), casting, draft))
    _, casting, draft = min(versions, key=lambda version: version[0])
    return casting, draft


def _write(brief: Brief, request: ConceptRequest, casting: Casting, choices: Choices) -> ConceptDraft:
    if request.merge:
        return write_fusion(brief, casting, choices, request.merge)
    return write_concept(brief, casting, choices)


def _castings(
    brief: Brief, request: ConceptRequest, seat: int, taken: Sequence[Casting]
) -> Iterator[tuple[Casting, Choices]]:
    """Cast the draft of a seat again and again, each time with choices of its own.

    No two drafts of a batch share a situation, nor a genre where there are enough to go round.
    """
    genres = _genres(brief, request)
    situations = brief.choices.ordered("situations", brief.material.situations)
    used = {casting.situation.key for casting in taken}
    used_genres = {casting.genre.key for casting in taken} if len(genres) >= request.candidate_count else set[str]()
    for version in range(_VERSIONS_MAX):
        turn = seat + version * _STRIDE
        genre, situation = genres[turn % len(genres)], situations[turn % len(situations)]
        if situation.key in used or genre.key in used_genres:
            continue
        choices = brief.choices.under(seat, version)
        subtypes = brief.choices.ordered(f"subtypes/{genre.key}", genre.subtypes)
        yield (
            Casting(
                seat=seat,
                genre=genre,
                situation=situation,
                other=_colliding(brief, request, choices, genre),
                subtype=brief.named.subtype or subtypes[seat % len(subtypes)],
            ),
            choices,
        )


def _genres(brief: Brief, request: ConceptRequest) -> list[Genre]:
    """Return the genres to draw from: the one asked for, else those merged, else all, nearest to the idea first."""
    if brief.named.genres:
        return [brief.named.genres[0]]
    merged = {
        genre.key: genre for source in request.merge for genre in genres_named(source.genre, brief.material).genres
    }
    if merged:
        return list(merged.values())
    genres = brief.choices.ordered("genres", brief.material.genres)
    said = brief.spark.words.casefold() if brief.spark else ""
    return sorted(genres, key=lambda genre: -sum(len(marker) > 1 and marker in said for marker in genre.markers) // 2)


def _colliding(brief: Brief, request: ConceptRequest, own: Choices, genre: Genre) -> Genre | None:
    """Return a second genre that breaks in: the second one asked for, or now and then, the hotter the oftener."""
    if len(brief.named.genres) > 1:
        return brief.named.genres[1]
    if brief.wished_genre or request.merge or own.fraction("collide") >= 0.15 + 0.2 * min(request.temperature, 1.5):
        return None
    return own.one("other", [other for other in brief.material.genres if other.key != genre.key])


# --- What is said about them ---------------------------------------------------------------------------------------


def _understanding(
    brief: Brief, request: ConceptRequest, candidates: Sequence[ConceptCandidate], choices: Choices
) -> str:
    """Return what was understood, in 100-200 characters, quoting the idea and the newest wish as far as they fit."""
    phrases = brief.material.phrases
    ends = request.merge or candidates
    slots = dict(zip(("first", "last"), _labels(brief, request, ends), strict=True))
    if request.merge:
        templates = phrases.understanding_merge
    else:
        templates = phrases.understanding_idea if brief.spark else phrases.understanding_invented
    parts: list[str] = []
    template = choices.one("understanding", templates)
    low, high = UNDERSTANDING_LENGTH
    for room in (60, 40, 24, 12):
        quoted = {"idea": isolated(shortened(brief.spark.words, room))} if brief.spark else {}
        parts = [
            render(template, {name: shortened(text, room) for name, text in slots.items()} | quoted, brief.language)
        ]
        if brief.wishes:
            wish = isolated(shortened(brief.wishes[-1], room))
            parts.append(render(phrases.understanding_wish, {"wish": wish}, brief.language))
        if len(_joined(brief, parts)) <= high:
            break
    for filler in choices.ordered("fillers", phrases.understanding_fillers):
        if len(_joined(brief, parts)) < low:
            parts.append(filler)
    return shortened(_joined(brief, parts), high)


def _joined(brief: Brief, parts: Sequence[str]) -> str:
    return ("" if brief.language == "zh" else " ").join(parts)


def _labels(brief: Brief, request: ConceptRequest, candidates: Sequence[ConceptCandidate]) -> tuple[str, str]:
    """Return what to call the first and the last: titles of merged sources, kinds of story of new candidates."""
    first, last = candidates[0], candidates[-1]
    if request.merge:
        return first.title, last.title
    mark = "·" if brief.language == "zh" else ": "
    kinds = first.genre.rpartition(mark)[2].lower(), last.genre.rpartition(mark)[2].lower()
    if kinds[0] != kinds[1]:
        return kinds
    title = "《{}》" if brief.language == "zh" else "\u201c{}\u201d"
    return title.format(first.title), title.format(last.title)


def _suggestions(
    brief: Brief, request: ConceptRequest, candidates: Sequence[ConceptCandidate], choices: Choices
) -> tuple[str, ...]:
    """Return three suggestions: to confirm if the rounds have converged, one on the strengths, others by turns."""
    phrases, language = brief.material.phrases, brief.language
    ranked = sorted(candidates, key=lambda candidate: -candidate.total)
    best, second = ranked[0], ranked[1]
    names = DIMENSION_NAMES[language]
    strength = _strength(best, second)
    slots = {
        "one": best.title,
        "two": second.title,
        "strength_one": names[strength],
        "strength_two": names[_strength(second, best, besides=strength)],
    }
    confirm = convergence_suggestion((*request.round_totals, best.total), best.title, language)
    weak = [
        render(
            phrases.suggestion_weak,
            {"title": candidate.title, "advice": candidate.improvement_suggestions[0]},
            language,
        )
        for candidate in ranked[:1:-1]
        if candidate.improvement_suggestions
    ]
    others = [render(template, slots, language) for template in choices.ordered("suggestions", phrases.suggestions)]
    found = [confirm, render(phrases.suggestion_merge, slots, language), *weak[:1], *others]
    return tuple(dict.fromkeys(text for text in found if text))[:3]


def _strength(one: ConceptCandidate, other: ConceptCandidate, besides: Dimension | None = None) -> Dimension:
    """Return the dimension in which a candidate is furthest ahead of another, or least behind."""
    names = [name for name in DIMENSIONS if name != besides]
    return max(names, key=lambda name: score_of(one.scores, name) - score_of(other.scores, name))


def _usage(
    request: ConceptRequest, candidates: Sequence[ConceptCandidate], understanding: str, suggestions: Sequence[str]
) -> ConceptUsage:
    """Estimate what was read (the request) and written (the candidates and what is said about them)."""
    written = "\n".join((understanding, *suggestions, *(candidate.model_dump_json() for candidate in candidates)))
    return ConceptUsage(
        provider=PROVIDER,
        model_version=MODEL_VERSION,
        prompt_tokens=estimate_tokens(request.model_dump_json(exclude_defaults=True)),
        completion_tokens=estimate_tokens(written),
        confidence_score=round(min(candidate.total for candidate in candidates) / 10, 2),
    )
