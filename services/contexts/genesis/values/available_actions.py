"""Which typed commands are valid right now: what a screen enables."""

from collections.abc import Mapping
from typing import Any

from shared_types.enums import GenesisStage, GenesisStatus, StageStatus

_SESSION = "Command.Genesis.Session."
_FLOW = "Command.Genesis.Flow."


def available_actions(flow: Mapping[str, Any], record: Mapping[str, Any], pending: set[str]) -> list[str]:
    """Canonical command types for a flow's and its current record's columns; open types are left out."""
    match flow["status"]:
        case GenesisStatus.PAUSED:
            return [f"{_FLOW}Resume", f"{_FLOW}Abandon"]
        case GenesisStatus.IN_PROGRESS:
            actions = _of_running(record, pending) if record["status"] == StageStatus.RUNNING else []
            return [*actions, f"{_FLOW}SwitchStage", f"{_FLOW}Pause", f"{_FLOW}Abandon"]
        case _:
            return []


def _of_running(record: Mapping[str, Any], pending: set[str]) -> list[str]:
    stage, is_confirmed, is_idle = record["stage"], record["confirmed_version"] is not None, not pending
    actions = [f"{_SESSION}Fail"]
    if stage == GenesisStage.INITIAL_PROMPT:
        actions.append(f"{_SESSION}Seed.Request")
    if stage != GenesisStage.FINISHED and is_confirmed and is_idle:
        actions.append(f"{_SESSION}Stage.Complete")
    if stage == GenesisStage.FINISHED or (stage == GenesisStage.PLOT_OUTLINE and is_confirmed):
        actions.extend([f"{_SESSION}Finish"] if is_idle else [])
    return [action for action in actions if action not in pending]
