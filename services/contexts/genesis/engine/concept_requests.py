"""A request for concepts in the words of the engine that writes and rates them."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import ConceptCandidate, ConceptPreferences, ConceptRequest
from services.contexts.genesis.engine.stage_requests import StageRequest


def concept_request(request: StageRequest) -> ConceptRequest:
    """The same request; candidates that were saved by hand in another shape are left out."""
    preferences = {name: request.preferences.get(name) for name in ("genre", "length", "style")}
    wishes = request.config.get("special_requirements")
    return ConceptRequest(
        idea=(request.user_input or "").strip() or (request.idea or "").strip() or None,
        language=request.language,
        candidate_count=request.options.get("candidate_count", 4),
        merge=candidates_in(request.options.get("merge")),
        earlier=candidates_in(request.options.get("earlier")),
        preferences=ConceptPreferences(**{k: v for k, v in preferences.items() if isinstance(v, str) and v.strip()}),
        feedback=request.feedback,
        requirements=tuple(wish for wish in wishes if isinstance(wish, str)) if isinstance(wishes, list) else (),
        iteration_number=request.iteration_number,
        temperature=request.temperature,
    )


def candidates_in(found: Any) -> tuple[ConceptCandidate, ...]:
    """Those of a list's objects that are whole candidates."""
    items = found if isinstance(found, list) else []
    return tuple(candidate for one in items if (candidate := _candidate(one)) is not None)


def _candidate(found: Mapping[str, Any]) -> ConceptCandidate | None:
    try:
        return ConceptCandidate.model_validate(found)
    except ValidationError:
        return None
