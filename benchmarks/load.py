"""The load generator: keep-alive HTTP/1.1 clients in a process of their own, to take nothing from the server's.

`python -m benchmarks.load` reads a plan as JSON from standard input and writes a report as JSON. Requests are
rendered beforehand and answers only skimmed: a request costs some 15 µs here, and the report says how much it was.
"""

import asyncio
import resource
import subprocess
import sys
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import cycle
from typing import cast

import uvloop
from pydantic import BaseModel

from benchmarks.requests import Kind, RequestTemplate, render_requests
from benchmarks.samples import percentile

TICK_SECONDS = 0.005
DRAIN_SECONDS_MAX = 10.0


class LoadClient(BaseModel):
    """A user on one connection."""

    token: str
    session_ids: list[str] = []


class LoadPlan(BaseModel):
    """What to send. Connections go round the ports; without a rate each client sends as soon as it is answered."""

    ports: list[int]
    kind: Kind
    clients: list[LoadClient]
    seconds: float
    warm_up_seconds: float = 0.3
    rate_per_second: float | None = None


class LoadReport(BaseModel):
    """What came back. The rate and the latencies leave the warm-up out, `accepted` and CPU do not."""

    per_second: float
    accepted: int
    refused: dict[str, int]
    latency_p50_ms: float
    latency_p99_ms: float
    cpu_share: float
    """CPU time of the generator by wall-clock time: 1.0 is a whole core."""


def start_load(plan: LoadPlan) -> "subprocess.Popen[bytes]":
    """Starts a generator process; `finish_load` waits for its report."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(plan.model_dump_json().encode())
    process.stdin.close()
    return process


def finish_load(process: "subprocess.Popen[bytes]") -> LoadReport:
    """The report of a generator, once it has ended."""
    assert process.stdout is not None
    with process:
        answer = process.stdout.read()
    if process.returncode != 0:
        raise RuntimeError(f"the load generator ended with {process.returncode}")
    return LoadReport.model_validate_json(answer)


def run_load(plan: LoadPlan) -> LoadReport:
    """Runs a generator to its end."""
    return finish_load(start_load(plan))


class _Run:
    """One run: who has been answered how, and whether to go on."""

    def __init__(self, plan: LoadPlan) -> None:
        self._plan = plan
        self.stopping = False
        self.measuring = False
        self.paced = plan.rate_per_second is not None
        self.latencies = array("d")
        self.statuses: Counter[int] = Counter()
        self.in_flight = 0
        self.idle: list[_Client] = []

    async def report(self) -> LoadReport:
        """Connects, warms up, measures, waits for the last answers."""
        clients = await self._connect()
        started, cpu_before = time.perf_counter(), _cpu_seconds()
        pacer = asyncio.create_task(self._pace()) if self.paced else None
        for client in clients:
            client.take_turn()
        await asyncio.sleep(self._plan.warm_up_seconds)
        self.measuring, measured_from = True, time.perf_counter()
        await asyncio.sleep(self._plan.seconds)
        self.measuring, measured_seconds = False, time.perf_counter() - measured_from
        self.stopping = True
        if pacer is not None:
            pacer.cancel()
        await self._drain()
        cpu_share = (_cpu_seconds() - cpu_before) / (time.perf_counter() - started)
        return self._summary(measured_seconds, cpu_share)

    async def _connect(self) -> list["_Client"]:
        loop, ports = asyncio.get_running_loop(), cycle(self._plan.ports)
        clients = []
        for planned in self._plan.clients:
            templates = render_requests(self._plan.kind, planned.token, planned.session_ids)
            client = _Client(self, templates)
            await loop.create_connection(partial(_itself, client), "127.0.0.1", next(ports))
            clients.append(client)
        return clients

    async def _pace(self) -> None:
        """Hands turns to idle clients. A turn that finds none is lost: the offered rate is an upper bound."""
        rate, started, given = self._plan.rate_per_second or 0.0, time.perf_counter(), 0
        while True:
            due = int((time.perf_counter() - started) * rate)
            for _ in range(min(due - given, len(self.idle))):
                self.idle.pop().send()
            given = due
            await asyncio.sleep(TICK_SECONDS)

    async def _drain(self) -> None:
        deadline = time.perf_counter() + DRAIN_SECONDS_MAX
        while self.in_flight:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{self.in_flight} requests were not answered in {DRAIN_SECONDS_MAX} s")
            await asyncio.sleep(TICK_SECONDS)

    def _summary(self, measured_seconds: float, cpu_share: float) -> LoadReport:
        accepted = sum(count for status, count in self.statuses.items() if 200 <= status < 300)
        refused = {str(status): count for status, count in self.statuses.items() if not 200 <= status < 300}
        return LoadReport(
            per_second=len(self.latencies) / measured_seconds,
            accepted=accepted,
            refused=refused,
            latency_p50_ms=percentile(self.latencies, 0.50) * 1_000,
            latency_p99_ms=percentile(self.latencies, 0.99) * 1_000,
            cpu_share=cpu_share,
        )


class _Client(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    __slots__ = ("_next_template", "_pieces", "_run", "_sent_at", "_transport")

    def __init__(self, run: _Run, templates: Sequence[RequestTemplate]) -> None:
        self._run = run
        self._next_template = cycle(templates).__next__
        self._pieces = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not checked: uvloop's transports are no subclass.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._run.stopping:
            raise ConnectionError("the server closed a connection")

    def take_turn(self) -> None:
        """Sends at once, or waits for the pacer."""
        if self._run.stopping:
            return
        if self._run.paced:
            self._run.idle.append(self)
        else:
            self.send()

    def send(self) -> None:
        """Sends the next request."""
        self._run.in_flight += 1
        self._sent_at = time.perf_counter()
        self._transport.write(self._next_template().render())

    def data_received(self, data: bytes) -> None:
        answer = self._pieces + data if self._pieces else data
        status = _status_of_whole_answer(answer)
        if status is None:
            self._pieces = answer
            return
        self._pieces = b""
        run = self._run
        run.in_flight -= 1
        run.statuses[status] += 1
        if run.measuring:
            run.latencies.append(time.perf_counter() - self._sent_at)
        self.take_turn()


def _itself(client: _Client) -> _Client:
    return client


def _status_of_whole_answer(answer: bytes) -> int | None:
    """The status, or None while something is still to come."""
    head_end = answer.find(b"\r\n\r\n")
    length_at = answer.find(b"content-length: ")
    if head_end < 0 or length_at < 0:
        return None
    length = int(answer[length_at + 16 : answer.index(b"\r", length_at)])
    return int(answer[9:12]) if len(answer) >= head_end + 4 + length else None


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Runs the plan on standard input."""
    plan = LoadPlan.model_validate_json(sys.stdin.buffer.read())
    report = uvloop.run(_Run(plan).report())
    sys.stdout.write(report.model_dump_json())


if __name__ == "__main__":
    main()
