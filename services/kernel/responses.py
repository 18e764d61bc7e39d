"""What every answer's body is: the fields that a client may count on."""

from datetime import datetime
from functools import cache
from typing import Any, get_args
from uuid import UUID

from pydantic import BaseModel, ConfigDict, create_model

from shared_types.enums import CommandStatus


def _may_grow(schema: dict[str, Any]) -> None:
    schema.pop("additionalProperties", None)


class Response(BaseModel):
    """The body of an answer. We send no field beyond those declared, yet a client must expect more in a later version.

    Bodies are built as plain objects and never pass through these models on their way out: tests hold them to it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_may_grow)


class Envelope(Response):
    """An answer as the director's clients expect it: `data` is what was asked for."""

    code: int
    message: str
    data: Any
    timestamp: datetime


@cache
def enveloped(kind: Any) -> type[Envelope]:
    """The envelope of this type of data, by a name of its own; None for no data."""
    kinds = [part for part in get_args(kind) or (kind,) if part not in (None, type(None))]
    name = "Enveloped" + ("".join(part.__name__ for part in kinds) or "Nothing")
    return create_model(name, __base__=Envelope, __doc__=Envelope.__doc__, data=(kind, ...))


class CommandAcceptedResponse(Response):
    """A command was taken: `result` is what its own route would have answered, once it is COMPLETED."""

    accepted: bool
    command_id: UUID
    status: CommandStatus
    correlation_id: UUID
    type: str | None = None
    result: Any = None
