"""Ask one of our processes how it is, over its probe port."""

import http.client
import json
from dataclasses import dataclass

from services.studio.ports import LOOPBACK

PROBE_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Probe:
    """`live`: it answers at all. `ready`: it can do its work. `waiting_for`: what it says it lacks."""

    live: bool
    ready: bool
    waiting_for: str


def probe(port: int) -> Probe:
    """GET /readyz of the process on this loopback port; never raises."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PROBE_TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/readyz")
        with connection.getresponse() as answer:
            body = answer.read()
    except (OSError, http.client.HTTPException):
        return Probe(live=False, ready=False, waiting_for="no answer yet")
    finally:
        connection.close()
    return Probe(live=True, ready=answer.status == http.HTTPStatus.OK, waiting_for=_reasons(body))


def _reasons(body: bytes) -> str:
    try:
        waiting_for = json.loads(body)["waiting_for"]
    except (ValueError, KeyError, TypeError):
        return ""
    return ", ".join(map(str, waiting_for)) if isinstance(waiting_for, list) else str(waiting_for)
