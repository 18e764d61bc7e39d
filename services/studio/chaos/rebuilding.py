"""A rebuild killed on its way, beside live traffic, and begun again: it ends, and readers never saw anything of it."""

from random import Random
from signal import SIGKILL
from time import monotonic
from typing import Final

from services.runtime.crash_points import ArmedCrashPoint, CrashPoint
from services.studio.chaos.checker import Finding
from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.own_commands import run_command
from services.studio.errors import StudioError

WORKERS: Final = 2
SLICES: Final = (4, 6)
"""A worker dies with so many slices filled, as does the one that replaces it. There are more slices than the workers
fill without any of them dying; when more die than a rebuild replaces, it gives up and is run again."""


def _at_point(point: CrashPoint, *, passings: tuple[int, int] = (1, 1), ends: tuple[int, ...] = (-SIGKILL,)) -> Inject:
    async def inject(scene: Scene, random: Random) -> Injury:
        about = ("rebuild", f"--database-url={scene.studio.state.database_url}")
        rebuild = (*about, f"--workers={WORKERS}", "--accept-differences")
        armed = ArmedCrashPoint(point, passing=random.randint(*passings))
        began = monotonic()
        code = await run_command(*rebuild, armed=armed)
        if code not in ends:
            raise StudioError(f"A rebuild told to die at {point} ended with {code}.", remedy="See its output.")
        if code:
            began = monotonic()
            code = await run_command(*rebuild)
        took = monotonic() - began
        # The next one is refused while the tables that this one has replaced are kept.
        dropped = await run_command(*about, "--drop")
        codes = {"the rebuild that was begun again": code, "dropping the old tables": dropped}
        return Injury(took, tuple(Finding(10, "stuck", f"{what} ended with {c}") for what, c in codes.items() if c))

    return inject


REBUILD_KILLS: Final = (
    Fault(
        "rebuild.slice_copied",
        "Workers of a rebuild are killed with a slice copied and not committed, one after the other.",
        _at_point("rebuild.slice_copied", passings=SLICES, ends=(0, 1)),
        hits="rebuild",
        recovery_seconds_max=60.0,
    ),
    Fault(
        "rebuild.before_swap",
        "A rebuild is killed with the tables exchanged and nothing committed, and run again.",
        _at_point("rebuild.before_swap"),
        hits="rebuild",
        recovery_seconds_max=60.0,
    ),
    Fault(
        "rebuild.after_swap",
        "A rebuild is killed right after the exchange of the tables, and run again.",
        _at_point("rebuild.after_swap"),
        hits="rebuild",
        recovery_seconds_max=60.0,
    ),
)
