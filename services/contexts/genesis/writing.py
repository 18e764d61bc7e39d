"""Having something written, judged, checked and exported: what the slow work of a genesis does."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from time import monotonic
from typing import Any, Final

from services.contexts.genesis.authors import Author, Report, Usage
from services.contexts.genesis.engine.concept_batches import assemble_batch
from services.contexts.genesis.engine.concept_requests import concept_request
from services.contexts.genesis.engine.concepts import ConceptUsage
from services.contexts.genesis.engine.foundations import ConceptProposal, Proposal
from services.contexts.genesis.engine.proposed_content import content_of
from services.contexts.genesis.engine.quality.consistency import consistency_score, find_issues
from services.contexts.genesis.engine.quality.scoring import assess
from services.contexts.genesis.engine.scoring import (
    FAIL_BELOW,
    FIRST_TEMPERATURE,
    REGENERATIONS,
    REVISE_FROM,
    SUGGEST_FROM,
)
from services.contexts.genesis.engine.stage_requests import Object, StageRequest, language_of_texts
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.exporting.writing import export
from services.contexts.genesis.prompting import PROMPT_VERSION
from services.contexts.genesis.values.documents import objects
from services.contexts.genesis.values.steps import REVISABLE
from services.kernel.text_models import TextModelError
from services.kernel.text_models import Usage as ModelUsage

WRITING_SECONDS_MAX: Final = 110.0
"""Who runs the task breaks off after 120 s, and then nothing is left of what was written: no attempt is begun that
would not be over by then if it took as long as the longest before it."""
_FIELDS: Final = (
    "idea", "user_input", "feedback", "conversation", "newest", "confirmed", "config", "preferences", "requirements",
    "options", "avoid", "round_totals", "iteration_number",
)  # fmt: skip


class QualityTooLow(TextModelError):
    """The best that was written is not worth anybody's time."""

    CODE = "QUALITY_TOO_LOW"
    IS_RETRYABLE = False


async def write_content(
    author: Author,
    asked: Mapping[str, Any],
    report: Report,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = monotonic,
) -> Mapping[str, Any]:
    """A proposal or a revision, with all that is said of it; the best of several when the first is not good enough.

    Raises QualityTooLow when not even the best is good for anything.
    """
    started = clock()
    request = stage_request(asked)
    if not author.is_steady:
        request = request.model_copy(update={"temperature": FIRST_TEMPERATURE})
    await report(20, "prompt built")
    written = [await _attempted(author, request, request, asked, report)]
    best, longest = written[0], clock() - started
    others, wasted = _Others(request), ModelUsage()
    while not author.is_steady and (other := others.after(best)) is not None:
        if clock() - started + other.wait + longest >= WRITING_SECONDS_MAX:
            break
        await sleep(other.wait)
        began = clock()
        await report.anew()
        try:
            written.append(await _attempted(author, other.request, request, asked, report))
        except TextModelError as error:
            # Something weak is there, which is more than nothing.
            wasted = error.usage
            break
        best, longest = max(written, key=itemgetter("quality_score")), max(longest, clock() - began)
    if best["quality_score"] < FAIL_BELOW:
        raise QualityTooLow(f"Nothing better than {best['quality_score']:.1f} of 10 was written.")
    await report(95, "scored")
    effort = {
        "generation_time_ms": round(1000 * (clock() - started)),
        "attempts": len(written),
        **_paid(written, wasted),
    }
    return {**best, "generation_metadata": {**best["generation_metadata"], **effort}}


@dataclass(frozen=True, slots=True)
class _Other:
    """Another attempt: what is asked for, and after how many seconds."""

    request: StageRequest
    wait: float


class _Others:
    """The attempts after the first: what is bad is written anew while there are regenerations left, what is weak is
    revised, once.
    """

    def __init__(self, request: StageRequest) -> None:
        self._request = request
        self._regenerations = iter(REGENERATIONS)
        self._was_revised = False

    def after(self, best: Object) -> _Other | None:
        """The next one; None when the best so far is to be proposed as it is, or given up."""
        if best["quality_score"] >= SUGGEST_FROM or (best["quality_score"] >= REVISE_FROM and self._was_revised):
            return None
        if best["quality_score"] >= REVISE_FROM:
            self._was_revised = True
            return _Other(_revision(self._request, best), 0.0)
        if (found := next(self._regenerations, None)) is None:
            return None
        temperature, seconds = found
        return _Other(self._request.model_copy(update={"temperature": temperature}), seconds * random.uniform(0.8, 1.2))


def _revision(request: StageRequest, weak: Object) -> StageRequest:
    """Asks for what was written to be made better where it was found to be weak."""
    if request.step not in REVISABLE:
        return request
    changed = {
        "is_revision": True,
        "newest": {**request.newest, **weak["content"]},
        "feedback": (*request.feedback, "\n".join(weak["suggestions"])),
        "temperature": weak["generation_metadata"]["temperature"],
    }
    return request.model_copy(update=changed)


def stage_request(asked: Mapping[str, Any]) -> StageRequest:
    """The engine's request for a task's input."""
    # A task that was asked for by an older release has fewer of them.
    known = {name: asked[name] for name in _FIELDS if name in asked}
    return StageRequest(step=asked["step"], language=_language(asked), is_revision=asked["is_revision"], **known)


async def check_consistency(asked: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
    """What does not fit in a document."""
    issues = await asyncio.to_thread(
        find_issues, asked["stage"], asked["document"], asked["confirmed"], asked["config"], _language(asked)
    )
    await report(95, "checked")
    found = [issue.model_dump(mode="json") for issue in issues]
    return {"issues": found, "score": consistency_score(issues)}


async def export_foundation(asked: Mapping[str, Any], report: Report) -> Mapping[str, Any]:
    """The foundation as one document."""
    exported = await asyncio.to_thread(export, asked["title"], asked["stages"], asked["format"])
    await report(95, "written")
    return exported


async def _attempted(
    author: Author, tried: StageRequest, request: StageRequest, asked: Mapping[str, Any], report: Report
) -> Object:
    """What comes of an attempt, held against what was asked for in the first place."""
    proposal, usage = await author.write(tried, report)
    await report(90, "written")
    return await asyncio.to_thread(_assessed, request, proposal, usage, asked, tried.temperature)


def _assessed(
    request: StageRequest, proposal: Proposal, usage: Usage, asked: Mapping[str, Any], temperature: float
) -> Object:
    """The proposal's content with its quality, as the decision about it takes it."""
    content = content_of(request, proposal)
    if isinstance(proposal, ConceptProposal):
        judged = _judged_concepts(request, proposal, usage)
    else:
        judged = _judged_content(request, proposal, content, usage, asked)
    return {
        "content": content,
        "understanding": proposal.understanding,
        **judged,
        "generation_metadata": {
            "provider": usage.provider,
            "model_version": usage.model_version,
            "prompt_version": PROMPT_VERSION,
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cost": usage.cost,
            "temperature": temperature,
            **usage.details,
        },
    }


def _judged_concepts(request: StageRequest, proposal: ConceptProposal, usage: Usage) -> Object:
    none = ConceptUsage(provider="", model_version="", prompt_tokens=0, completion_tokens=0, confidence_score=1)
    batch = assemble_batch(
        proposal.candidates,
        concept_request(request),
        understanding=proposal.understanding,
        suggestions=proposal.suggestions,
        usage=none,
        model_score=usage.score,
    )
    kept = {"quality_score", "quality", "suggestions", "needs_optimization", "consistency"}
    return batch.model_dump(mode="json", include=kept)


def _judged_content(
    request: StageRequest, proposal: Proposal, content: Object, usage: Usage, asked: Mapping[str, Any]
) -> Object:
    quality = assess(request, content, usage.score)
    document = {**request.newest, **content}
    issues = find_issues(asked["stage"], document, request.confirmed, request.config, request.language)
    suggestions = list(dict.fromkeys((*quality.suggestions, *proposal.suggestions)))
    return {
        "quality_score": quality.score,
        "quality": quality.parts,
        "suggestions": suggestions,
        "needs_optimization": quality.needs_optimization,
        "consistency": [issue.model_dump(mode="json") for issue in issues],
    }


def _paid(written: Sequence[Object], wasted: ModelUsage) -> Object:
    """What all of it has taken: what was thrown away, or never came to its end, has been paid for as well."""
    used = [one["generation_metadata"] for one in written]
    return {
        "prompt_tokens": wasted.input_tokens + sum(one["prompt_tokens"] for one in used),
        "completion_tokens": wasted.output_tokens + sum(one["completion_tokens"] for one in used),
        "cost": float(wasted.cost or 0) + sum(one["cost"] for one in used),
    }


def _language(asked: Mapping[str, Any]) -> Language:
    """The story's: as it was wished, else that of the idea, of the concept, or of whatever else was said."""
    wished = asked.get("preferences", {}).get("language")
    if wished in ("en", "zh"):
        return "en" if wished == "en" else "zh"
    first = asked.get("confirmed", {}).get("INITIAL_PROMPT", asked.get("newest", {}))
    concepts = objects([first.get("concept"), *objects(first.get("concept_candidates"))])
    premises = [concept.get("premise") for concept in concepts]
    said = [asked.get("idea"), *premises, asked.get("user_input"), *asked.get("feedback", ())]
    return language_of_texts(*(text if isinstance(text, str) else None for text in said))
