"""Writes docs/access.md, who may use each route of both APIs; `--check` only compares."""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from services.catalogue import CONTEXTS
from services.command_api.main import routes as command_routes
from services.kernel.context import AccessRule
from services.query_api.resources import routes as query_routes
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.registry import Registry

PAGE = Path(__file__).resolve().parents[1] / "docs" / "access.md"

_INTRODUCTION = """\
# Who may use what

Made by `make schemas` from the routes that the two APIs serve. A route without a rule keeps its process from starting.
`tests/journeys/test_access.py` asks each of them for somebody else's things as another user, and for a user's own
things without a token, with one of a disabled account and with one of a login that has ended.

Beside these, every process answers `/livez`, `/readyz`, `/metrics` and `/version` to whoever can reach its port.

"""

_MEANING = {
    AccessRule.PUBLIC: "anybody; what is shown is the same for all",
    AccessRule.OWNER: "every user, each for what is theirs; the rest is answered like what does not exist",
    AccessRule.ADMIN: "whoever operates the studio; 403 for others",
    AccessRule.CREDENTIALS: "whoever brings what the route itself checks: a password, a refresh token, a stream token",
}


def main() -> None:
    """Writes or checks; exits with 1 when the page is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail instead of writing")
    wanted = page()
    if not parser.parse_args().check:
        PAGE.write_text(wanted)
    elif not PAGE.exists() or PAGE.read_text() != wanted:
        sys.exit(f"Not current; run `make schemas`: {PAGE}")
    else:
        print(f"{PAGE.name} is current.")


def page() -> str:
    """The page's text."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from _INTRODUCTION.splitlines()
    yield "| rule | who |"
    yield "| --- | --- |"
    yield from (f"| {rule} | {meaning} |" for rule, meaning in _MEANING.items())
    yield from _section("Command API", command_routes(Registry(CONTEXTS)))
    yield from _section("Query API", query_routes(CONTEXTS))


def _section(title: str, routes: Iterable[GuardedRoute]) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield "| route | rule |"
    yield "| --- | --- |"
    for route in sorted(routes, key=lambda route: (route.path, route.method)):
        yield f"| `{route.method} {route.path}` | {route.rule} |"


if __name__ == "__main__":
    main()
