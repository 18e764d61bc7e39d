"""From sending a POST to receiving its event on an open stream, with the whole studio running.

First at an idle pace, where the way can be followed: the answer, the message's time at the broker, the start of the
projector's transaction, the frame. Then the load that the studio bears is found, and all is measured at half of it.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

import psycopg
from aiokafka import AIOKafkaConsumer

from benchmarks.figures import Figure, Goal, Results
from benchmarks.load import LoadClient, LoadPlan, finish_load, start_load
from benchmarks.requests import RequestTemplate, new_users, render_requests
from benchmarks.samples import Sample, percentile
from benchmarks.wire import Listener, Poster, listening, posting
from services.runtime.access import issue_token
from services.runtime.kafka import EVENTS_TOPIC
from tests.kit.studio import Client, Studio, running_studio

EVENT_SECONDS_MAX = 20.0
CAUGHT_UP_SECONDS_MAX = 60.0
POLL_SECONDS = 0.02
LOAD_CLIENTS = 32
SESSIONS_PER_CLIENT = 4
PAUSE_SECONDS = 0.03
GROUP = "core"

STAGES = ("request → answer", "answer → broker", "broker → projector", "projector → frame")


@dataclass(frozen=True, slots=True)
class Length:
    """How long everything takes."""

    repeats: int
    idle_seconds: float
    load_seconds: float


class Trip(NamedTuple):
    """One event's way; clock times in seconds. `projected_at` is the start of the projector's transaction."""

    position: int
    sent_at: float
    answered_at: float
    received_at: float
    projected_at: float | None

    @property
    def milliseconds(self) -> float:
        """From the POST to the frame."""
        return (self.received_at - self.sent_at) * 1_000


def measure_stream_latency(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures."""
    tell("starting a whole studio")
    with running_studio(replicas=1) as studio, psycopg.connect(studio.database_url, autocommit=True) as connection:
        return asyncio.run(_measure(studio, _Progress(connection), length, tell))


async def _measure(studio: Studio, progress: "_Progress", length: Length, tell: Callable[[str], None]) -> Results:
    user = studio.user()
    token = issue_token(studio.secret, user.name)
    templates = render_requests("round", token, _new_sessions(user))
    load = _Load(studio, progress, length.load_seconds)
    async with posting(studio.command_urls[0]) as poster, listening(studio.query_urls[0], token) as stream:
        traveller = _Traveller(poster, stream, templates)
        await traveller.trips(0.5)
        idle: list[list[Trip]] = []
        for number in range(length.repeats):
            tell(f"idle pace, {number + 1} of {length.repeats}")
            idle.append(await traveller.trips(length.idle_seconds, follow=progress.reached_at))
        stages = await _stages(studio, [trip for trips in idle for trip in trips])
        borne: list[float] = []
        loaded: list[list[Trip]] = []
        for number in range(length.repeats):
            tell(f"finding the load that the studio bears, {number + 1} of {length.repeats}")
            borne.append(await asyncio.to_thread(load.borne_per_second))
            tell(f"half of it, {number + 1} of {length.repeats}")
            with load.steady(median(borne) / 2):
                loaded.append(await traveller.trips(length.load_seconds))
            await asyncio.to_thread(progress.wait_until_caught_up)
    return _results(idle, loaded, borne, stages)


class _Traveller:
    """A client that posts rounds and listens for them."""

    def __init__(self, poster: Poster, stream: Listener, templates: Sequence[RequestTemplate]) -> None:
        self._poster = poster
        self._stream = stream
        self._templates = templates

    async def trips(self, seconds: float, *, follow: Callable[[int], float | None] | None = None) -> list[Trip]:
        """One event after the other for so long, with pauses that no timer of ours is in step with."""
        found: list[Trip] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            await asyncio.sleep(PAUSE_SECONDS * random.uniform(0.5, 1.5))
            request = self._templates[len(found) % len(self._templates)].render()
            sent_at, answered_at, position = await self._poster.post(request)
            received_at = await self._stream.received_at(position, seconds_max=EVENT_SECONDS_MAX)
            projected_at = follow(position) if follow is not None else None
            found.append(Trip(position, sent_at, answered_at, received_at, projected_at))
        return found


class _Progress:
    """How far the read models are."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def reached_at(self, position: int) -> float | None:
        """When the transaction began that brought a lane to this position; None when the lane is further by now."""
        row = self._connection.execute(
            "SELECT extract(EPOCH FROM updated_at)::DOUBLE PRECISION FROM projection_checkpoints"
            " WHERE projection = %s AND last_position = %s",
            [GROUP, position],
        ).fetchone()
        return row[0] if row is not None else None

    def wait_until_caught_up(self) -> None:
        """Returns when every event is in the read models."""
        deadline = time.monotonic() + CAUGHT_UP_SECONDS_MAX
        while not self._is_caught_up():
            if time.monotonic() > deadline:
                raise TimeoutError(f"the projector was not done after {CAUGHT_UP_SECONDS_MAX} s")
            time.sleep(POLL_SECONDS)

    def _is_caught_up(self) -> bool:
        row = self._connection.execute(
            "SELECT bool_and(c.last_position >= coalesce(newest.id, 0))"
            " FROM projection_checkpoints AS c CROSS JOIN LATERAL ("
            "   SELECT max(e.id) AS id FROM domain_events AS e WHERE e.lane = c.lane"
            " ) AS newest WHERE c.projection = %s",
            [GROUP],
        ).fetchone()
        return row is not None and bool(row[0])


class _Load:
    """Other users who post rounds."""

    def __init__(self, studio: Studio, progress: _Progress, seconds: float) -> None:
        self._ports = [int(url.rsplit(":", 1)[1]) for url in studio.command_urls]
        self._clients = [_load_client(studio, name) for name in new_users(LOAD_CLIENTS)]
        self._progress = progress
        self._seconds = seconds

    def borne_per_second(self) -> float:
        """Commands a second, from the first POST until the last event is in the read models."""
        started = time.monotonic()
        report = finish_load(start_load(self._plan()))
        self._progress.wait_until_caught_up()
        return report.accepted / (time.monotonic() - started)

    @contextmanager
    def steady(self, rate_per_second: float) -> Iterator[None]:
        """Posts at a steady rate until the block has ended."""
        process = start_load(self._plan(rate_per_second))
        try:
            yield
        finally:
            finish_load(process)

    def _plan(self, rate_per_second: float | None = None) -> LoadPlan:
        return LoadPlan(
            ports=self._ports,
            kind="round",
            clients=self._clients,
            seconds=self._seconds,
            rate_per_second=rate_per_second,
        )


def _load_client(studio: Studio, name: str) -> LoadClient:
    return LoadClient(token=issue_token(studio.secret, name), session_ids=_new_sessions(studio.user(name)))


def _new_sessions(user: Client) -> list[str]:
    return [
        str(user.created("/conversations/sessions", {"title": "Night watch"})["id"]) for _ in range(SESSIONS_PER_CLIENT)
    ]


async def _stages(studio: Studio, trips: Sequence[Trip]) -> dict[str, float]:
    """Medians in milliseconds of the parts of the way, of those events that could be followed all along."""
    at_broker = await _broker_times(studio, {trip.position for trip in trips})
    parts: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for trip in trips:
        if trip.projected_at is not None and trip.position in at_broker:
            times = (trip.sent_at, trip.answered_at, at_broker[trip.position], trip.projected_at, trip.received_at)
            for stage, begin, end in zip(STAGES, times[:-1], times[1:], strict=True):
                parts[stage].append((end - begin) * 1_000)
    return {stage: round(median(values), 2) for stage, values in parts.items() if values}


async def _broker_times(studio: Studio, positions: set[int]) -> dict[int, float]:
    """When each message was made: the relay's clock, which is ours, in whole milliseconds."""
    consumer = AIOKafkaConsumer(EVENTS_TOPIC, bootstrap_servers=studio.kafka_bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: dict[int, float] = {}
        deadline = time.monotonic() + EVENT_SECONDS_MAX
        while not positions <= found.keys() and time.monotonic() < deadline:
            for messages in (await consumer.getmany(timeout_ms=200)).values():
                found |= {int(dict(message.headers)["ce_position"]): message.timestamp / 1_000 for message in messages}
        return found
    finally:
        await consumer.stop()


def _results(
    idle: Sequence[Sequence[Trip]], loaded: Sequence[Sequence[Trip]], borne: Sequence[float], stages: dict[str, float]
) -> Results:
    p50, p99 = Goal("≤ 20 ms", 20.0, "value", "less"), Goal("≤ 60 ms", 60.0, "value", "less")
    note = " · ".join(f"{stage} {milliseconds:.1f} ms" for stage, milliseconds in stages.items())
    return Results(
        "POST → event on the stream",
        (
            Figure("idle pace, p50", "ms", _percentiles(idle, 0.5), note=note),
            Figure("idle pace, p99", "ms", _percentiles(idle, 0.99)),
            Figure("half load, p50", "ms", _percentiles(loaded, 0.5), goals=(p50,)),
            Figure("half load, p99", "ms", _percentiles(loaded, 0.99), goals=(p99,)),
            Figure("commands the whole studio bears", "/s", Sample(tuple(borne))),
        ),
        {
            "stages_ms": stages,
            "events": {"idle": sum(map(len, idle)), "half_load": sum(map(len, loaded))},
            "half_load_per_second": round(median(borne) / 2),
        },
    )


def _percentiles(repeats: Sequence[Sequence[Trip]], share: float) -> Sample:
    return Sample(tuple(percentile([trip.milliseconds for trip in trips], share) for trips in repeats))
