"""What every command is: a frozen, strictly typed value parsed from a request."""

from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Strict

EnumType = TypeVar("EnumType", bound=StrEnum)

Id = Annotated[UUID, Strict(strict=False)]
"""A UUID, which JSON carries as text."""

Lax = Strict(strict=False)
"""For fields whose JSON form is text: enumerations, times."""

Object = dict[str, Any]
"""A JSON object that a spec declares open: kept as it was sent."""


class Payload(BaseModel):
    """What a command asks for: no field beyond those declared, no conversion between JSON types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class OpenPayload(Payload):
    """A payload whose unknown fields are kept as they were sent."""

    model_config = ConfigDict(extra="allow")


class Nothing(Payload):
    """The payload of a command that needs none."""


class Command(BaseModel):
    """A command: the ids of the path it was sent to, and under `payload` what its body asks for."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
