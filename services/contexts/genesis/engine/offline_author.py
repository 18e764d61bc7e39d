"""The built-in author: no network, no clock, no luck. Equal requests get equal answers, in the story's language."""

from collections.abc import Callable, Mapping
from typing import Final

from services.contexts.genesis.engine.casts.networks import write_network
from services.contexts.genesis.engine.casts.proposing import propose_cast
from services.contexts.genesis.engine.casts.revising import revise_cast
from services.contexts.genesis.engine.concept_requests import concept_request
from services.contexts.genesis.engine.details.proposing import propose_details
from services.contexts.genesis.engine.foundations import ConceptProposal, Proposal
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.plots.proposing import propose_plot, revise_plot
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.themes.concept_revising import revise_concepts
from services.contexts.genesis.engine.themes.proposing import propose_themes, revise_themes
from services.contexts.genesis.engine.worlds.proposing import propose_world
from services.contexts.genesis.engine.worlds.revising import revise_world
from services.contexts.genesis.values.steps import Step

PROVIDER: Final = "offline"
MODEL_VERSION: Final = "offline-1"


def write_offline(request: StageRequest) -> Proposal:
    """What the built-in author answers."""
    return (_REVISERS if request.is_revision else _WRITERS)[request.step](request)


def _propose_concepts(request: StageRequest) -> ConceptProposal:
    batch = propose_concepts(concept_request(request))
    return ConceptProposal(
        understanding=batch.understanding, suggestions=batch.suggestions[:3], candidates=batch.candidates
    )


_WRITERS: Final[Mapping[Step, Callable[[StageRequest], Proposal]]] = {
    Step.CONCEPT: _propose_concepts,
    Step.THEME: propose_themes,
    Step.WORLD: propose_world,
    Step.CHARACTER: propose_cast,
    Step.NETWORK: write_network,
    Step.PLOT: propose_plot,
    Step.DETAILS: propose_details,
}
_REVISERS: Final[Mapping[Step, Callable[[StageRequest], Proposal]]] = {
    Step.CONCEPT: revise_concepts,
    Step.THEME: revise_themes,
    Step.WORLD: revise_world,
    Step.CHARACTER: revise_cast,
    Step.PLOT: revise_plot,
}
