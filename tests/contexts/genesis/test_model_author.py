"""What a text model writes becomes the same proposals that the built-in author makes."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from services.contexts.genesis.engine.concepts import ConceptDraft, ConceptRequest
from services.contexts.genesis.engine.foundations import (
    CastProposal,
    ConceptProposal,
    NetworkProposal,
    PlotProposal,
    ThemeProposal,
    WorldProposal,
)
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.stage_requests import StageRequest, Step
from services.contexts.genesis.model_author import PROPOSALS, proposal_schema, write_concepts, write_proposal
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
        return ModelAnswer(content, Usage(10, 20, Decimal("0.1")), "scribe-1", 5, 1)

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        return None

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        return None


async def _silent(text: str) -> None:
    pass


def _draft(concept: ConceptDraft) -> dict[str, Any]:
    return concept.model_dump(mode="json", include=set(ConceptDraft.model_fields))


def _request(step: Step, **changes: Any) -> StageRequest:
    return StageRequest.model_validate({"step": step, "language": "en", **changes})


@pytest.mark.parametrize("step", Step)
async def test_the_least_that_the_schema_takes_is_a_proposal(step: Step) -> None:
    written = await write_proposal(Scribe(), _request(step), _silent)

    assert isinstance(written.proposal, PROPOSALS[step])
    assert written.answer.model_version == "scribe-1"


async def test_what_a_model_leaves_out_gets_ids_of_its_own() -> None:
    content = smallest(proposal_schema(Step.PLOT))
    assert not {"plan_id", "node_id"} & {*content["candidates"][0], *content["outline"]["nodes"][0]}

    one = (await write_proposal(Scribe(content), _request(Step.PLOT), _silent)).proposal
    again = (await write_proposal(Scribe(content), _request(Step.PLOT), _silent)).proposal

    assert isinstance(one, PlotProposal)
    assert len({node.node_id for node in one.outline.nodes}) == 10
    assert one.outline.plan_id == one.candidates[0].plan_id
    assert one == again


async def test_ids_that_two_share_are_parted() -> None:
    content = smallest(proposal_schema(Step.PLOT))
    for node in content["outline"]["nodes"]:
        node["node_id"] = "1"

    proposal = (await write_proposal(Scribe(content), _request(Step.PLOT), _silent)).proposal

    assert isinstance(proposal, PlotProposal)
    assert len({node.node_id for node in proposal.outline.nodes}) == 10


async def test_a_plan_that_was_asked_for_is_the_outlines() -> None:
    request = _request(Step.PLOT, options={"plan_id": "theirs"})
    proposal = (await write_proposal(Scribe(), request, _silent)).proposal

    assert isinstance(proposal, PlotProposal)
    assert proposal.outline.plan_id == "theirs"


async def test_whoever_was_there_before_keeps_the_id_and_names_in_a_network_become_ids() -> None:
    content = smallest(proposal_schema(Step.CHARACTER))
    first = content["characters"][0] | {"name": "Ada"}
    second = deepcopy(first) | {"name": "Ben"}
    network = {
        "nodes": [{"character_id": name, "name": name} for name in ("Ada", "Ben")],
        "edges": [{"from": "Ada", "to": "Ben", "type": "blood", "strength": 3, "description": "sister"}],
    }
    content |= {"characters": [first, second], "network": network}
    newest = {"characters": [{"name": "Ada", "character_id": "c-ada"}, "nonsense", {"name": 7}]}

    request = _request(Step.CHARACTER, newest=newest, is_revision=True, feedback=("older",))
    proposal = (await write_proposal(Scribe(content), request, _silent)).proposal

    assert isinstance(proposal, CastProposal)
    assert proposal.network is not None
    ada, ben = (one.character_id for one in proposal.characters)
    assert ada == "c-ada"
    assert [(edge.from_, edge.to) for edge in proposal.network.edges] == [(ada, ben)]
    assert [node.character_id for node in proposal.network.nodes] == [ada, ben]


async def test_a_network_alone_points_at_the_confirmed_cast() -> None:
    content = smallest(proposal_schema(Step.NETWORK))
    content["network"]["edges"][0] |= {"from": "Ada"}
    confirmed = {"CHARACTERS": {"characters": [{"name": "Ada", "character_id": "c-ada"}]}}

    proposal = (await write_proposal(Scribe(content), _request(Step.NETWORK, confirmed=confirmed), _silent)).proposal

    assert isinstance(proposal, NetworkProposal)
    assert proposal.network.edges[0].from_ == "c-ada"


async def test_a_revised_theme_stays_the_same_theme() -> None:
    request = _request(Step.THEME, is_revision=True, newest={"theme": {"theme_id": "t-1"}})
    proposal = (await write_proposal(Scribe(), request, _silent)).proposal

    assert isinstance(proposal, ThemeProposal)
    assert proposal.candidates[0].theme_id == "t-1"


async def test_a_world_needs_its_five_dimensions() -> None:
    proposal = (await write_proposal(Scribe(), _request(Step.WORLD), _silent)).proposal

    assert isinstance(proposal, WorldProposal)
    assert set(proposal.world.dimensions) == {"geography", "history", "culture", "rules", "society"}


@pytest.mark.parametrize("odd", [[], "text", {"theme": [1]}, {"theme": {"theme_id": 3}}, {"outline": {"nodes": 4}}])
@pytest.mark.parametrize("step", [Step.THEME, Step.CHARACTER, Step.NETWORK, Step.PLOT, Step.CONCEPT])
async def test_whatever_was_saved_by_hand_stops_nothing(step: Step, odd: Any) -> None:
    documents = {"characters": odd, "concept_candidates": odd, "theme": odd, "outline": odd}
    request = _request(step, newest=documents, confirmed={"CHARACTERS": {"characters": odd}}, is_revision=True)

    assert (await write_proposal(Scribe(), request, _silent)).proposal


async def test_what_only_our_own_types_refuse_is_invalid_output() -> None:
    content = smallest(proposal_schema(Step.NETWORK)) | {"more": 1}

    with pytest.raises(InvalidOutput):
        await write_proposal(Scribe(content), _request(Step.NETWORK), _silent)


async def test_concepts_are_scored_by_the_rules_that_hold_for_everybody() -> None:
    request = ConceptRequest(idea="一座只在雨天亮的灯塔", candidate_count=3)
    offline = propose_concepts(request)
    content = offline.model_dump(mode="json", include={"understanding", "suggestions"})
    content["candidates"] = [_draft(one) for one in offline.candidates]
    scribe = Scribe(content)

    batch = (await write_concepts(scribe, request, _silent, provider="openai")).batch

    assert batch.candidates == offline.candidates
    assert batch.quality_score == offline.quality_score
    assert (batch.usage.provider, batch.usage.model_version, batch.usage.prompt_tokens) == ("openai", "scribe-1", 10)
    assert scribe.prompts[0].schema["properties"]["candidates"]["minItems"] == 3


async def test_concepts_that_a_revision_leaves_alone_are_what_they_were() -> None:
    before = propose_concepts(ConceptRequest(idea="a lighthouse that shines only when it rains", candidate_count=3))
    kept, changed = before.candidates[0], before.candidates[1]
    drafts = [_draft(kept), _draft(changed)]
    drafts[1]["title"] = "The Wet Lamp"
    content = {"understanding": "u", "suggestions": ["a", "b"], "candidates": drafts}
    newest = {"concept_candidates": [one.model_dump(mode="json") for one in before.candidates]}

    request = _request(Step.CONCEPT, is_revision=True, feedback=("another title",), newest=newest)
    proposal = (await write_proposal(Scribe(content), request, _silent)).proposal

    assert isinstance(proposal, ConceptProposal)
    assert proposal.candidates[0] == kept
    assert proposal.candidates[1].title == "The Wet Lamp"
    assert proposal.candidates[1].concept_id != changed.concept_id
