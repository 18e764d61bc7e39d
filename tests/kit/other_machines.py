"""What stands for other people's machines, while everything runs on one."""

import os

NICENESS_MAX = 19


def give_way_to_the_studio() -> None:
    """Takes the processors only as far as the studio leaves them: its users and providers bring their own."""
    os.nice(NICENESS_MAX)
