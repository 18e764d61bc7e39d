"""The author that lets a text model write: from a request to the proposal that the built-in author would make too.

What a model may leave to us is filled in: ids, which it would only invent, and the scores of concepts, which are those
of the rules that everybody's concepts are rated by.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar
from uuid import uuid5

from pydantic import Field, ValidationError

from services.contexts.genesis.authors import Report, Usage
from services.contexts.genesis.engine.concept_batches import rate_concepts
from services.contexts.genesis.engine.concept_requests import candidates_in, concept_request
from services.contexts.genesis.engine.concepts import CANDIDATE_COUNT_MAX, CONCEPT_NAMESPACE, ConceptDraft
from services.contexts.genesis.engine.foundations import (
    REQUIRED_DIMENSIONS,
    CastProposal,
    ConceptProposal,
    DetailsProposal,
    NetworkProposal,
    PlotProposal,
    Proposal,
    ThemeProposal,
    WorldProposal,
)
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.prompting import build_prompt, count_of
from services.contexts.genesis.values.steps import Step
from services.kernel.text_models import InvalidOutput, ModelAnswer, TextModel

ProposalType = TypeVar("ProposalType", bound=Proposal)

PROPOSALS: Final[Mapping[Step, type[Proposal]]] = {
    Step.CONCEPT: ConceptProposal,
    Step.THEME: ThemeProposal,
    Step.WORLD: WorldProposal,
    Step.CHARACTER: CastProposal,
    Step.NETWORK: NetworkProposal,
    Step.PLOT: PlotProposal,
    Step.DETAILS: DetailsProposal,
}
IDS: Final = ("theme_id", "character_id", "plan_id", "node_id")
EXPECTED_LENGTH: Final = 6_000
"""About as many characters an answer has: only for showing how far it is."""


class DraftProposal(Proposal):
    """What a model answers to the concept step: concepts that nobody has scored yet."""

    candidates: tuple[ConceptDraft, ...] = Field(min_length=1, max_length=CANDIDATE_COUNT_MAX)


@dataclass(frozen=True, slots=True)
class ModelAuthor:
    """A text model as an author. `provider` is the name of whoever runs it."""

    model: TextModel
    provider: str
    is_steady: bool = False

    async def write(self, request: StageRequest, report: Report) -> tuple[Proposal, Usage]:
        """Tells the answer as it is written. Raises a TextModelError."""
        length = 0

        async def tell(piece: str) -> None:
            nonlocal length
            length += len(piece)
            await report.text(piece)
            await report(min(30 + 60 * length // EXPECTED_LENGTH, 89), "writing")

        answer = await self.model.write(build_prompt(request, proposal_schema(request)), tell)
        return _proposal(request, answer.content), _usage(self.provider, answer)


def _usage(provider: str, answer: ModelAnswer) -> Usage:
    return Usage(
        provider=provider,
        model_version=answer.model_version,
        prompt_tokens=answer.usage.input_tokens,
        completion_tokens=answer.usage.output_tokens,
        cost=float(answer.usage.cost or 0),
        details={"latency_ms": answer.latency_ms, "requests": answer.requests},
    )


def _proposal(request: StageRequest, answered: Mapping[str, Any]) -> Proposal:
    """What was answered, with what the model may leave to us."""
    content: Object = deepcopy(dict(answered))
    if request.step is Step.CONCEPT:
        return _concepts(request, _parsed(DraftProposal, content))
    _FILL_IN.get(request.step, _nothing)(request, content)
    return _parsed(PROPOSALS[request.step], content)


def proposal_schema(request: StageRequest) -> Mapping[str, Any]:
    """The JSON Schema that a model is held to: the proposal's own, without what is filled in."""
    if request.step is not Step.CONCEPT:
        return _schema_of(request.step)
    schema = DraftProposal.model_json_schema()
    if not request.is_revision:
        count = count_of(request)
        schema["properties"]["candidates"] |= {"minItems": count, "maxItems": count}
    return schema


@cache
def _schema_of(step: Step) -> Mapping[str, Any]:
    schema = PROPOSALS[step].model_json_schema()
    for definition in schema["$defs"].values():
        if "required" in definition and definition["title"] != "NetworkNode":
            definition["required"] = [name for name in definition["required"] if name not in IDS]
    if step is Step.WORLD:
        schema["$defs"]["World"]["properties"]["dimensions"]["required"] = list(REQUIRED_DIMENSIONS)
    return schema


def _parsed(kind: type[ProposalType], content: Mapping[str, Any]) -> ProposalType:
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise InvalidOutput("The text model's answer was not what was asked for.") from error


# --- Concepts ------------------------------------------------------------------------------------------------------


def _concepts(request: StageRequest, drafts: DraftProposal) -> ConceptProposal:
    """The drafts, scored. Those of a revision that came back word for word are what they were."""
    before = candidates_in(request.newest.get("concept_candidates")) if request.is_revision else ()
    same = {_words(candidate): candidate for candidate in before}
    rated = rate_concepts(drafts.candidates, concept_request(request))
    return ConceptProposal(
        understanding=drafts.understanding,
        suggestions=drafts.suggestions,
        candidates=tuple(same.get(_words(candidate), candidate) for candidate in rated),
    )


def _words(draft: ConceptDraft) -> str:
    return draft.model_dump_json(include=set(ConceptDraft.model_fields))


# --- Ids -----------------------------------------------------------------------------------------------------------


def _fill_in_themes(request: StageRequest, content: Object) -> None:
    themes = content["candidates"]
    known = _text(_object(request.newest.get("theme")).get("theme_id"))
    if request.is_revision and known and len(themes) == 1:
        themes[0]["theme_id"] = known
    _give_ids(request, themes, "theme_id", {})


def _fill_in_cast(request: StageRequest, content: Object) -> None:
    known = _ids_by_name(request)
    _give_ids(request, content["characters"], "character_id", known, name="name")
    if network := content.get("network"):
        _point_to_ids(network, {one["name"]: one["character_id"] for one in content["characters"]})


def _fill_in_network(request: StageRequest, content: Object) -> None:
    _point_to_ids(content["network"], _ids_by_name(request))


def _fill_in_plot(request: StageRequest, content: Object) -> None:
    plans, outline = content["candidates"], content["outline"]
    before = _object(request.newest.get("outline"))
    known_nodes = {_text(node.get("title")): _text(node.get("node_id")) for node in _objects(before.get("nodes"))}
    _give_ids(request, plans, "plan_id", {})
    chosen = next((plan for plan in plans if plan.get("recommended")), plans[0])
    outline.setdefault("plan_id", _text(request.options.get("plan_id")) or chosen["plan_id"])
    _give_ids(request, outline["nodes"], "node_id", known_nodes, name="title")


def _nothing(request: StageRequest, content: Object) -> None:
    """The other steps have no ids."""


_FILL_IN: Final[Mapping[Step, Callable[[StageRequest, Object], None]]] = {
    Step.THEME: _fill_in_themes,
    Step.CHARACTER: _fill_in_cast,
    Step.NETWORK: _fill_in_network,
    Step.PLOT: _fill_in_plot,
}


def _give_ids(
    request: StageRequest, items: Sequence[Object], key: str, known: Mapping[str, str], *, name: str = ""
) -> None:
    """Gives an id to whatever has none: the one it was known by, else one of its own. No two get the same."""
    # The digest of all that is asked: making it takes longer than all else here.
    seed = request.seed
    taken: set[str] = set()
    for index, item in enumerate(items):
        found = item.get(key) or known.get(str(item.get(name))) or ""
        made = str(uuid5(CONCEPT_NAMESPACE, f"{seed}\x1f{key}\x1f{index}"))
        item[key] = found if found and found not in taken else made
        taken.add(item[key])


def _ids_by_name(request: StageRequest) -> dict[str, str]:
    """The characters that there are already."""
    document = request.newest if "characters" in request.newest else request.confirmed.get("CHARACTERS", {})
    named = {
        _text(one.get("name")): _text(one.get("character_id")) for one in _objects(_object(document).get("characters"))
    }
    return {name: found for name, found in named.items() if name and found}


def _point_to_ids(network: Object, ids: Mapping[str, str]) -> None:
    """Puts ids where the model wrote names."""
    for node in network["nodes"]:
        node["character_id"] = ids.get(node["character_id"], node["character_id"])
    for edge in network["edges"]:
        edge |= {end: ids.get(edge[end], edge[end]) for end in ("from", "to")}


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}


def _objects(found: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""
