"""What every answer's body is: the fields that a client may count on."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared_types.enums import CommandStatus


def _may_grow(schema: dict[str, Any]) -> None:
    schema.pop("additionalProperties", None)


class Response(BaseModel):
    """The body of an answer. We send no field beyond those declared, yet a client must expect more in a later version.

    Bodies are built as plain objects and never pass through these models on their way out: tests hold them to it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_may_grow)


class CommandAcceptedResponse(Response):
    """A command was taken: `result` is what its own route would have answered, once it is COMPLETED."""

    accepted: bool
    command_id: UUID
    status: CommandStatus
    correlation_id: UUID
    type: str | None = None
    result: Any = None
