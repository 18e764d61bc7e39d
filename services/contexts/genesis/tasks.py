"""Slow work of a genesis: calls to whoever writes for it. Run by the task worker, outside any transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import ConceptBatch, ConceptCandidate, ConceptPreferences, ConceptRequest
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.model_author import write_concepts
from services.contexts.genesis.prompting import PROMPT_VERSION
from services.contexts.genesis.values.task_types import SEED_TASK
from services.kernel.context import TaskFacts
from services.kernel.text_models import TextModel

_EXPECTED_LENGTH = 6_000
"""About as many characters an answer has: only for showing how far it is."""


class Report(Protocol):
    """How progress is told: percent and a few words."""

    async def __call__(self, progress: int, message: str) -> None:
        """Reports."""


TaskFunction = Callable[[TaskFacts, Report], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class TextModels:
    """The text models that write in the place of the built-in author: one for each user, all of one provider."""

    provider: str
    for_user: Callable[[UUID], TextModel]


def tasks(models: TextModels | None) -> Mapping[str, TaskFunction]:
    """What each kind of task does; without `models` the built-in author writes."""
    return {SEED_TASK: propose_seed if models is None else partial(propose_seed_by_model, models)}


async def propose_seed(facts: TaskFacts, report: Report) -> Mapping[str, Any]:
    """Concept candidates from the built-in offline provider, with what the proposal event needs beside them."""
    started = monotonic()
    request = concept_request(facts.input)
    await report(20, "prompt built")
    # The engine computes without waiting, so it would hold up every other task of the process.
    batch = await asyncio.to_thread(propose_concepts, request)
    await report(95, "scored")
    return _seed_result(batch, request, ms=round(1000 * (monotonic() - started)), cost=Decimal(0), attempts=1)


async def propose_seed_by_model(models: TextModels, facts: TaskFacts, report: Report) -> Mapping[str, Any]:
    """The same from a text model."""
    request = concept_request(facts.input)
    length = 0

    async def tell(text: str) -> None:
        nonlocal length
        length += len(text)
        await report(min(10 + 80 * length // _EXPECTED_LENGTH, 90), "writing")

    written = await write_concepts(models.for_user(facts.user_id), request, tell, provider=models.provider)
    answer = written.answer
    return _seed_result(
        written.batch, request, ms=answer.latency_ms, cost=answer.usage.cost or Decimal(0), attempts=answer.requests
    )


def _seed_result(
    batch: ConceptBatch, request: ConceptRequest, *, ms: int, cost: Decimal, attempts: int
) -> Mapping[str, Any]:
    return {
        **batch.model_dump(mode="json", exclude={"usage"}),
        "generation_metadata": {
            **batch.usage.model_dump(mode="json"),
            "prompt_version": PROMPT_VERSION,
            "generation_time_ms": ms,
            "temperature": request.temperature,
            "cost": float(cost),
            "attempts": attempts,
        },
    }


def concept_request(asked: Mapping[str, Any]) -> ConceptRequest:
    """The engine's request for a task's input; candidates saved by hand in another shape are left out."""
    preferences = {name: asked["preferences"].get(name) for name in ("genre", "length", "style")}
    return ConceptRequest(
        idea=(asked["idea"] or "").strip() or None,
        candidate_count=asked["candidate_count"],
        merge=_candidates(asked["merge"]),
        earlier=_candidates(asked["earlier"]),
        preferences=ConceptPreferences(**{k: v for k, v in preferences.items() if isinstance(v, str) and v.strip()}),
        requirements=tuple(asked["requirements"]),
        iteration_number=asked["iteration_number"],
    )


def _candidates(found: list[Mapping[str, Any]]) -> tuple[ConceptCandidate, ...]:
    return tuple(candidate for one in found if (candidate := _candidate(one)) is not None)


def _candidate(found: Mapping[str, Any]) -> ConceptCandidate | None:
    try:
        return ConceptCandidate.model_validate(found)
    except ValidationError:
        return None
