"""The plot as it stands: what of the newest document is still a plan or an outline, whatever a person made of it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import Value
from services.contexts.genesis.engine.documents import objects_in
from services.contexts.genesis.engine.foundations import Outline, Plan

V = TypeVar("V", bound=Value)


def plans_in(document: Mapping[str, Any]) -> tuple[Plan, ...]:
    """Return the candidates that are plans, the first of each id."""
    plans = [plan for one in objects_in(document, "candidates") if (plan := read(Plan, one))]
    return tuple({plan.plan_id: plan for plan in reversed(plans)}.values())[::-1][:5]


def outline_in(document: Mapping[str, Any]) -> Outline | None:
    """Return the outline if it is one."""
    return read(Outline, document.get("outline"))


def read(kind: type[V], value: object) -> V | None:
    """Return a JSON object as a value of its kind, None if it is not one."""
    try:
        return kind.model_validate(value)
    except ValidationError:
        return None
