"""Errors become HTTP here and nowhere else: one table from codes to statuses, one shape of body (RFC 9457)."""

from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.kernel.decider import FieldError, Rejected

STATUS_BY_CODE: Mapping[str, int] = {
    # Unreadable.
    "MALFORMED_JSON": 400,
    "MALFORMED_HTTP": 400,
    "INVALID_CURSOR": 400,
    "INVALID_IF_MATCH": 400,
    "INVALID_IDEMPOTENCY_KEY": 400,
    "INVALID_MIN_POSITION": 400,
    "UNSUPPORTED_STAGE": 400,
    "INVALID_PARAMETER": 400,
    "stage_config_incomplete": 400,
    "stage_validation_error": 400,
    # Who and where.
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "SESSION_NOT_FOUND": 404,
    "ROUND_NOT_FOUND": 404,
    "COMMAND_NOT_FOUND": 404,
    "CHARACTER_NOT_FOUND": 404,
    "CONCEPT_NOT_FOUND": 404,
    "NODE_NOT_FOUND": 404,
    "PLAN_NOT_FOUND": 404,
    "THEME_NOT_FOUND": 404,
    "NOVEL_NOT_FOUND": 404,
    "FLOW_NOT_FOUND": 404,
    "PROCESS_NOT_FOUND": 404,
    "STAGE_NOT_FOUND": 404,
    "LINK_NOT_FOUND": 404,
    "VERSION_NOT_FOUND": 404,
    "TASK_NOT_FOUND": 404,
    "DEAD_LETTER_NOT_FOUND": 404,
    "USER_NOT_FOUND": 404,
    "METHOD_NOT_ALLOWED": 405,
    "REQUEST_TIMEOUT": 408,
    # The state does not allow it.
    "ALREADY_FINAL_STAGE": 409,
    "BRANCH_LABEL_TAKEN": 409,
    "COMMAND_FINISHED": 409,
    "CONCEPT_NOT_CONFIRMED": 409,
    "CONSISTENCY_BLOCKED": 409,
    "COMMAND_IN_FLIGHT": 409,
    "CONCURRENT_UPDATE": 409,
    "CONSUMER_UNKNOWN": 409,
    "DEAD_LETTER_WAITS": 409,
    "DUPLICATE_COMMAND": 409,
    "FLOW_CLOSED": 409,
    "FLOW_PAUSED": 409,
    "INVALID_FLOW_STATUS": 409,
    "ITERATION_LIMIT": 409,
    "LINK_NOT_ACTIVE": 409,
    "MERGE_CONFLICT": 409,
    "NOTHING_TO_REVISE": 409,
    "NOT_ENOUGH_CHARACTERS": 409,
    "REDRIVE_FAILED": 409,
    "ROUND_CONFLICT": 409,
    "SESSION_ALREADY_BOUND": 409,
    "SESSION_ARCHIVED": 409,
    "SESSION_BUSY": 409,
    "SESSION_NOT_BOUND": 409,
    "STAGE_BUSY": 409,
    "STAGE_CLOSED": 409,
    "STAGE_INCOMPLETE": 409,
    "STAGE_MISMATCH": 409,
    "STAGE_NOT_CONFIRMED": 409,
    "STAGE_NOT_REACHED": 409,
    "GONE": 410,
    "PRECONDITION_FAILED": 412,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    # Understood but invalid.
    "CONTENT_INCOMPLETE": 422,
    "COUNT_OUT_OF_RANGE": 422,
    "IDEMPOTENCY_MISMATCH": 422,
    "INITIAL_INPUT_REQUIRED": 422,
    "INVALID_CONFIG": 422,
    "INVALID_STAGE": 422,
    "NOTHING_TO_DO": 422,
    "NOVEL_MISMATCH": 422,
    "SELECTION_REQUIRED": 422,
    "SESSION_LINK_REQUIRED": 422,
    "SESSION_MISMATCH": 422,
    "SESSION_SCOPE_INVALID": 422,
    "UNKNOWN_COMMAND_TYPE": 422,
    "USER_INPUT_REQUIRED": 422,
    "VALIDATION_ERROR": 422,
    # Not now.
    "RATE_LIMITED": 429,
    "TOO_MANY_STREAMS": 429,
    "HEADERS_TOO_LARGE": 431,
    "INTERNAL_ERROR": 500,
    "OVERLOADED": 503,
    "STORE_UNAVAILABLE": 503,
    "TIMED_OUT": 504,
}

# Where one code stands for two statuses, by the command that is refused.
_STATUS_BY_COMMAND_AND_CODE: Mapping[tuple[str | None, str], int] = {
    ("Command.Genesis.Stage.SaveSettings", "SESSION_NOT_BOUND"): 422,
    ("Command.Genesis.Stage.UpdateConfig", "INVALID_CONFIG"): 400,
}

NUMBER_BY_STATUS: Mapping[int, int] = {
    400: 1000, 401: 2001, 403: 2003, 404: 3000, 405: 3008, 408: 1000, 409: 4000, 410: 3008, 412: 4006, 413: 1004,
    415: 1003, 422: 1000, 429: 4290, 431: 1004, 500: 5000, 503: 5003, 504: 5004,
}  # fmt: skip
"""The numbers that the director's clients know an error by, where nothing more is known than its status."""

NUMBER_BY_CODE: Mapping[str, int] = {
    "INVALID_PARAMETER": 1000,
    "MALFORMED_JSON": 1002,
    "NOT_FOUND": 3008,
    "USER_NOT_FOUND": 3007,
    "DUPLICATE_COMMAND": 4003,
    "IDEMPOTENCY_MISMATCH": 4005,
    "CONCURRENT_UPDATE": 4006,
}

_TITLES = {
    400: "Bad request", 401: "Unauthenticated", 403: "Forbidden", 404: "Not found", 405: "Method not allowed",
    408: "Request timeout", 409: "Conflict", 410: "Gone", 412: "Precondition failed", 413: "Content too large",
    415: "Unsupported media type", 422: "Unprocessable content", 429: "Too many requests",
    431: "Request header fields too large", 500: "Internal error", 503: "Unavailable", 504: "Timed out",
}  # fmt: skip
_RETRY_AFTER_SECONDS = {
    "TOO_MANY_STREAMS": 30, "COMMAND_IN_FLIGHT": 1, "OVERLOADED": 2, "STORE_UNAVAILABLE": 2, "TIMED_OUT": 2,
}  # fmt: skip


class FieldProblem(BaseModel):
    """One wrong place of a request, as an RFC 6901 pointer."""

    pointer: str
    field: str
    code: str
    message: str


class ProblemNumber(BaseModel):
    """The same problem as the director's clients know it: by number."""

    model_config = ConfigDict(extra="allow")

    code: int


class Problem(BaseModel):
    """A refusal (RFC 9457). Some codes bring members of their own, like `missing_fields` or `current_version`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: Annotated[str, Field(json_schema_extra={"enum": sorted(STATUS_BY_CODE)})]
    error_code: Annotated[str, Field(description="another name of `code`")]
    message: Annotated[str, Field(description="another name of `detail`")]
    correlation_id: str | None
    errors: Annotated[list[FieldProblem], Field(min_length=1)] | None = None
    error: ProblemNumber


def status_of(code: str, command_type: str | None = None) -> int:
    """The status that a code stands for, when this command is refused with it."""
    return _STATUS_BY_COMMAND_AND_CODE.get((command_type, code)) or STATUS_BY_CODE[code]


def problem_body(
    rejected: Rejected, *, instance: str, correlation_id: str | None, command_type: str | None = None
) -> dict[str, Any]:
    """The problem document of a refusal, with the extension members that the specs name."""
    status = status_of(rejected.code, command_type)
    body: dict[str, Any] = {
        "type": f"urn:genesis-studio:problem:{rejected.code}",
        "title": _TITLES[status],
        "status": status,
        "detail": rejected.detail,
        "instance": instance,
        "code": rejected.code,
        "error_code": rejected.code,
        "message": rejected.detail,
        "correlation_id": correlation_id,
    }
    number = NUMBER_BY_CODE.get(rejected.code) or NUMBER_BY_STATUS[status]
    if rejected.errors:
        body["errors"] = [_field_error(error) for error in rejected.errors]
    return body | dict(rejected.extra) | {"error": {"code": number} | rejected.extra.get("error", {})}


def problem_response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The HTTP answer of a problem document."""
    extra = dict(headers or {})
    if (seconds := body.get("retry_after", _RETRY_AFTER_SECONDS.get(body["code"]))) is not None:
        extra["Retry-After"] = str(seconds)
    if body["code"] == "OVERLOADED":
        # Whoever comes again finds a place then; one that is kept open is one less for the others.
        extra["Connection"] = "close"
    if body["status"] == 401:
        extra["WWW-Authenticate"] = "Bearer"
    return Response(orjson.dumps(body), body["status"], extra, media_type="application/problem+json")


def _field_error(error: FieldError) -> dict[str, str]:
    field = error.pointer.rsplit("/", 1)[-1]
    return {"pointer": error.pointer, "field": field, "code": error.code, "message": error.message}
