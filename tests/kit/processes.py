"""One process of ours by itself, as it is started for real, with servers beside it."""

import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from services.runtime.access import issue_token
from services.studio.ports import free_port
from services.studio.process_environment import process_environment
from tests.kit.waiting import eventually_sync

STOP_SECONDS_MAX = 10.0


@dataclass(frozen=True)
class Alone:
    """A running process; `token` is a user's, for those that ask who it is."""

    process: "subprocess.Popen[bytes]"
    http: httpx.Client
    secret: bytes
    token: str
    output_file: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        port = self.http.base_url.port
        assert port is not None
        return port

    def token_of(self, name: str) -> str:
        """The token of another user."""
        return issue_token(self.secret, name)

    def get(self, path: str) -> httpx.Response:
        """A GET of any path."""
        return self.http.get(path)

    def post(self, path: str, body: Mapping[str, Any], *, key: str | None = None) -> httpx.Response:
        """A command, perhaps with an idempotency key."""
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        return self.http.post(f"/api/v1{path}", json=body, headers=headers)

    def status(self, path: str) -> int:
        """The status that a GET is answered with, 0 while nobody answers."""
        try:
            return self.http.get(path).status_code
        except httpx.TransportError:
            return 0

    def has_logged(self, event: str, *, times: int = 1) -> bool:
        """Whether it has written a log record with this event's name, at least so many times."""
        return self.output_file.read_text().count(f'"event": "{event}"') >= times

    def is_standing_still(self) -> bool:
        """Whether it was stopped by SIGSTOP."""
        return psutil.Process(self.process.pid).status() == psutil.STATUS_STOPPED

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def stops_in_time(self) -> None:
        """Asks it to stop, and fails if it does not within its deadline or says that something was wrong."""
        self.send(signal.SIGTERM)
        assert self.process.wait(STOP_SECONDS_MAX) == 0


@contextmanager
def running(module: str, database_url: str, bootstrap: str = "", **settings: str) -> Iterator[Alone]:
    """Runs a process of ours until the block ends; it answers when the block begins, but need not be ready."""
    port, secret = free_port(), secrets.token_hex(32)
    with tempfile.TemporaryDirectory(prefix="studio-process-") as directory:
        secret_file, output_file = Path(directory) / "secret", Path(directory) / "output"
        secret_file.write_text(secret)
        environment = process_environment(
            database_url=database_url,
            kafka_bootstrap=bootstrap,
            secret_file=secret_file,
            port=port,
            instance=f"test-{port}",
        )
        with output_file.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module], env=environment | settings, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
                alone = Alone(process, http, secret.encode(), issue_token(secret.encode(), "somebody"), output_file)
                eventually_sync(lambda: alone.status("/livez") == 200, what=f"{module} answers")
                yield alone
        finally:
            process.kill()
            process.wait()
            print(output_file.read_text())  # noqa: T201  # pytest shows it when the test has failed
