"""Slow work of a genesis: calls to whoever writes for it. Run by the task worker, outside any transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, Protocol

from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import ConceptCandidate, ConceptPreferences, ConceptRequest
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.values.task_types import CONCEPT_TASK

PROMPT_VERSION = "1"


class Report(Protocol):
    """How progress is told: percent and a few words."""

    async def __call__(self, progress: int, message: str) -> None:
        """Reports."""


async def propose_seed(asked: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
    """Concept candidates from the built-in offline provider, with what the proposal event needs beside them."""
    started = monotonic()
    request = concept_request(asked)
    await report(20, "prompt built")
    # The engine computes without waiting, so it would hold up every other task of the process.
    batch = await asyncio.to_thread(propose_concepts, request)
    await report(95, "scored")
    usage = batch.usage.model_dump(mode="json")
    return {
        "content": {"concept_candidates": [one.model_dump(mode="json") for one in batch.candidates]},
        **batch.model_dump(mode="json", exclude={"usage", "candidates"}),
        "generation_metadata": {
            **usage,
            "prompt_version": PROMPT_VERSION,
            "generation_time_ms": round(1000 * (monotonic() - started)),
            "temperature": request.temperature,
            "cost": 0.0,
            "attempts": 1,
        },
    }


def concept_request(asked: Mapping[str, Any]) -> ConceptRequest:
    """The engine's request for a task's input; candidates saved by hand in another shape are left out."""
    preferences = {name: asked["preferences"].get(name) for name in ("genre", "length", "style")}
    return ConceptRequest(
        idea=(asked["user_input"] or "").strip() or None,
        candidate_count=asked["options"]["candidate_count"],
        merge=_candidates(asked["options"]["merge"]),
        earlier=_candidates(asked["options"]["earlier"]),
        preferences=ConceptPreferences(**{k: v for k, v in preferences.items() if isinstance(v, str) and v.strip()}),
        requirements=tuple(asked["config"].get("special_requirements", [])),
        iteration_number=asked["iteration_number"],
    )


def _candidates(found: list[Mapping[str, Any]]) -> tuple[ConceptCandidate, ...]:
    return tuple(candidate for one in found if (candidate := _candidate(one)) is not None)


def _candidate(found: Mapping[str, Any]) -> ConceptCandidate | None:
    try:
        return ConceptCandidate.model_validate(found)
    except ValidationError:
        return None


TASKS: Mapping[str, Callable[[Mapping[str, Any], Report], Awaitable[Mapping[str, Any]]]] = {CONCEPT_TASK: propose_seed}
