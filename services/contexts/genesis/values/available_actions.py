"""Which typed commands are valid right now: what a screen enables."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.contexts.genesis.values.documents import objects
from shared_types.enums import GenesisStage, GenesisStatus, StageStatus

_SESSION = "Command.Genesis.Session."
_FLOW = "Command.Genesis.Flow."
_CONTENT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    GenesisStage.WORLDVIEW: ("World.Request", ("World.Update", "World.Confirm", "Branch.Create")),
    GenesisStage.CHARACTERS: ("Character.Request", ("Character.Update", "Character.Confirm", "Branch.Create")),
    GenesisStage.PLOT_OUTLINE: ("Plot.Request", ("Plot.Update", "Plot.Confirm", "Branch.Create")),
    GenesisStage.FINISHED: ("Details.Request", ("Details.Confirm",)),
}
"""By stage what asks for content, and what needs some to be there."""


def available_actions(
    flow: Mapping[str, Any], record: Mapping[str, Any], document: Mapping[str, Any] | None, pending: set[str]
) -> list[str]:
    """Canonical command types for a flow's and its current record's columns and the newest document.

    Types of which a command is open are left out.
    """
    match flow["status"]:
        case GenesisStatus.PAUSED:
            return [f"{_FLOW}Resume", f"{_FLOW}Abandon"]
        case GenesisStatus.IN_PROGRESS:
            is_running = record["status"] == StageStatus.RUNNING
            actions = [f"{_SESSION}{name}" for name in _of_running(record, document, pending)] if is_running else []
            actions += [f"{_FLOW}SwitchStage", f"{_FLOW}Pause", f"{_FLOW}Abandon"]
            return [action for action in actions if action not in pending]
        case _:
            return []


def _of_running(record: Mapping[str, Any], document: Mapping[str, Any] | None, pending: set[str]) -> Iterator[str]:
    stage, is_confirmed, is_idle = record["stage"], record["confirmed_version"] is not None, not pending
    yield "Fail"
    if stage == GenesisStage.INITIAL_PROMPT:
        yield from _of_ideas(document, is_confirmed=is_confirmed)
    else:
        request, others = _CONTENT[stage]
        yield request
        yield from others if document is not None else ()
    if stage == GenesisStage.CHARACTERS and len(objects((document or {}).get("characters"))) > 1:
        yield "CharacterNetwork.Create"
    if stage != GenesisStage.FINISHED and is_confirmed and is_idle:
        yield "Stage.Complete"
    if is_idle and (stage == GenesisStage.FINISHED or (stage == GenesisStage.PLOT_OUTLINE and is_confirmed)):
        yield "Finish"


def _of_ideas(document: Mapping[str, Any] | None, *, is_confirmed: bool) -> Iterator[str]:
    yield "Seed.Request"
    if document is None:
        return
    yield "Branch.Create"
    if document.get("concept") or document.get("concept_candidates"):
        yield from ("Concept.Confirm", "Theme.Revise")
    if document.get("concept") and is_confirmed:
        yield "Theme.Request"
    if document.get("theme") or document.get("theme_candidates"):
        yield "Theme.Confirm"
