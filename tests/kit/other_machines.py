"""What stands for other people's machines, while everything runs on one."""

import os

from services.studio.priority import give_way
from tests.kit.waiting import eventually_sync

NICENESS_MAX = 19


def give_way_to_the_studio() -> None:
    """Takes the processors only as far as the studio leaves them: its users and providers bring their own.

    Called by a process of its own, which leads a session of its own from then on.
    """
    os.setsid()
    os.nice(NICENESS_MAX)
    eventually_sync(lambda: give_way(os.getpid(), niceness=NICENESS_MAX), what="its session gives way")
