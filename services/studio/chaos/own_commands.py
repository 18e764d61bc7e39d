"""Commands of `studio` in a process of their own, which can be told where to die."""

import asyncio
import os
import sys
from subprocess import DEVNULL
from typing import Final

from services.runtime.crash_points import CRASH_POINT_VARIABLE, ArmedCrashPoint
from services.runtime.pacing import within

END_SECONDS_MAX: Final = 180.0


async def run_command(*arguments: str, armed: ArmedCrashPoint | None = None) -> int:
    """The exit code of `studio …`; the negative number of the signal that ended it."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.studio.main",
        *arguments,
        env={**os.environ, CRASH_POINT_VARIABLE: armed.setting() if armed is not None else ""},
        stdout=DEVNULL,
    )
    try:
        return await within(END_SECONDS_MAX, child.wait())
    finally:
        if child.returncode is None:
            child.kill()
