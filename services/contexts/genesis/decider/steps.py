"""What each typed command about content asks for: which step of which stage, how often, and as which events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.contexts.genesis.commands import content
from services.contexts.genesis.decider.state import Flow, StageRecord
from services.contexts.genesis.events import (
    CharacterConfirmed,
    CharacterNetworkCreated,
    CharacterNetworkRequested,
    CharacterProposed,
    CharacterRequested,
    CharacterUpdated,
    CharacterUpdateRequested,
    ConceptConfirmed,
    ConceptProposed,
    ContentConfirmed,
    ContentProposed,
    ContentRequested,
    ContentRevised,
    DetailsConfirmed,
    DetailsGenerated,
    DetailsRequested,
    PlotConfirmed,
    PlotProposed,
    PlotRequested,
    PlotUpdated,
    PlotUpdateRequested,
    RevisionRequested,
    SeedRequested,
    ThemeConfirmed,
    ThemeProposed,
    ThemeRequested,
    ThemeRevised,
    ThemeRevisionRequested,
    WorldConfirmed,
    WorldProposed,
    WorldRequested,
    WorldUpdated,
    WorldUpdateRequested,
)
from services.contexts.genesis.values import task_types
from services.contexts.genesis.values.documents import identified, objects
from services.contexts.genesis.values.stages import STAGES
from services.contexts.genesis.values.steps import Step
from services.kernel.decider import FieldError, Rejected
from shared_types.enums import GenesisMode, GenesisStage

Object = dict[str, Any]

TASK_TYPES: Mapping[Step, str] = {
    Step.CONCEPT: task_types.CONCEPT_TASK,
    Step.THEME: task_types.THEME_TASK,
    Step.WORLD: task_types.WORLD_TASK,
    Step.CHARACTER: task_types.CHARACTER_TASK,
    Step.NETWORK: task_types.NETWORK_TASK,
    Step.PLOT: task_types.PLOT_TASK,
    Step.DETAILS: task_types.DETAILS_TASK,
}
PROPOSED: Mapping[Step, type[ContentProposed]] = {
    Step.CONCEPT: ConceptProposed,
    Step.THEME: ThemeProposed,
    Step.WORLD: WorldProposed,
    Step.CHARACTER: CharacterProposed,
    Step.NETWORK: CharacterNetworkCreated,
    Step.PLOT: PlotProposed,
    Step.DETAILS: DetailsGenerated,
}
"""What a step's result is told as."""
REVISED: Mapping[Step, type[ContentRevised]] = {
    Step.THEME: ThemeRevised,
    Step.WORLD: WorldUpdated,
    Step.CHARACTER: CharacterUpdated,
    Step.PLOT: PlotUpdated,
}
"""What a step's revision is told as; that of concepts is another proposal of them."""

COUNTS: Mapping[str, tuple[int, int]] = {
    "place": (10, 50),
    "person": (10, 50),
    "item": (10, 30),
    "skill": (10, 30),
    "organization": (5, 20),
}
"""How few and how many details of a category may be asked for at once."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a request is checked against: the record, and the newest document of the line that its session works on."""

    record: StageRecord
    document: Object
    mode: GenesisMode | None


@dataclass(frozen=True, slots=True)
class Request:
    """A command that asks for content. `options` checks what is the command's own and hands it on to the author."""

    step: Step
    stage: GenesisStage
    proposals_max: int | None
    requested: type[ContentRequested]
    options: Callable[[Standing, Any], Object]


@dataclass(frozen=True, slots=True)
class Revision:
    """A command that has content changed; `options` tells which step's, and what of it."""

    stage: GenesisStage
    requested: type[RevisionRequested]
    edited: type[ContentRevised]
    options: Callable[[Object, Any], tuple[Step, Object]]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A command that confirms a version; `select` puts the candidate that was chosen where it belongs."""

    stage: GenesisStage
    confirmed: type[ContentConfirmed]
    select: Callable[[Object, Any], tuple[Object, str | None]]
    required: bool = True


# --- Requests ------------------------------------------------------------------------------------------------------


def _seed_options(here: Standing, payload: content.RequestSeedPayload) -> Object:
    if not (payload.user_input or "").strip() and here.mode is GenesisMode.REFINEMENT:
        detail = "Say in user_input what the story is to be about."
        raise Rejected(
            "USER_INPUT_REQUIRED", detail, errors=(FieldError("/user_input", "USER_INPUT_REQUIRED", detail),)
        )
    known = known_candidates(here.record)
    return {
        "candidate_count": payload.candidate_count,
        "merge": [_candidate(known, concept_id) for concept_id in payload.merge_ids or []],
        "earlier": known,
    }


def _theme_options(here: Standing, payload: content.RequestThemePayload) -> Object:
    confirmed = here.record.confirmed
    if confirmed is None or not confirmed.settings.get("concept"):
        raise Rejected("CONCEPT_NOT_CONFIRMED", "Confirm a concept first.")
    return {"theme_preferences": payload.theme_preferences}


def _world_options(here: Standing, payload: content.RequestWorldPayload) -> Object:
    return {"dimension": payload.dimension}


def _character_options(here: Standing, payload: content.RequestCharacterPayload) -> Object:
    if payload.character_id is not None:
        _character(here.document, payload.character_id)
    return {"character_id": payload.character_id}


def _network_options(here: Standing, payload: content.CreateNetworkPayload) -> Object:
    known = [c["character_id"] for c in objects(here.document.get("characters")) if c.get("character_id")]
    for character_id in payload.character_ids or []:
        _character(here.document, character_id)
    chosen = list(dict.fromkeys(payload.character_ids or known))
    if len(chosen) < 2:  # nobody stands between fewer
        raise Rejected("NOT_ENOUGH_CHARACTERS", "A network takes at least two characters.")
    return {"character_ids": chosen}


def _plot_options(here: Standing, payload: content.RequestPlotPayload) -> Object:
    plans = here.document.get("candidates")
    if payload.plan_id is not None and identified(plans, "plan_id", payload.plan_id) is None:
        raise Rejected("PLAN_NOT_FOUND", f"There is no plan {payload.plan_id[:80]} among the candidates.")
    _check_node(here.document, payload.node_id)
    return payload.model_dump(include={"structure", "plan_id", "node_id"})


def _details_options(here: Standing, payload: content.RequestDetailsPayload) -> Object:
    errors = []
    for category, count in payload.counts.items():
        low, high = COUNTS[category]
        if not low <= count <= high:
            detail = f"Between {low} and {high} of {category} can be asked for at once."
            errors.append(FieldError(f"/counts/{category}", "COUNT_OUT_OF_RANGE", detail))
    if errors:
        raise Rejected("COUNT_OUT_OF_RANGE", errors[0].message, errors=tuple(errors))
    return payload.model_dump(include={"categories", "counts", "style"})


SEED = Request(Step.CONCEPT, GenesisStage.INITIAL_PROMPT, 10, SeedRequested, _seed_options)
THEME = Request(Step.THEME, GenesisStage.INITIAL_PROMPT, 15, ThemeRequested, _theme_options)
WORLD = Request(Step.WORLD, GenesisStage.WORLDVIEW, 20, WorldRequested, _world_options)
CHARACTER = Request(Step.CHARACTER, GenesisStage.CHARACTERS, 15, CharacterRequested, _character_options)
NETWORK = Request(Step.NETWORK, GenesisStage.CHARACTERS, None, CharacterNetworkRequested, _network_options)
PLOT = Request(Step.PLOT, GenesisStage.PLOT_OUTLINE, 15, PlotRequested, _plot_options)
DETAILS = Request(Step.DETAILS, GenesisStage.FINISHED, 10, DetailsRequested, _details_options)


# --- Revisions -----------------------------------------------------------------------------------------------------


def _theme_revision(document: Object, payload: content.ReviseThemePayload) -> tuple[Step, Object]:
    has_theme = bool(document.get("theme") or document.get("theme_candidates"))
    target = payload.target or ("theme" if has_theme else "concept")
    if not (document.get(target) or document.get(f"{target}_candidates")):
        raise Rejected("NOTHING_TO_REVISE", f"There is no {target} yet.")
    return Step.THEME if target == "theme" else Step.CONCEPT, {"target": target}


def _world_revision(document: Object, payload: content.RevisePayload) -> tuple[Step, Object]:
    return Step.WORLD, {}


def _character_revision(document: Object, payload: content.UpdateCharacterPayload) -> tuple[Step, Object]:
    if payload.character_id is not None:
        _character(document, payload.character_id)
    return Step.CHARACTER, {"character_id": payload.character_id}


def _plot_revision(document: Object, payload: content.UpdatePlotPayload) -> tuple[Step, Object]:
    _check_node(document, payload.node_id)
    return Step.PLOT, {"node_id": payload.node_id}


REVISE_THEME = Revision(GenesisStage.INITIAL_PROMPT, ThemeRevisionRequested, ThemeRevised, _theme_revision)
UPDATE_WORLD = Revision(GenesisStage.WORLDVIEW, WorldUpdateRequested, WorldUpdated, _world_revision)
UPDATE_CHARACTER = Revision(GenesisStage.CHARACTERS, CharacterUpdateRequested, CharacterUpdated, _character_revision)
UPDATE_PLOT = Revision(GenesisStage.PLOT_OUTLINE, PlotUpdateRequested, PlotUpdated, _plot_revision)


# --- Confirmations -------------------------------------------------------------------------------------------------


def _select_concept(document: Object, payload: content.ConfirmConceptPayload) -> tuple[Object, str | None]:
    choices = [*objects(document.get("concept_candidates")), *objects([document.get("concept")])]
    chosen = identified(choices[::-1], "concept_id", payload.concept_id)
    if chosen is None:
        raise Rejected("CONCEPT_NOT_FOUND", f"There is no concept {payload.concept_id[:80]} in this version.")
    return {**document, "concept": chosen}, payload.concept_id


def _select_theme(document: Object, payload: content.ConfirmThemePayload) -> tuple[Object, str | None]:
    candidates, theme = objects(document.get("theme_candidates")), document.get("theme")
    choices = [*objects([theme]), *candidates]
    theme_id = payload.theme_id
    if theme_id is None:
        ids = {choice.get("theme_id") for choice in choices}
        if len(ids) > 1:
            detail = "There are several themes; say which in theme_id."
            raise Rejected(
                "SELECTION_REQUIRED", detail, errors=(FieldError("/theme_id", "SELECTION_REQUIRED", detail),)
            )
        theme_id = choices[0].get("theme_id") if choices else None
    chosen = next((choice for choice in choices if choice.get("theme_id") == theme_id), None)
    if chosen is None:
        raise Rejected("THEME_NOT_FOUND", "There is no such theme in this version.")
    return {**document, "theme": chosen}, theme_id


def _select_all(document: Object, payload: content.ConfirmPayload) -> tuple[Object, str | None]:
    return document, None


CONFIRM_CONCEPT = Confirmation(GenesisStage.INITIAL_PROMPT, ConceptConfirmed, _select_concept)
CONFIRM_THEME = Confirmation(GenesisStage.INITIAL_PROMPT, ThemeConfirmed, _select_theme, required=False)
CONFIRM_WORLD = Confirmation(GenesisStage.WORLDVIEW, WorldConfirmed, _select_all)
CONFIRM_CHARACTER = Confirmation(GenesisStage.CHARACTERS, CharacterConfirmed, _select_all)
CONFIRM_PLOT = Confirmation(GenesisStage.PLOT_OUTLINE, PlotConfirmed, _select_all)
CONFIRM_DETAILS = Confirmation(GenesisStage.FINISHED, DetailsConfirmed, _select_all)


# --- What they are about -------------------------------------------------------------------------------------------


def confirmed_documents(flow: Flow, record: StageRecord) -> dict[str, Object]:
    """The confirmed documents of the stages before a record's, by the stage's name."""
    earlier = STAGES[: STAGES.index(record.stage)]
    found = {stage: flow.newest_confirmed_of(stage) for stage in earlier}
    return {
        str(stage): source.confirmed.settings
        for stage, source in found.items()
        if source is not None and source.confirmed is not None
    }


def known_candidates(record: StageRecord) -> list[Object]:
    """Every concept candidate that any version of the record holds, the newest first, each once."""
    found: dict[str, Object] = {}
    for version in range(record.latest_version, 0, -1):
        for candidate in objects(record.versions[version].settings.get("concept_candidates")):
            if isinstance(candidate.get("concept_id"), str):
                found.setdefault(candidate["concept_id"], candidate)
    return list(found.values())


def _candidate(candidates: list[Object], concept_id: str) -> Object:
    found = identified(candidates, "concept_id", concept_id)
    if found is None:
        raise Rejected("CONCEPT_NOT_FOUND", f"There is no concept {concept_id[:80]} among the candidates.")
    return found


def _character(document: Object, character_id: str) -> Object:
    found = identified(document.get("characters"), "character_id", character_id)
    if found is None:
        raise Rejected("CHARACTER_NOT_FOUND", f"There is no character {character_id[:80]} in the newest version.")
    return found


def _check_node(document: Object, node_id: str | None) -> None:
    outline = document.get("outline")
    nodes = outline.get("nodes") if isinstance(outline, dict) else None
    if node_id is not None and identified(nodes, "node_id", node_id) is None:
        raise Rejected("NODE_NOT_FOUND", f"There is no node {node_id[:80]} in the newest version.")
