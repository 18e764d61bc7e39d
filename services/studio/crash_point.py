"""The crash point of a command of `studio` itself, from the environment."""

from services.runtime.crash_points import WrongCrashPoint, arm_from_environment
from services.studio.errors import StudioError


def arm_crash_point() -> None:
    """Raises StudioError for one that there is not."""
    try:
        arm_from_environment()
    except WrongCrashPoint as error:
        raise StudioError(f"{error}.", remedy="Unset it: only `studio chaos` sets it.") from error
