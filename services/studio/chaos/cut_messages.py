"""Messages cut or held on their way: COMMIT to PostgreSQL, Produce to Kafka.

One more process, a command API, projector or relay, reaches its server by way of a proxy, beside others that do not.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from services.studio.chaos.faults import READY_SECONDS_MAX, Fault, Inject, Injury, Scene
from services.studio.chaos.proxy import Action, Interference, Proxy, proxied_url, proxy_before
from services.studio.chaos.studio_under_test import until
from services.studio.chaos.wire_protocols import KafkaWire, PostgresWire
from services.studio.ports import LOOPBACK
from services.studio.run_state import RunState

INTERFERENCES: Final = 3
TIMES_MAX: Final = 4
"""How often in a row a message is cut, at most: more often than a process tries by itself."""
DELAY_SECONDS: Final = (0.1, 2.0)


@contextmanager
def _database_by_proxy(state: RunState) -> Iterator[tuple[Proxy, Mapping[str, str]]]:
    """A proxy before the database, and the setting that leads there."""
    with proxy_before(int(conninfo_to_dict(state.database_url)["port"] or 0), PostgresWire) as proxy:
        yield proxy, {"STUDIO_DATABASE_URL": proxied_url(state.database_url, proxy.port)}


@contextmanager
def _broker_by_proxy(state: RunState) -> Iterator[tuple[Proxy, Mapping[str, str]]]:
    """The same before the broker."""
    with proxy_before(urlsplit(f"//{state.kafka_bootstrap}").port or 0, KafkaWire) as proxy:
        yield proxy, {"STUDIO_KAFKA_BOOTSTRAP": f"{LOOPBACK}:{proxy.port}"}


def _interfering(action: Action, kind: str) -> Inject:
    by_proxy = _BY_PROXY[kind]

    async def inject(scene: Scene, random: Random) -> Injury:
        with by_proxy(scene.studio.state) as (proxy, settings):
            async with scene.one_more(kind, f"{kind.replace('_', '-')}-by-proxy", settings) as found:
                for _ in range(INTERFERENCES):
                    await scene.some_moment(random)
                    await _once(proxy, _interference(action, random))
                began = monotonic()
                await found.ready()
                return Injury(monotonic() - began)

    return inject


def _interference(action: Action, random: Random) -> Interference:
    return Interference(action, times=random.randint(1, TIMES_MAX), seconds=random.uniform(*DELAY_SECONDS))


async def _once(proxy: Proxy, interference: Interference) -> None:
    done = proxy.interfere(interference)

    async def is_done() -> bool:
        return done.is_set()

    await until(is_done, seconds_max=READY_SECONDS_MAX, what=f"{interference} has happened")


_BY_PROXY: Final = {
    "command_api": _database_by_proxy,
    "projector": _database_by_proxy,
    "message_relay": _broker_by_proxy,
}
_MESSAGES: Final = (
    ("commit", "COMMIT", "command_api"),
    ("projector_commit", "COMMIT", "projector"),
    ("produce", "Produce", "message_relay"),
)
_DONE: Final = {
    Action.CUT_BEFORE: "is cut off before its {message} reaches the server",
    Action.CUT_REPLY: "is cut off before the reply to its {message}, which the server has done, arrives",
    Action.DELAY: "has its {message} held for up to two seconds",
}

CUT_MESSAGES: Final = tuple(
    Fault(
        f"{name}.{action.name.lower()}",
        f"A {kind.replace('_', ' ')} {done.format(message=message)}, again and again.",
        _interfering(action, kind),
        hits=kind,
    )
    for name, message, kind in _MESSAGES
    for action, done in _DONE.items()
)
