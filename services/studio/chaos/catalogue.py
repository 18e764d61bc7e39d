"""Every fault there is, in the order in which they are listed and done."""

from collections.abc import Sequence
from typing import Final

from services.studio.chaos.cut_messages import CUT_MESSAGES
from services.studio.chaos.faults import Fault
from services.studio.chaos.full_disk import DISK_FULL
from services.studio.chaos.held_append import append_held
from services.studio.chaos.killing_sprees import EVERYTHING_KILLED, NOTHING, killing_spree
from services.studio.chaos.kills import POINT_KILLS, RANDOM_KILLS
from services.studio.chaos.migrating import MIGRATION_KILLS
from services.studio.chaos.rebalancing import rebalance_storm
from services.studio.chaos.rebuilding import REBUILD_KILLS
from services.studio.chaos.servers_away import SERVER_FAULTS, kafka_away
from services.studio.chaos.soaking import MINUTES, soak
from services.studio.chaos.standing_still import STANDSTILLS
from services.studio.errors import StudioError

FAULTS: Final[tuple[Fault, ...]] = (
    NOTHING,
    *POINT_KILLS,
    *MIGRATION_KILLS,
    *REBUILD_KILLS,
    *RANDOM_KILLS,
    *CUT_MESSAGES,
    *STANDSTILLS,
    rebalance_storm(),
    append_held(),
    *SERVER_FAULTS,
    EVERYTHING_KILLED,
    killing_spree(),
    DISK_FULL,
    kafka_away(),
    soak(),
)


def faults_named(names: Sequence[str], *, soak_minutes: float = MINUTES) -> tuple[Fault, ...]:
    """The faults of these names; without any, all that can be done on this machine. Raises StudioError."""
    soaking = soak(soak_minutes)
    known = {fault.name: fault for fault in FAULTS} | {soaking.name: soaking}
    if unknown := [name for name in names if name not in known]:
        raise StudioError(f"There is no fault named {unknown[0]}.", remedy="`studio chaos --list` names them all.")
    if not names:
        return tuple(fault for fault in known.values() if fault.missing is None)
    for fault in (known[name] for name in names):
        if fault.missing is not None:
            raise StudioError(f"{fault.name} can't be done here: {fault.missing}.", remedy="Leave it out.")
    return tuple(known[name] for name in names)
