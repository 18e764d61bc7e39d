"""What a refused request looks like."""

from typing import Any

import httpx


def refused(response: httpx.Response, status: int, code: str, pointer: str | None = None) -> dict[str, Any]:
    """The problem document of a refusal with this status and code, that points at `pointer` if one is given."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    body: dict[str, Any] = response.json()
    assert (body["status"], body["code"], body["error_code"]) == (status, code, code), body
    assert body["message"] == body["detail"], body
    assert response.headers["x-correlation-id"] == body["correlation_id"], body
    if pointer is not None:
        assert pointer in [error["pointer"] for error in body["errors"]], body
    return body
