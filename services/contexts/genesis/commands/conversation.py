"""The typed commands of a genesis conversation: sent as `{type, payload}` to a session."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from services.contexts.genesis.commands.flows import ReasonPayload
from services.contexts.genesis.commands.novels import Chapters
from services.kernel.commands import Command, Id, Lax, Object, OpenPayload
from shared_types.enums import GenesisMode, GenesisStage, Navigation

Input = Annotated[str, StringConstraints(max_length=20_000)]


class ContentPayload(OpenPayload):
    """What every content command may carry; other fields are kept as sent."""

    session_id: Id | None = None
    user_input: Input | None = None
    stage: Annotated[GenesisStage, Lax] | None = None
    stage_id: Id | None = None
    requirements: Object = Field(default_factory=dict)
    preferences: Object = Field(default_factory=dict)
    context: Object = Field(default_factory=dict)
    model: Annotated[str, StringConstraints(max_length=128)] | None = None


class StartPayload(ContentPayload):
    """How a genesis begins; what is missing (novel, flow, session) is made."""

    mode: Annotated[GenesisMode, Lax] | None = None
    initial_input: Input | None = None
    novel_id: Id | None = None
    title: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    navigation: Annotated[Navigation, Lax] = Navigation.GUIDED


class Start(Command):
    """Begin, with an idea or without."""

    session_id: Id | None = None
    payload: StartPayload


class CompleteStagePayload(ContentPayload):
    """`current_stage` is another name of `stage`."""

    current_stage: Annotated[GenesisStage, Lax] | None = None
    completion_notes: Input | None = None
    result: Object | None = None
    metrics: Object | None = None
    transition_data: Object = Field(default_factory=dict)


class CompleteStage(Command):
    """Complete the current stage and enter the next."""

    session_id: Id
    payload: CompleteStagePayload


class FinishPayload(ContentPayload):
    """What the novel is to be called and how long it is to be."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=255)] | None = None
    target_chapters: Chapters | None = None


class Finish(Command):
    """Finish the genesis; the flow is found by a session or by the novel."""

    session_id: Id | None = None
    novel_id: Id | None = None
    payload: FinishPayload


class FailPayload(ContentPayload):
    """Why."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    error: dict[str, Any] | None = None


class Fail(Command):
    """Declare the current stage failed."""

    session_id: Id
    payload: FailPayload


class CancelCommand(Command):
    """Cancel an open command of a session."""

    session_id: Id
    command_id: Id
    payload: ReasonPayload
