"""The environment that our processes are given: how they find database, broker, secret and their own port."""

import os
from collections.abc import Mapping
from pathlib import Path

from services.studio.ports import LOOPBACK

OWN_PREFIX = "STUDIO_"

LOOPBACK_LIMITS = {
    "STUDIO_RATE_LIMIT_USER_REQUESTS": "1000000",
    "STUDIO_RATE_LIMIT_REQUESTS": "1000000",
    "STUDIO_RATE_LIMIT_PASSWORD_REQUESTS": "1000",
}
"""On a machine of one's own everybody has the same address, and whoever asks often is who it is for. See ADR 18."""


MALLOC = {"MALLOC_MMAP_THRESHOLD_": str(1024 * 1024), "MALLOC_TRIM_THRESHOLD_": str(8 * 1024 * 1024)}
"""The C library raises these by itself until large blocks stay in the heap for good: hashing a password takes 19 MiB
for 20 ms, and left as much in each thread. Other C libraries don't know them."""


def process_environment(
    *, database_url: str, kafka_bootstrap: str, secret_file: Path, port: int, instance: str, log_format: str = "json"
) -> dict[str, str]:
    """Our own environment, so that further STUDIO_ settings reach the processes, with these set or replaced.

    Limits that are not set are those of a machine of one's own.
    """
    return (
        LOOPBACK_LIMITS
        | MALLOC
        | dict(os.environ)
        | {
            "STUDIO_DATABASE_URL": database_url,
            "STUDIO_KAFKA_BOOTSTRAP": kafka_bootstrap,
            "STUDIO_SECRET_FILE": str(secret_file.resolve()),
            "STUDIO_HOST": LOOPBACK,
            "STUDIO_PORT": str(port),
            "STUDIO_INSTANCE": instance,
            "STUDIO_LOG_FORMAT": log_format,
            # A line of log is shown when it is written, also by what prints without flushing.
            "PYTHONUNBUFFERED": "1",
        }
    )


def chosen_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The STUDIO_ settings that somebody has set to something."""
    return {name: value for name, value in environment.items() if name.startswith(OWN_PREFIX) and value}
