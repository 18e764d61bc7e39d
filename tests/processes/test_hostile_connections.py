"""Connections that mean no good: half a request and no more, thousands at once, bodies that cost more than they are."""

import gzip
import resource
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median, quantiles
from time import monotonic, perf_counter

import psutil
import pytest

from services.runtime.connections import REFUSED_MAX, SECONDS_MAX, SWEEP_SECONDS
from services.runtime.settings import AccessSettings
from services.studio.process_environment import LOOPBACK_LIMITS
from tests.kit.processes import Alone, running
from tests.kit.raw_requests import RawConnection, head, many_connections
from tests.kit.refusals import refused
from tests.kit.waiting import eventually_sync
from tests.processes.attackers import sending
from tests.processes.test_edge import authorization, get, sample_api

COMMAND_API = "services.command_api.main"
ROUNDS = 5
REQUESTS_A_ROUND = 200
MEMORY_MB_MAX = 64
"""What an attack may add to the memory of the process, beside its connections."""
CONNECTION_KB_MAX = 25
CONNECTIONS = 10_000
ATTACKERS = 4
TIMES_MAX = 2.0
LIMITED = {name: name.removeprefix("STUDIO_").lower() for name in LOOPBACK_LIMITS}


# Too many, and too slow.


def test_over_its_bound_of_connections_a_process_refuses_and_still_answers_probes() -> None:
    with sample_api(connections_max=20) as api:
        # The client of the test has one.
        with many_connections(api.port, 19) as held, RawConnection(api.port) as over:
            over.send(head("GET", "/api/v1/who", **authorization(api.token)))
            answer = over.answer()
            assert answer is not None
            refused(answer, 503, "OVERLOADED")
            assert int(answer.headers["retry-after"]) >= 1
            assert over.answer() is None, "the connection is given back"
            with RawConnection(api.port) as probe:
                probe.send(head("GET", "/livez"))
                probed = probe.answer()
                assert probed is not None
                assert probed.status_code == 200
            held[0].send(head("GET", "/api/v1/who", **authorization(api.token)))
            served = held[0].answer()
            assert served is not None
            assert served.status_code == 200
            with many_connections(api.port, REFUSED_MAX + 1) as more:
                eventually_sync(lambda: any(one.is_closed() for one in more), what="one is closed without a word")
        with RawConnection(api.port) as again:
            again.send(head("GET", "/api/v1/free"))
            free = again.answer()
            assert free is not None
            assert free.status_code == 200


def test_half_a_request_is_waited_for_only_so_long_however_it_trickles() -> None:
    with sample_api() as api:
        whole = head("POST", "/api/v1/who", **authorization(api.token), Content_Length=200_000)
        request = head("GET", "/api/v1/free")
        kept = head("GET", "/livez")
        beginnings = {"nothing": b"", "a line": request[:20], "no blank line": request[:-2], "no body": whole}
        began = monotonic()
        with many_connections(api.port, 100 * len(beginnings)) as connections, RawConnection(api.port) as idle:
            idle.send(kept)
            assert idle.answer() is not None
            slow = list(zip(list(beginnings) * 100, connections, strict=True))
            for kind, connection in slow:
                connection.send(beginnings[kind])

            def all_closed() -> bool:
                for kind, connection in slow:
                    if kind in ("no blank line", "no body"):
                        connection.send(b"x")
                return all(connection.is_closed() for _, connection in slow)

            assert get(api, "/who", api.token).status_code == 200
            eventually_sync(all_closed, what="all are closed", seconds=60)
            assert monotonic() - began >= SECONDS_MAX["body"] - SWEEP_SECONDS
            # Whoever has asked for something may rest before the next.
            idle.send(kept)
            assert idle.answer() is not None


def test_bytes_between_two_requests_are_no_way_to_stay() -> None:
    with sample_api() as api, RawConnection(api.port) as connection:
        connection.send(head("GET", "/livez"))
        assert connection.answer() is not None
        # The server's own timer ends with the first byte, although this begins nothing.
        connection.send(b"\r\n")
        eventually_sync(connection.is_closed, what="it is closed", seconds=SECONDS_MAX["head"] + 10)


# What an attack costs the others.

MEGABYTE = 1024 * 1024
BODIES = {
    "deep": b'{"title":' + b"[" * (200 * 1024),
    "a million keys": b"{" + b",".join(b'"%d":1' % number for number in range(1_000_000)) + b"}",
    "many keys": b"{" + b",".join(b'"%d":1' % number for number in range(20_000)) + b"}",
    "a key twice": b"{" + b",".join(b'"%d":1' % number for number in range(20_000)) + b',"0":1}',
    "a long number": b'{"title":' + b"9" * (200 * 1024) + b"}",
    "ten megabytes": b'{"title":"' + b"x" * (10 * MEGABYTE) + b'"}',
}
BOMB = gzip.compress(b"0" * (100 * MEGABYTE))


@pytest.fixture
def command_api(migrated: str) -> Iterator[Alone]:
    """With the limits that a deployment has."""
    limits = {name: str(AccessSettings.model_fields[field].default) for name, field in LIMITED.items()}
    with running(COMMAND_API, migrated, **limits) as api:
        eventually_sync(lambda: api.status("/readyz") == 200, what="it is ready")
        yield api


def asking(api: Alone, name: str, body: bytes, **headers: object) -> bytes:
    """A whole request with this body, of a user who has asked for nothing yet."""
    sent = authorization(api.token_of(name)) | {"Content-Type": "application/json", "Content-Length": len(body)}
    return head("POST", "/api/v1/novels", **sent, **headers) + body


def attacks(api: Alone) -> dict[str, list[bytes]]:
    """By kind, a request of each of several users."""
    found = {
        kind: [asking(api, f"{kind} {number}", body) for number in range(ATTACKERS)] for kind, body in BODIES.items()
    }
    found["a bomb"] = [asking(api, f"bomb {number}", BOMB, Content_Encoding="gzip") for number in range(ATTACKERS)]
    return found


def test_bodies_that_are_more_than_they_seem_are_refused_and_cost_the_others_nothing(command_api: Alone) -> None:
    kinds = attacks(command_api)
    in_turn = [request for requests in zip(*kinds.values(), strict=True) for request in requests]
    with costing_little(command_api, sending(command_api.port, in_turn)) as statuses:
        pass
    assert set(statuses) <= {0, 400, 413, 415, 422, 429}
    assert {400, 413, 415, 422} <= set(statuses)


@pytest.mark.long
@pytest.mark.parametrize("kind", [*BODIES, "a bomb"])
def test_a_body_that_is_more_than_it_seems_costs_the_others_nothing(command_api: Alone, kind: str) -> None:
    with costing_little(command_api, sending(command_api.port, attacks(command_api)[kind])) as statuses:
        pass
    assert set(statuses) <= {0, 400, 413, 415, 422, 429}
    assert set(statuses) != {0}


@pytest.mark.long
def test_half_open_connections_cost_the_others_nothing(command_api: Alone) -> None:
    @contextmanager
    def half_open() -> Iterator[list[int]]:
        with many_connections(command_api.port, 500) as connections:
            for connection in connections:
                connection.send(head("POST", "/api/v1/novels")[:-2])
            yield []

    with costing_little(command_api, half_open()):
        pass


def test_ten_thousand_connections_cost_the_others_nothing(command_api: Alone) -> None:
    with (
        files_for(CONNECTIONS),
        costing_little(command_api, holding(command_api, CONNECTIONS), connections=CONNECTIONS),
    ):
        pass


@contextmanager
def costing_little(
    api: Alone, attack: AbstractContextManager[list[int]], *, connections: int = 0
) -> Iterator[list[int]]:
    """Compares the process before, in and after an attack: how long others wait, and the memory that it takes."""
    process = psutil.Process(api.process.pid)
    others = Others(api)
    others.wait_times()
    quiet = [others.wait_times() for _ in range(ROUNDS)]
    memory = process.memory_info().rss
    with attack as statuses:
        attacked = [others.wait_times() for _ in range(ROUNDS)]
        grown = process.memory_info().rss - memory
        yield statuses
    quiet += [others.wait_times() for _ in range(ROUNDS)]
    assert grown <= MEMORY_MB_MAX * MEGABYTE + connections * CONNECTION_KB_MAX * 1024, f"{grown / MEGABYTE:.0f} MB"
    times = median(attacked) / median(quiet)
    assert times <= TIMES_MAX, f"{times:.1f} times of {median(quiet) * 1000:.1f} ms"


class Others:
    """Well-meaning users, each of whom asks as often as a user may."""

    def __init__(self, api: Alone) -> None:
        self._api = api
        self._count = 0

    def wait_times(self) -> float:
        """The 99th percentile of a round, seconds."""
        times = []
        for _ in range(REQUESTS_A_ROUND):
            token = self._api.token_of(f"user {self._count // 50}")
            self._count += 1
            began = perf_counter()
            answer = self._api.http.post("/api/v1/novels", json={"title": "Undisturbed"}, headers=authorization(token))
            times.append(perf_counter() - began)
            assert answer.status_code == 201, answer.text
        return quantiles(times, n=100)[98]


@contextmanager
def holding(api: Alone, count: int) -> Iterator[list[int]]:
    """So many connections, each of which has asked for something and is kept open."""
    with many_connections(api.port, count) as connections:
        for connection in connections:
            connection.send(head("GET", "/livez"))
        yield [answer.status_code for one in connections if (answer := one.answer()) is not None]


@contextmanager
def files_for(connections: int) -> Iterator[None]:
    """The test's own end of each connection is a file, too."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], connections + 1_000), before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
