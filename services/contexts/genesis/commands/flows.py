"""What may be asked of a genesis: its flow, stages, sessions and settings."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

from services.contexts.genesis.values.stage_config import CONFIGS
from services.kernel.commands import Command, Id, Lax, Nothing, Object, Payload
from shared_types.enums import GenesisMode, GenesisStage, Navigation, StageSessionStatus

Title = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Reason = Annotated[str, StringConstraints(max_length=2_000)]
StageName = Annotated[str, Field(json_schema_extra={"enum": list(GenesisStage)})]
"""Any text: a stage that there is not is refused as such, not as a wrong value."""
SessionKind = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CreateFlowPayload(Payload):
    """How the genesis is entered; all optional."""

    mode: Annotated[GenesisMode, Lax] | None = None
    navigation: Annotated[Navigation, Lax] = Navigation.GUIDED
    state: Object = Field(default_factory=dict)


class CreateFlow(Command):
    """Begin the genesis of a novel, or get it if it has begun."""

    novel_id: Id
    payload: CreateFlowPayload


class StartProcessPayload(CreateFlowPayload):
    """The same, with the novel in the body."""

    novel_id: Id


class StartProcess(Command):
    """Begin the genesis of a novel, asked through the process family of endpoints."""

    payload: StartProcessPayload


class CreateStagePayload(Payload):
    """`new_iteration` begins a new pass where one stands already."""

    config: Object | None = None
    new_iteration: bool = False


class CreateStage(Command):
    """Enter a stage."""

    novel_id: Id
    stage: StageName
    payload: CreateStagePayload


Config = Annotated[Object, WithJsonSchema({"anyOf": [kind.model_json_schema() for kind in CONFIGS.values()]})]
"""The configuration of any stage; which it is, the record says."""


class UpdateConfig(Command):
    """Replace a record's configuration; the payload is the whole of it."""

    stage_id: Id
    payload: Config


class BindSessionPayload(Payload):
    """Without `session_id` a new session is made; `is_primary` left out: true iff there is none yet."""

    session_id: Id | None = None
    novel_id: Id | None = None
    is_primary: bool | None = None
    session_kind: SessionKind | None = None
    title: Title | None = None
    metadata: Object = Field(default_factory=dict)


class BindSession(Command):
    """Let a session work for a stage record."""

    stage_id: Id
    payload: BindSessionPayload


class StartStageSessionPayload(Payload):
    """A new session for a stage."""

    title: Title | None = None
    metadata: Object = Field(default_factory=dict)
    is_primary: bool | None = None
    session_kind: SessionKind | None = None


class StartStageSession(Command):
    """Enter a stage and open a new session in it."""

    process_id: Id
    stage: StageName
    payload: StartStageSessionPayload


class UpdateStageSessionPayload(Payload):
    """What changes of a link."""

    status: Annotated[StageSessionStatus, Lax] | None = None
    is_primary: bool | None = None
    session_kind: SessionKind | None = None


class UpdateStageSession(Command):
    """Change the tie between a record and a session."""

    stage_id: Id
    session_id: Id
    payload: UpdateStageSessionPayload


class SaveSettingsPayload(Payload):
    """A whole settings document, not empty, from a session that works for the record."""

    settings: Annotated[dict[str, Any], Field(min_length=1)]
    session_id: Id
    summary: Annotated[str, StringConstraints(max_length=2_000)] | None = None


class SaveSettings(Command):
    """Save the next version of a record's settings."""

    instance_id: Id
    payload: SaveSettingsPayload


class ConfirmSettings(Command):
    """Make a version the confirmed one."""

    instance_id: Id
    version: Annotated[int, Field(ge=1, strict=False)]
    payload: Nothing


class AdvancePayload(Payload):
    """What is handed over to the next stage."""

    transition_data: Object = Field(default_factory=dict)


class Advance(Command):
    """Complete a record and enter the next stage."""

    instance_id: Id
    payload: AdvancePayload


class SwitchStagePayload(Payload):
    """`force` passes the check that the current configuration is complete."""

    target_stage: StageName
    force: bool = False


class SwitchStage(Command):
    """Go to a stage; the flow is found by the novel or by a session of it."""

    novel_id: Id | None = None
    session_id: Id | None = None
    payload: SwitchStagePayload


class ReasonPayload(Payload):
    """Why, if the user says so."""

    reason: Reason | None = None


class _FlowCommand(Command):
    novel_id: Id | None = None
    session_id: Id | None = None
    payload: ReasonPayload


class PauseFlow(_FlowCommand):
    """Pause a flow."""


class ResumeFlow(_FlowCommand):
    """Let a paused flow go on."""


class AbandonFlow(_FlowCommand):
    """Give a flow up for good."""
