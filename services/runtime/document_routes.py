"""The published documents of an API as they are committed, and pages that show them without any network."""

from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from services.kernel.context import PUBLIC
from services.runtime.admission import Counted
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.operations import Media, Operation

_SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
OPENAPI_DIRECTORY = _SCHEMAS / "openapi"
ASYNCAPI_DIRECTORY = _SCHEMAS / "asyncapi"

_APIS: Final = ("command-api", "query-api")
_PAGE_DIRECTORY = Path(__file__).with_name("docs_page")
_MEDIA_TYPES: Final = {"html": "text/html", "js": "text/javascript", "css": "text/css", "json": "application/json"}
_HEADERS: Final = {
    # The viewer sets styles on elements, and shows pictures that lie in its stylesheet.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


def document_routes(api: str) -> list[GuardedRoute]:
    """The routes of the documents, first that of the API with this name, and of the pages."""
    files = {
        "/openapi.json": OPENAPI_DIRECTORY / f"{api}.json",
        # By these names the documents link to each other's operations.
        **{f"/{name}.json": OPENAPI_DIRECTORY / f"{name}.json" for name in _APIS},
        "/asyncapi.json": ASYNCAPI_DIRECTORY / "studio.json",
        "/docs/events": ASYNCAPI_DIRECTORY / "studio.html",
        "/docs": _PAGE_DIRECTORY / "index.html",
        **{f"/docs/{name}": _PAGE_DIRECTORY / name for name in ("start.js", "swagger-ui-bundle.js", "swagger-ui.css")},
    }
    return [
        GuardedRoute(path, _serve(file), rule=PUBLIC, operation=_operation(file), counted=Counted.FREE)
        for path, file in files.items()
    ]


def _operation(file: Path) -> Operation:
    if file.suffix == ".json":
        return Operation("What is published of this API.", {200: dict[str, Any]})
    return Operation("Part of a page that shows it.", {200: Media(_media_type(file))}, is_published=False)


def _serve(file: Path) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(_: Request) -> Response:
        return Response(_content(file), headers=_HEADERS, media_type=_media_type(file))

    return endpoint


@cache
def _content(file: Path) -> bytes:
    """Read once, when somebody asks."""
    return file.read_bytes()


def _media_type(file: Path) -> str:
    return _MEDIA_TYPES[file.suffix[1:]]
