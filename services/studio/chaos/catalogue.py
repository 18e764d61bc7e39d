"""Every fault there is, in the order in which they are listed and done."""

from collections.abc import Sequence
from typing import Final

from services.studio.chaos.faults import Fault
from services.studio.chaos.kills import POINT_KILLS, RANDOM_KILLS
from services.studio.chaos.migrating import MIGRATION_KILLS
from services.studio.chaos.rebuilding import REBUILD_KILLS
from services.studio.errors import StudioError

FAULTS: Final[tuple[Fault, ...]] = (*POINT_KILLS, *MIGRATION_KILLS, *REBUILD_KILLS, *RANDOM_KILLS)


def faults_named(names: Sequence[str]) -> tuple[Fault, ...]:
    """The faults of these names, all of them without any. Raises StudioError."""
    known = {fault.name: fault for fault in FAULTS}
    if unknown := [name for name in names if name not in known]:
        raise StudioError(f"There is no fault named {unknown[0]}.", remedy="`studio chaos --list` names them all.")
    return tuple(known[name] for name in names) or FAULTS
