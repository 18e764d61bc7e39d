"""Access tokens made by hand, so that a test can get any part of one wrong."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

HEADER: Mapping[str, Any] = {"alg": "HS256", "typ": "JWT"}


def token(
    claims: Mapping[str, Any] | str,
    key: bytes,
    *,
    header: Mapping[str, Any] | str = HEADER,
    digest: str = "sha256",
    signature: bytes | None = None,
) -> str:
    """A token with the signature that fits, or another; header and claims may be texts that are no JSON."""
    signed = f"{_part(_json(header))}.{_part(_json(claims))}"
    fitting = hmac.new(key, signed.encode(), digest).digest()
    return f"{signed}.{_part(signature if signature is not None else fitting)}"


def claims_of(text: str) -> dict[str, Any]:
    """What a token says, whoever signed it."""
    part = text.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return claims


def without(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The other claims."""
    return {known: value for known, value in claims.items() if known != name}


def _json(value: Mapping[str, Any] | str) -> bytes:
    return (value if isinstance(value, str) else json.dumps(value)).encode()


def _part(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
