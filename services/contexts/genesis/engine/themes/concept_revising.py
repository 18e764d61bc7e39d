"""Revising concepts: the last feedback obeyed, all else kept, and the result scored like any other concept."""

from collections.abc import Sequence
from typing import Any

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concept_batches import rate_concepts
from services.contexts.genesis.engine.concepts import (
    CANDIDATE_COUNT_MAX,
    CANDIDATE_COUNT_MIN,
    ConceptCandidate,
    ConceptDraft,
    ConceptRequest,
)
from services.contexts.genesis.engine.directives import Exclude
from services.contexts.genesis.engine.documents import objects_among, text_of, texts_among
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.foundations import ConceptProposal
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.themes.concept_obeying import obeyed_in_concept
from services.contexts.genesis.engine.themes.proposing import asked_count
from services.contexts.genesis.engine.themes.saved import completed
from services.contexts.genesis.engine.themes.speaking import revision_suggested, revision_understood
from services.contexts.genesis.engine.themes.subject import read_subject
from services.contexts.genesis.engine.themes.writing import Workshop, workshop_for
from services.contexts.genesis.engine.wishes import Wish, wish_of


def revise_concepts(request: StageRequest) -> ConceptProposal:
    """Return the newest concept, or the candidates if none is chosen, with the last feedback obeyed.

    Ids stay: it is the same concept, told otherwise.
    """
    wish = wish_of(request.feedback[-1] if request.feedback else "", request.language)
    asked = _concept_request(request)
    written = propose_concepts(asked).candidates
    saved = _saved_concepts(request) or [candidate.model_dump(mode="json") for candidate in written]
    saved = saved[:CANDIDATE_COUNT_MAX]
    shops = [_workshop(request, concept, wish) for concept in saved]
    drafts = [
        _obedient(concept, written[seat % len(written)], wish, shop)
        for seat, (concept, shop) in enumerate(zip(saved, shops, strict=True))
    ]
    drafts = _as_many(drafts, saved, written, wish)
    rated = rate_concepts(drafts, asked)
    return ConceptProposal(
        understanding=revision_understood(shops[0], wish.text),
        suggestions=revision_suggested(shops[0]),
        candidates=tuple(
            _identified(candidate, saved[seat] if seat < len(saved) else {}) for seat, candidate in enumerate(rated)
        ),
    )


def _saved_concepts(request: StageRequest) -> list[Object]:
    chosen = objects_among([request.newest.get("concept")])
    return [concept for concept in chosen or objects_among(request.newest.get("concept_candidates")) if concept]


def _concept_request(request: StageRequest) -> ConceptRequest:
    """Return what the concepts are held against: the idea, and what was asked for but is not to be left out."""
    shown = [
        text
        for text in request.feedback
        if not all(isinstance(directive, Exclude) for directive in read_feedback(text, request.language))
    ]
    return ConceptRequest(
        idea=request.idea,
        language=request.language,
        candidate_count=CANDIDATE_COUNT_MAX,
        feedback=tuple(shown[-1:]),
        iteration_number=request.iteration_number,
        seed=request.seed,
    )


def _workshop(request: StageRequest, concept: Object, wish: Wish) -> Workshop:
    subject = read_subject(concept, request.idea, request.language, Choices(request.story_seed))
    banned = tuple(directive.term for directive in wish.directives if isinstance(directive, Exclude))
    return workshop_for(subject, Choices(request.seed).under(concept.get("concept_id")), banned=banned)


def _obedient(concept: Object, spare: ConceptCandidate, wish: Wish, shop: Workshop) -> ConceptDraft:
    """Return a saved concept as a draft with the wish obeyed; a gap is filled from a spare one with it obeyed too."""
    filling = _bare(spare)
    draft = completed(concept, filling)
    for directive in wish.directives:
        filling = completed(obeyed_in_concept(filling.model_dump(mode="json"), directive, shop), filling)
        draft = completed(obeyed_in_concept(draft.model_dump(mode="json"), directive, shop), filling)
    return draft


def _bare(candidate: ConceptCandidate) -> ConceptDraft:
    return ConceptDraft.model_validate(candidate.model_dump(include=set(ConceptDraft.model_fields)))


def _as_many(
    drafts: list[ConceptDraft], saved: Sequence[Object], written: Sequence[ConceptCandidate], wish: Wish
) -> list[ConceptDraft]:
    """Return as many candidates as were asked for, further new ones among them; a chosen concept stays alone."""
    count = asked_count((wish,))
    if count is None or len(saved) == 1:
        return drafts
    count = min(max(count, CANDIDATE_COUNT_MIN), CANDIDATE_COUNT_MAX)
    return [*drafts, *map(_bare, written[len(drafts) :])][:count]


def _identified(candidate: ConceptCandidate, saved: Object) -> ConceptCandidate:
    """Return a scored concept under the id it had."""
    kept: dict[str, Any] = {}
    if own := text_of(saved.get("concept_id")):
        kept["concept_id"] = own
    if sources := texts_among(saved.get("merged_from")):
        kept["merged_from"] = sources
    return candidate.model_copy(update=kept)
