"""Both APIs of a running studio, asked as an admin: what operates it goes through them, not past them.

So it is logged, counted and bounded like everything else. Whoever can read the installation's secret may act as one.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import LOOPBACK

API: Final = "/api/v1"
ANSWER_SECONDS_MAX: Final = 60.0


class Refused(StudioError):
    """What an API answered with a problem document."""


@dataclass(frozen=True, slots=True)
class RunningApis:
    """Where they are. `remedy` is what to do when one of them refuses."""

    http: httpx.Client
    command_url: str
    query_url: str
    remedy: str

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """A read's body. Raises StudioError."""
        return self._ask("GET", f"{self.query_url}{API}{path}", params=parameters)

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A write's body. Raises StudioError."""
        return self._ask("POST", f"{self.command_url}{API}{path}", json=body)

    def _ask(self, method: str, url: str, **sent: Any) -> Any:
        try:
            response = self.http.request(method, url, **sent)
        except httpx.HTTPError as error:
            raise StudioError(
                f"{url} does not answer: {error}.", remedy="Look at `studio status`; nothing is lost by asking again."
            ) from error
        if response.is_error:
            raise Refused(str(response.json()["detail"]), remedy=self.remedy)
        return response.json()


@contextmanager
def apis_at(
    installation: Installation, command_port: int, query_port: int, *, user_name: str, remedy: str
) -> Iterator[RunningApis]:
    """The APIs at these ports, for an admin of that name."""
    # Imported late: `studio --help` starts faster without it.
    from services.runtime.access import UserRole, issue_token  # noqa: PLC0415

    token = issue_token(installation.ensure_secret(), user_name, UserRole.ADMIN)
    command_url, query_url = (f"http://{LOOPBACK}:{port}" for port in (command_port, query_port))
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    with httpx.Client(timeout=ANSWER_SECONDS_MAX, headers=headers) as http:
        yield RunningApis(http, command_url, query_url, remedy)


@contextmanager
def running_apis(installation: Installation, *, user_name: str, remedy: str) -> Iterator[RunningApis]:
    """Those of the running studio. Raises StudioError when none is running."""
    running = installation.require_running()
    ports = running.command_port, running.query_port
    with apis_at(installation, *ports, user_name=user_name, remedy=remedy) as apis:
        yield apis
