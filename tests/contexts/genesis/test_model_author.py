"""What a text model writes becomes the same proposals that the built-in author makes."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from services.contexts.genesis.engine.concept_requests import concept_request
from services.contexts.genesis.engine.concepts import ConceptDraft, ConceptRequest
from services.contexts.genesis.engine.foundations import (
    CastProposal,
    ConceptProposal,
    NetworkProposal,
    PlotProposal,
    Proposal,
    ThemeProposal,
    WorldProposal,
)
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.model_author import PROPOSALS, ModelAuthor, proposal_schema
from services.contexts.genesis.values.steps import Step
from services.kernel.text_models import InvalidOutput, ModelAnswer, OnText, Prompt, Usage
from tests.kit.smallest import smallest

pytestmark = pytest.mark.anyio


@dataclass
class Scribe:
    """A model that writes what it is given, or the least that will do."""

    content: Mapping[str, Any] | None = None
    prompts: list[Prompt] = field(default_factory=list)

    async def write(self, prompt: Prompt, on_text: OnText) -> ModelAnswer:
        self.prompts.append(prompt)
        content = smallest(prompt.schema) if self.content is None else self.content
        for piece in ("{", '"understanding"', "}"):
            await on_text(piece)
        return ModelAnswer(content, Usage(10, 20, Decimal("0.1")), "scribe-1", 5, 1)

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        return None

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        return None


@dataclass
class Told:
    """What an author has reported."""

    progress: list[int] = field(default_factory=list)
    written: str = ""

    async def __call__(self, progress: int, message: str) -> None:
        self.progress.append(progress)

    async def text(self, piece: str) -> None:
        self.written += piece

    async def anew(self) -> None:
        self.written = ""


async def _proposal(scribe: Scribe, request: StageRequest) -> Proposal:
    return (await ModelAuthor(scribe, "openai").write(request, Told()))[0]


def _draft(concept: ConceptDraft) -> dict[str, Any]:
    return concept.model_dump(mode="json", include=set(ConceptDraft.model_fields))


def _request(step: Step, **changes: Any) -> StageRequest:
    return StageRequest.model_validate({"step": step, "language": "en", **changes})


@pytest.mark.parametrize("step", Step)
async def test_the_least_that_the_schema_takes_is_a_proposal(step: Step) -> None:
    told = Told()
    proposal, usage = await ModelAuthor(Scribe(), "openai").write(_request(step), told)

    assert isinstance(proposal, PROPOSALS[step])
    assert (usage.provider, usage.model_version, usage.prompt_tokens, usage.cost) == ("openai", "scribe-1", 10, 0.1)
    assert usage.details == {"latency_ms": 5, "requests": 1}
    assert told.written == '{"understanding"}'
    assert told.progress == sorted(told.progress)


async def test_what_a_model_leaves_out_gets_ids_of_its_own() -> None:
    content = smallest(proposal_schema(_request(Step.PLOT)))
    assert not {"plan_id", "node_id"} & {*content["candidates"][0], *content["outline"]["nodes"][0]}

    one = await _proposal(Scribe(content), _request(Step.PLOT))
    again = await _proposal(Scribe(content), _request(Step.PLOT))

    assert isinstance(one, PlotProposal)
    assert len({node.node_id for node in one.outline.nodes}) == 10
    assert one.outline.plan_id == one.candidates[0].plan_id
    assert one == again


async def test_ids_that_two_share_are_parted() -> None:
    content = smallest(proposal_schema(_request(Step.PLOT)))
    for node in content["outline"]["nodes"]:
        node["node_id"] = "1"

    proposal = await _proposal(Scribe(content), _request(Step.PLOT))

    assert isinstance(proposal, PlotProposal)
    assert len({node.node_id for node in proposal.outline.nodes}) == 10


async def test_a_plan_that_was_asked_for_is_the_outlines() -> None:
    request = _request(Step.PLOT, options={"plan_id": "theirs"})
    proposal = await _proposal(Scribe(), request)

    assert isinstance(proposal, PlotProposal)
    assert proposal.outline.plan_id == "theirs"


async def test_whoever_was_there_before_keeps_the_id_and_names_in_a_network_become_ids() -> None:
    content = smallest(proposal_schema(_request(Step.CHARACTER)))
    first = content["characters"][0] | {"name": "Ada"}
    second = deepcopy(first) | {"name": "Ben"}
    network = {
        "nodes": [{"character_id": name, "name": name} for name in ("Ada", "Ben")],
        "edges": [{"from": "Ada", "to": "Ben", "type": "blood", "strength": 3, "description": "sister"}],
    }
    content |= {"characters": [first, second], "network": network}
    newest = {"characters": [{"name": "Ada", "character_id": "c-ada"}, "nonsense", {"name": 7}]}

    request = _request(Step.CHARACTER, newest=newest, is_revision=True, feedback=("older",))
    proposal = await _proposal(Scribe(content), request)

    assert isinstance(proposal, CastProposal)
    assert proposal.network is not None
    ada, ben = (one.character_id for one in proposal.characters)
    assert ada == "c-ada"
    assert [(edge.from_, edge.to) for edge in proposal.network.edges] == [(ada, ben)]
    assert [node.character_id for node in proposal.network.nodes] == [ada, ben]


async def test_a_network_alone_points_at_the_confirmed_cast() -> None:
    content = smallest(proposal_schema(_request(Step.NETWORK)))
    content["network"]["edges"][0] |= {"from": "Ada"}
    confirmed = {"CHARACTERS": {"characters": [{"name": "Ada", "character_id": "c-ada"}]}}

    proposal = await _proposal(Scribe(content), _request(Step.NETWORK, confirmed=confirmed))

    assert isinstance(proposal, NetworkProposal)
    assert proposal.network.edges[0].from_ == "c-ada"


async def test_a_revised_theme_stays_the_same_theme() -> None:
    request = _request(Step.THEME, is_revision=True, newest={"theme": {"theme_id": "t-1"}})
    proposal = await _proposal(Scribe(), request)

    assert isinstance(proposal, ThemeProposal)
    assert proposal.candidates[0].theme_id == "t-1"


async def test_a_world_needs_its_five_dimensions() -> None:
    proposal = await _proposal(Scribe(), _request(Step.WORLD))

    assert isinstance(proposal, WorldProposal)
    assert set(proposal.world.dimensions) == {"geography", "history", "culture", "rules", "society"}


@pytest.mark.parametrize("odd", [[], "text", {"theme": [1]}, {"theme": {"theme_id": 3}}, {"outline": {"nodes": 4}}])
@pytest.mark.parametrize("step", [Step.THEME, Step.CHARACTER, Step.NETWORK, Step.PLOT, Step.CONCEPT])
async def test_whatever_was_saved_by_hand_stops_nothing(step: Step, odd: Any) -> None:
    documents = {"characters": odd, "concept_candidates": odd, "theme": odd, "outline": odd}
    request = _request(
        step, newest=documents, confirmed={"CHARACTERS": {"characters": odd}}, is_revision=step is not Step.NETWORK
    )

    assert await _proposal(Scribe(), request)


async def test_what_only_our_own_types_refuse_is_invalid_output() -> None:
    content = smallest(proposal_schema(_request(Step.NETWORK))) | {"more": 1}

    with pytest.raises(InvalidOutput):
        await _proposal(Scribe(content), _request(Step.NETWORK))


async def test_concepts_are_scored_by_the_rules_that_hold_for_everybody() -> None:
    request = StageRequest(
        step=Step.CONCEPT, language="zh", idea="一座只在雨天亮的灯塔", options={"candidate_count": 3}
    )
    offline = propose_concepts(concept_request(request))
    content = offline.model_dump(mode="json", include={"understanding", "suggestions"})
    content["candidates"] = [_draft(one) for one in offline.candidates]
    scribe = Scribe(content)

    proposal = await _proposal(scribe, request)

    assert isinstance(proposal, ConceptProposal)
    assert proposal.candidates == offline.candidates
    assert scribe.prompts[0].schema["properties"]["candidates"]["minItems"] == 3


async def test_concepts_that_a_revision_leaves_alone_are_what_they_were() -> None:
    before = propose_concepts(ConceptRequest(idea="a lighthouse that shines only when it rains", candidate_count=3))
    kept, changed = before.candidates[0], before.candidates[1]
    drafts = [_draft(kept), _draft(changed)]
    drafts[1]["title"] = "The Wet Lamp"
    content = {"understanding": "u", "suggestions": ["a", "b"], "candidates": drafts}
    newest = {"concept_candidates": [one.model_dump(mode="json") for one in before.candidates]}

    request = _request(Step.CONCEPT, is_revision=True, feedback=("another title",), newest=newest)
    proposal = await _proposal(Scribe(content), request)

    assert isinstance(proposal, ConceptProposal)
    assert proposal.candidates[0] == kept
    assert proposal.candidates[1].title == "The Wet Lamp"
    assert proposal.candidates[1].concept_id != changed.concept_id
