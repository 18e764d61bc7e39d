"""Whose address a request comes from, and whether it came to us by TLS: what a proxy says counts only from ours."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.types import Scope

UNKNOWN: Final = "unknown"
_HOST_NETWORK_BITS: Final = 64
"""Whoever has one IPv6 address has the whole network of this size to choose from."""

Network = IPv4Network | IPv6Network


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, comma-separated. Raises ValueError, which names the wrong one."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


class ClientAddresses:
    """Knows which proxies are ours."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted

    def address(self, scope: Scope) -> str:
        """The first of X-Forwarded-For, else X-Real-IP, else the other end of the connection."""
        if self._from_proxy(scope):
            for name in (b"x-forwarded-for", b"x-real-ip"):
                first = _header(scope, name).partition(",")[0].strip()
                if _is_address(first):
                    return first
        return _peer(scope)

    def is_secure(self, scope: Scope) -> bool:
        """Whether the browser's connection is encrypted, by us or by our proxy."""
        if scope["scheme"] == "https":
            return True
        return self._from_proxy(scope) and _header(scope, b"x-forwarded-proto").partition(",")[0].strip() == "https"

    def _from_proxy(self, scope: Scope) -> bool:
        if not self._trusted:
            return False
        peer = _peer(scope)
        return _is_address(peer) and any(ip_address(peer) in network for network in self._trusted)


def counted_as(address: str) -> str:
    """What an address is counted under: itself, or the network that its owner may choose from."""
    if ":" not in address:
        return address
    found = IPv6Address(address)
    return str(found.ipv4_mapped or ip_network((found, _HOST_NETWORK_BITS), strict=False))


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else UNKNOWN


def _header(scope: Scope, name: bytes) -> str:
    return next((str(value, "latin-1") for found, value in scope["headers"] if found == name), "")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
