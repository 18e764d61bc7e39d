"""What comes with a request: its headers by name, and its body as JSON, both bounded and strictly read."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from services.kernel.decider import FieldError, Rejected
from services.runtime.json_gate import BODY_BYTES_MAX, parse_json

Headers = Mapping[str, str]
Body = dict[str, Any] | None


def headers_of(scope: Scope) -> Headers:
    """By lower-case name, each decoded once; the first of a repeated one counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


async def read_body(receive: Receive, headers: Headers) -> Body:
    """The body's object; None when there is no body. At most BODY_BYTES_MAX are read, whatever the client says."""
    raw = await _read_bytes(receive)
    if not raw:
        return None
    content_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if content_type != "application/json" and not content_type.endswith("+json"):
        raise Rejected("UNSUPPORTED_MEDIA_TYPE", "Send application/json.")
    body = parse_json(raw)
    if not isinstance(body, dict):
        raise invalid("", "dict_type", "The body must be an object.")
    return body


async def _read_bytes(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece = message.get("body", b"")
        size += len(piece)
        if size > BODY_BYTES_MAX:
            raise Rejected("BODY_TOO_LARGE", f"A body may have at most {BODY_BYTES_MAX // 1024} KiB.")
        pieces.append(piece)
        more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def invalid(pointer: str, code: str, message: str) -> Rejected:
    """The refusal of one wrong place."""
    return Rejected("VALIDATION_ERROR", message, errors=(FieldError(pointer, code, message),))
