"""What every answer of an API tells a browser not to do with it. A route that answers with a page declares its own."""

from collections.abc import Iterable
from typing import Final

Header = tuple[bytes, bytes]

SECURITY_HEADERS: Final[tuple[Header, ...]] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # Pages of other origins ask by CORS, which this does not concern; nobody else's page may embed an answer.
    (b"cross-origin-resource-policy", b"same-site"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
STRICT_TRANSPORT: Final[Header] = (b"strict-transport-security", b"max-age=31536000")
"""Only over TLS: over anything else browsers ignore it, and a studio on this machine has none."""


def missing_headers(present: Iterable[Header], *, secure: bool) -> list[Header]:
    """Those that an answer does not have yet."""
    names = {name for name, _ in present}
    wanted = (*SECURITY_HEADERS, STRICT_TRANSPORT) if secure else SECURITY_HEADERS
    return [header for header in wanted if header[0] not in names]
