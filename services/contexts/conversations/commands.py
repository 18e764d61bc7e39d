"""What may be asked of conversations."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from services.contexts.conversations.values import Role
from services.kernel.commands import Command, Id, Lax, Nothing, Object, Payload
from shared_types.enums import GenesisStage, ScopeType, SessionStatus

Title = Annotated[str, StringConstraints(min_length=1, max_length=255)]
SettableStatus = Literal["ACTIVE", "COMPLETED", "FAILED", "ABANDONED", "PAUSED"]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Cost = Annotated[float, Field(ge=0, le=999_999.9999)]
"""In ten digits, four of them behind the point."""


class CreateSessionPayload(Payload):
    """`scope_id` is needed unless GENERAL; `initial_state` becomes `metadata.state`."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [
                {"properties": {"scope_type": {"const": ScopeType.GENERAL}}},
                {"properties": {"scope_id": {"type": "string"}}, "required": ["scope_id"]},
            ]
        }
    )

    scope_type: Annotated[ScopeType, Lax] = ScopeType.GENERAL
    scope_id: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    title: Title | None = None
    metadata: Object = Field(default_factory=dict)
    stage: Annotated[GenesisStage, Lax] | None = None
    initial_state: Object | None = None

    @field_validator("scope_id")
    @classmethod
    def _novel_id_in_its_usual_form(cls, value: str | None, info: ValidationInfo) -> str | None:
        """A scope is found by its text, so one novel may not be written in two ways."""
        if value is None or info.data.get("scope_type") is not ScopeType.GENESIS:
            return value
        try:
            return str(UUID(value))
        except ValueError:
            return value

    @model_validator(mode="after")
    def _scope_is_whole(self) -> "CreateSessionPayload":
        if self.scope_type is not ScopeType.GENERAL and self.scope_id is None:
            raise ValueError("scope_id is needed unless scope_type is GENERAL")
        return self


class CreateSession(Command):
    """Open a session."""

    payload: CreateSessionPayload


class UpdateSessionPayload(Payload):
    """At least one field; PROCESSING cannot be set. `state` merges into `metadata.state`."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    status: SettableStatus | None = None
    title: Title | None = None
    metadata: Object | None = None
    stage: Annotated[GenesisStage, Lax] | None = None
    state: Object | None = None

    @model_validator(mode="after")
    def _something_changes(self) -> "UpdateSessionPayload":
        if not self.model_fields_set:
            raise ValueError("at least one of status, title, metadata, stage, state is needed")
        return self

    def new_status(self) -> SessionStatus | None:
        """The status asked for."""
        return None if self.status is None else SessionStatus(self.status)


class UpdateSession(Command):
    """Change a session."""

    session_id: Id
    payload: UpdateSessionPayload


class DeleteSession(Command):
    """Remove a session with its rounds and links."""

    session_id: Id
    payload: Nothing


def _both_names(schema: dict[str, Any]) -> None:
    """What `_one_name_each` takes, in words of JSON Schema."""
    fields = schema["properties"]
    said = {"anyOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}]}
    fields["input"] = fields["content"] = said
    fields["output"] = fields["response"] = {"anyOf": [*said["anyOf"], {"type": "null"}]}
    schema["required"] = ["role"]
    schema["oneOf"] = [{"required": ["input"]}, {"required": ["content"]}]
    schema["not"] = {"required": ["output", "response"]}


class CreateRoundPayload(Payload):
    """One thing said. `content` is another name of `input`, `response` of `output`; a text becomes `{content}`."""

    model_config = ConfigDict(json_schema_extra=_both_names)

    role: Role
    input: Object
    output: Object | None = None
    tool_calls: list[Any] | None = None
    model: Annotated[str, StringConstraints(max_length=128)] | None = None
    tokens_in: Count | None = None
    tokens_out: Count | None = None
    latency_ms: Count | None = None
    cost: Cost | None = None
    correlation_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    parent_path: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$", max_length=64)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_name_each(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        for name, other in (("input", "content"), ("output", "response")):
            if other in data:
                if name in data and data[name] != data[other]:
                    raise ValueError(f"{name} and {other} are both given and differ")
                data[name] = data.pop(other)
            if isinstance(data.get(name), str):
                data[name] = {"content": data[name]}
        return data


class CreateRound(Command):
    """Add a round to a session."""

    session_id: Id
    payload: CreateRoundPayload


ConversationCommand = CreateSession | UpdateSession | DeleteSession | CreateRound
