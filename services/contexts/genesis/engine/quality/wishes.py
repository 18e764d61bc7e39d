"""How many of the wishes can be seen in a work: in a revision those said last, else all of them."""

from collections.abc import Iterator
from typing import Any, assert_never

from services.contexts.genesis.engine.casts.documents import objects_in, text_in, told_in, whole_number
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
)
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.quality.general_checks import holds
from services.contexts.genesis.engine.quality.measures import mean
from services.contexts.genesis.engine.quality.works import text_of_work
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import Object, StageRequest

_SHOWN_SHARE = 0.3
_LENGTH_SLACK = 0.9


def wishes_shown(request: StageRequest, work: Object) -> float | None:
    """Return the share of the wishes that show, None when nothing was wished for."""
    shown = [*_feedback_shown(request, work), *_requirements_shown(request, work)]
    return mean(shown) if shown else None


def _feedback_shown(request: StageRequest, work: Object) -> Iterator[bool]:
    said = request.feedback[-1:] if request.is_revision else request.feedback
    for text in (*said, *([request.user_input] if request.user_input else [])):
        for directive in read_feedback(text, request.language):
            yield is_shown(directive, work, request.newest)


def _requirements_shown(request: StageRequest, work: Object) -> Iterator[bool]:
    text = text_of_work(work)
    for wanted in told_in(request.requirements):
        yield _tells(wanted, text)


def is_shown(directive: Directive, work: Object, before: Object) -> bool:
    """Tell whether a work does what was asked; a change of tone leaves no sign that could be looked for."""
    text = text_of_work(work)
    match directive:
        case Rename():
            return directive.new in text and not holds(text, directive.old)
        case Exclude():
            return not holds(text, directive.term)
        case Include():
            return _tells(directive.term, text)
        case Remark():
            return _tells(directive.text, text)
        case ChangeTrait():
            return directive.absent is not holds(text, directive.trait)
        case ChangeAge():
            return _age_shown(directive, work, before)
        case ChangeCount():
            return _count_shown(directive, work)
        case ChangeLength():
            return _length_shown(directive, text, text_of_work(before))
        case ChangeTone():
            return True
    assert_never(directive)


def _tells(wanted: str, text: str) -> bool:
    if wanted.strip().casefold() in text.casefold():
        return True
    tokens = set(content_tokens(wanted))
    return bool(tokens) and len(tokens & set(content_tokens(text))) >= _SHOWN_SHARE * len(tokens)


def _age_shown(directive: ChangeAge, work: Object, before: Object) -> bool:
    meant = _meant(directive.who, work)
    ages = [age for one in meant if (age := whole_number(one.get("age"), 0, 100_000)) is not None]
    if directive.years is not None:
        return not meant or directive.years in ages
    earlier = {text_in(one, "character_id"): whole_number(one.get("age"), 0, 100_000) for one in _people(before)}
    pairs = [(earlier.get(text_in(one, "character_id")), one.get("age")) for one in meant]
    changes = [now - then for then, now in pairs if then is not None and isinstance(now, int)]
    return not changes or any(change > 0 if directive.direction == "older" else change < 0 for change in changes)


def _count_shown(directive: ChangeCount, work: Object) -> bool:
    """Tell whether any list of the work has so many; what kind of thing is counted, people say in many words."""
    people = [text_in(one, "role_type") for one in _people(work)]
    counts = {len(found) for found in _lists(work)} | {people.count(role) for role in people}
    return directive.count in counts or directive.count == 0


def _length_shown(directive: ChangeLength, text: str, before: str) -> bool:
    if not before:
        return True
    longer = len(text) > len(before) * _LENGTH_SLACK
    return longer if directive.direction == "longer" else len(text) * _LENGTH_SLACK < len(before)


def _meant(who: str | None, work: Object) -> list[Object]:
    people = _people(work)
    named = [one for one in people if who and (who in text_in(one, "name") or text_in(one, "name") in who)]
    return named or [one for one in people if text_in(one, "role_type") == "protagonist"]


def _people(work: Object) -> list[Object]:
    return objects_in(work, "characters")


def _lists(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _lists(item)
    elif isinstance(value, list | tuple):
        yield list(value)
        for item in value:
            yield from _lists(item)
