"""The routes of both APIs, as their processes make them."""

from collections.abc import Mapping, Sequence
from typing import Never

from services.catalogue import CONTEXTS
from services.command_api import main as command_api
from services.query_api import resources as query_api
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.lifespan import probe_routes
from services.runtime.registry import Registry

REGISTRY = Registry(CONTEXTS)


def _unused(_: object) -> Never:
    raise AssertionError("nothing is served here")


ROUTES: Mapping[str, Sequence[GuardedRoute]] = {
    command_api.NAME: [*command_api.routes(REGISTRY), *probe_routes(_unused)],
    query_api.NAME: [*query_api.routes(CONTEXTS), *probe_routes(_unused)],
}
TITLES: Mapping[str, str] = {
    command_api.NAME: "Genesis Studio: what can be asked",
    query_api.NAME: "Genesis Studio: what can be read",
}
