"""Connections that mean no good: half a request and no more, thousands at once, bodies that cost more than they are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic

import httpx

from services.runtime.connections import REFUSED_MAX, SECONDS_MAX, SWEEP_SECONDS
from tests.kit.processes import Alone
from tests.kit.raw_requests import RawConnection, head, many_connections
from tests.kit.refusals import refused
from tests.kit.waiting import eventually_sync
from tests.processes.test_edge import authorization, get, sample_api

COMMAND_API = "services.command_api.main"
ROUNDS = 5
REQUESTS_A_ROUND = 300
MEMORY_MB_MAX = 64
"""What any attack may add to the memory of the process, beside its connections."""


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


@dataclass
class Attack:
    """Threads that do the same again and again until they are told to stop; `statuses` are their answers."""

    statuses: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def attacked_by(api: Alone, count: int, bodies: list[bytes], **headers: str) -> Iterator[Attack]:
    """So many users, who send these bodies in turn as fast as they are answered, while the block runs."""
    attack = Attack()

    def run(number: int) -> None:
        sent = authorization(api.token_of(f"attacker {number}")) | {"Content-Type": "application/json"} | headers
        with httpx.Client(base_url=f"http://127.0.0.1:{api.port}", timeout=30) as http:
            while not attack.over.is_set():
                body = bodies[len(attack.statuses) % len(bodies)]
                attack.statuses.append(http.post("/api/v1/novels", content=body, headers=sent).status_code)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield attack
    finally:
        attack.over.set()
        for thread in threads:
            thread.join()
