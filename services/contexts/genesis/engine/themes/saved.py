"""Making a whole of what somebody saved: each field that is fit stays, what is missing or broken is written anew."""

from typing import Any, TypeVar

from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import Value

V = TypeVar("V", bound=Value)


def completed(saved: object, written: V) -> V:
    """Return the saved document as a value, its gaps filled from one written by us."""
    if not isinstance(saved, dict):
        return written
    whole = written
    for name in type(written).model_fields:
        ours = getattr(written, name)
        for offer in _offers(saved.get(name), ours):
            if _fits(whole, name, offer):
                whole = whole.model_copy(update={name: offer})
                break
    return type(written).model_validate(whole.model_dump())


def _offers(saved: Any, ours: Any) -> list[Any]:
    """Return what could stand in a field, what keeps most of the saved first."""
    if isinstance(ours, Value):
        return [completed(saved, ours)]
    if isinstance(ours, tuple) and isinstance(saved, list):
        return _rows(saved, ours)
    return [] if saved is None or (isinstance(saved, str) and not saved.strip()) else [saved]


def _rows(saved: list[Any], ours: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Return the fit items of a list, filled up with ours where they may be too few, cut where they may be too many."""
    fit = _items(saved, ours)
    more = [item for item in ours if item not in fit]
    filled = [(*fit, *more[:count]) for count in range(len(more) + 1)]
    return [*filled, *(tuple(fit[:count]) for count in range(len(fit) - 1, 0, -1))]


def _items(saved: list[Any], ours: tuple[Any, ...]) -> list[Any]:
    if ours and isinstance(ours[0], Value):
        return [completed(item, ours[min(place, len(ours) - 1)]) for place, item in enumerate(saved) if item]
    return [item for item in saved if isinstance(item, str) and item.strip()]


def _fits(whole: Value, name: str, offer: Any) -> bool:
    """Tell whether a value may stand in a field."""
    try:
        type(whole).model_validate(whole.model_dump() | {name: offer})
    except ValidationError:
        return False
    return True
