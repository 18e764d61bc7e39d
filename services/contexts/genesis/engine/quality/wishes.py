"""How many of the wishes can be seen in a work: in a revision those said last, else all of them."""

from collections.abc import Iterator

from services.contexts.genesis.engine.documents import object_in, told_in
from services.contexts.genesis.engine.feedback.applying import shown_in
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.feedback.signs import words_shown
from services.contexts.genesis.engine.quality.measures import mean
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.values.steps import Step

_CHOSEN = {Step.CONCEPT: "concept", Step.THEME: "theme"}


def wishes_shown(request: StageRequest, work: Object) -> float | None:
    """Return the share of the wishes that show, None when nothing was wished for."""
    shown = [*_feedback_shown(request, work), *_requirements_shown(request, work)]
    return mean(shown) if shown else None


def _feedback_shown(request: StageRequest, work: Object) -> Iterator[bool]:
    said = request.feedback[-1:] if request.is_revision else request.feedback
    before = _revised(request) if request.is_revision else None
    for text in (*said, *([request.user_input] if request.user_input else [])):
        for directive in read_feedback(text, request.language):
            yield shown_in(work, directive, request.language, before)


def _requirements_shown(request: StageRequest, work: Object) -> Iterator[bool]:
    texts = tuple(told_in(work))
    for wanted in told_in(request.requirements):
        yield words_shown(texts, wanted)


def _revised(request: StageRequest) -> Object | None:
    """Return what a revision began with, None if it began with nothing: a chosen one, or all there were to choose from.

    The newest document of the first stage holds concepts and themes side by side, and only one kind of them is revised.
    """
    name = _CHOSEN.get(request.step)
    if name is None:
        return request.newest or None
    chosen = object_in(request.newest, name)
    candidates = [chosen] if chosen else request.newest.get(f"{name}_candidates")
    return {"candidates": candidates} if candidates else None
