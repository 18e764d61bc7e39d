"""Who writes: what is asked of an author, and the one that is built in."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from services.contexts.genesis.engine.foundations import Proposal
from services.contexts.genesis.engine.offline_author import MODEL_VERSION, PROVIDER, write_offline
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import estimate_tokens


class Report(Protocol):
    """How progress is told: percent and a few words; and the text while it is written."""

    async def __call__(self, progress: int, message: str) -> None:
        """Reports."""

    async def text(self, piece: str) -> None:
        """Goes on with the text."""

    async def anew(self) -> None:
        """Begins the text anew: what was written before is not what will be proposed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What writing has taken. `score` is the author's own judgement, 0-10, if it has one; `cost` is in US dollars."""

    provider: str
    model_version: str
    prompt_tokens: int
    completion_tokens: int
    cost: float = 0.0
    score: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


class Author(Protocol):
    """Whoever writes: the built-in author, or a language model."""

    @property
    def is_steady(self) -> bool:
        """Whether it writes the same again for the same request."""

    async def write(self, request: StageRequest, report: Report) -> tuple[Proposal, Usage]:
        """The proposal. Raises what the worker's errors are."""


class OfflineAuthor:
    """The built-in author."""

    is_steady: bool = True

    async def write(self, request: StageRequest, report: Report) -> tuple[Proposal, Usage]:
        """Computes the proposal and tells what was understood as it would be said."""
        # The engine computes without waiting, so it would hold up every other task of the process.
        proposal = await asyncio.to_thread(write_offline, request)
        await report.text(proposal.understanding)
        return proposal, Usage(
            provider=PROVIDER,
            model_version=MODEL_VERSION,
            prompt_tokens=estimate_tokens(request.model_dump_json()),
            completion_tokens=estimate_tokens(proposal.model_dump_json(by_alias=True)),
            details={"confidence_score": 1.0},
        )
