"""Where the APIs are at the moment: those of the studio, and those of processes that a fault has added."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from services.studio.ports import LOOPBACK
from services.studio.run_state import RunState


class Addresses:
    """Chosen anew for each request, so that clients go round a process that is away."""

    def __init__(self, state: RunState) -> None:
        self._urls: dict[str, list[str]] = {"command_api": [], "query_api": []}
        for process in state.processes:
            if process.name in self._urls:
                self._urls[process.name].append(_url(process.port))

    def command_url(self, random: Random) -> str:
        """Any command API."""
        return random.choice(self._urls["command_api"])

    def query_url(self, random: Random) -> str:
        """Any query API."""
        return random.choice(self._urls["query_api"])

    @contextmanager
    def joined(self, kind: str, port: int) -> Iterator[None]:
        """While the block runs, another process of this kind is among those chosen from; some kinds serve nobody."""
        urls = self._urls.get(kind, [])
        urls.append(_url(port))
        try:
            yield
        finally:
            urls.remove(_url(port))


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"
