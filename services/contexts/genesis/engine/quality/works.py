"""What a proposal holds, step by step: the work itself, without what its author says about it."""

from collections.abc import Mapping
from typing import Any, assert_never

from services.contexts.genesis.engine.documents import object_in, objects_in, told_in
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.values.steps import Step

_ABOUT = frozenset({"understanding", "suggestions"})

STAGE_OF: dict[Step, str] = {
    Step.CONCEPT: "INITIAL_PROMPT",
    Step.THEME: "INITIAL_PROMPT",
    Step.WORLD: "WORLDVIEW",
    Step.CHARACTER: "CHARACTERS",
    Step.NETWORK: "CHARACTERS",
    Step.PLOT: "PLOT_OUTLINE",
    Step.DETAILS: "FINISHED",
}


def work_of(content: Mapping[str, Any]) -> Object:
    """Return the proposal without the words around it."""
    return {key: value for key, value in content.items() if key not in _ABOUT}


def text_of_work(work: Any) -> str:
    """Return all that a work tells, as one text."""
    return "\n".join(told_in(work))


def documents_of(request: StageRequest, work: Object) -> list[Object]:
    """Return the settings document that the work makes; several where it can be chosen from."""
    match request.step:
        case Step.CONCEPT:
            return [{"concept": one} for one in objects_in(work, "candidates")] or [work]
        case Step.THEME:
            return [{"concept": concept_of(request), "theme": one} for one in themes_in(work)]
        case Step.WORLD:
            return [world_in(work)]
        case Step.NETWORK:
            return [{"characters": characters_of(request, work), **work}]
        case Step.CHARACTER | Step.PLOT | Step.DETAILS:
            return [work]
    assert_never(request.step)


def concept_of(request: StageRequest) -> Object:
    """Return the concept that the story stands on."""
    return object_in(request.confirmed.get("INITIAL_PROMPT"), "concept") or object_in(request.newest, "concept")


def themes_in(work: Object) -> list[Object]:
    """Return the themes to choose from, or the only one."""
    return objects_in(work, "candidates") or [object_in(work, "theme") or work]


def world_in(work: Object) -> Object:
    """Return the world, wrapped or not."""
    return object_in(work, "world") or work


def characters_of(request: StageRequest, work: Object) -> list[Object]:
    """Return the cast: of the work, as it stands, or as it is confirmed."""
    documents = (work, request.newest, request.confirmed.get("CHARACTERS"))
    return next((found for document in documents if (found := objects_in(document, "characters"))), [])
