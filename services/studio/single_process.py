"""`studio run`: become one of our processes, against the running studio or servers named in the environment."""

import os
import sys
from collections.abc import Mapping

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import free_port
from services.studio.process_environment import chosen_settings, process_environment
from services.studio.process_plan import ProcessKind, kind_named


def become_process(name: str, installation: Installation) -> None:
    """Replace this program by the process; does not return. Raises StudioError."""
    kind = kind_named(name)
    environment = environment_for(kind, installation, os.environ)
    # Replaced, not started: signals, exit code and terminal are the process's own.
    os.execve(sys.executable, [sys.executable, "-m", kind.module], environment)  # noqa: S606


def environment_for(kind: ProcessKind, installation: Installation, given: Mapping[str, str]) -> dict[str, str]:
    """The process's environment: STUDIO_ settings that are given win, a running studio supplies the others."""
    settings = chosen_settings(given)
    state = installation.running()
    installation.prepare()
    found = process_environment(
        database_url=state.database_url if state else "",
        kafka_bootstrap=state.kafka_bootstrap if state else "",
        secret_file=installation.secret_file,
        port=free_port(),
        instance=f"{kind.name.replace('_', '-')}-{os.getpid()}",
        log_format="console",
    )
    environment = found | settings
    _require_servers(kind, environment)
    return environment


def _require_servers(kind: ProcessKind, environment: Mapping[str, str]) -> None:
    wanted = {"database": "STUDIO_DATABASE_URL", "kafka": "STUDIO_KAFKA_BOOTSTRAP"}
    missing = [wanted[need] for need in sorted(kind.needs) if not environment[wanted[need]]]
    if missing:
        raise StudioError(
            f"No studio is running, and {' and '.join(missing)} is not set.",
            remedy="Start `studio up` in another terminal, or set it.",
        )
