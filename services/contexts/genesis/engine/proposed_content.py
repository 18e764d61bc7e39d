"""What a proposal changes in its stage's settings document: the keys it writes, as plain JSON."""

from typing import Any

from services.contexts.genesis.engine.foundations import (
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


def content_of(request: StageRequest, proposal: Proposal) -> Object:
    """The keys of the document that the proposal writes. All others stay as they are."""
    match proposal:
        case ConceptProposal():
            return _chosen_or_offered(request, "concept", _plain(proposal)["candidates"])
        case ThemeProposal():
            return _chosen_or_offered(request, "theme", _plain(proposal)["candidates"])
        case WorldProposal():
            return dict(_plain(proposal)["world"])
        case CastProposal() | NetworkProposal() | PlotProposal() | DetailsProposal():
            return {key: value for key, value in _plain(proposal).items() if value is not None}
        case _:
            raise AssertionError(f"{type(proposal).__name__} is a proposal of a step")


def _chosen_or_offered(request: StageRequest, name: str, written: list[Object]) -> Object:
    """Candidates are offered; a revision of the one that was chosen takes its place, also among the candidates."""
    chosen = request.newest.get(name)
    if not request.is_revision or not isinstance(chosen, dict):
        return {f"{name}_candidates": written}
    by_id = {one[f"{name}_id"]: one for one in written}
    offered = request.newest.get(f"{name}_candidates")
    kept = [_replaced(one, f"{name}_id", by_id) for one in offered] if isinstance(offered, list) else []
    return {name: by_id.get(str(chosen.get(f"{name}_id")), written[0]), f"{name}_candidates": kept}


def _replaced(one: Any, key: str, by_id: Object) -> Any:
    return by_id.get(str(one.get(key)), one) if isinstance(one, dict) else one


def _plain(proposal: Proposal) -> Object:
    return proposal.model_dump(mode="json", by_alias=True, exclude={"understanding", "suggestions"})
