"""One worker of a rebuild, a process of its own: `python -m services.runtime.rebuilding.worker`.

Fills slices until none is left, it is told to stop (SIGTERM) or whoever started it is gone. It may be killed at any
moment: the slice in hand is filled again by another.
"""

import os
import signal
import sys
from types import FrameType

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.crash_points import arm_from_environment
from services.runtime.rebuilding.choice import load_contexts
from services.runtime.rebuilding.filling import fill_slices
from services.runtime.rebuilding.models import Models, NotProjected, read_shapes
from services.runtime.rebuilding.record import State, connected, find_open


class WorkerSettings(BaseSettings):
    """What a worker is told by whoever starts it."""

    model_config = SettingsConfigDict(env_prefix="STUDIO_", frozen=True)

    database_url: str = Field(min_length=1)
    rebuild_contexts: str = Field(min_length=1, description="package.module:NAME of the contexts")


class Told:
    """Whether the worker is to stop."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._stop = False
        signal.signal(signal.SIGTERM, self._hear)

    def to_stop(self) -> bool:
        """Asked between slices."""
        return self._stop or os.getppid() != self._parent

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self._stop = True


def main() -> None:
    """Runs the worker; exit code 1 when an event could not be applied, which is noted at its slice."""
    arm_from_environment()
    told = Told()
    settings = WorkerSettings()
    with connected(settings.database_url) as connection:
        rebuild = find_open(connection)
    if rebuild is None or rebuild.state is not State.FILLING:
        return
    models = Models(load_contexts(settings.rebuild_contexts), rebuild.group, rebuild.projections)
    shapes = read_shapes(settings.database_url, rebuild.tables)
    try:
        fill_slices(settings.database_url, rebuild, models, shapes, to_stop=told.to_stop)
    except NotProjected:
        sys.exit(1)


if __name__ == "__main__":
    main()
