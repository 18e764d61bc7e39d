"""The typed commands about a stage's content: ask for it, change it, confirm it, try another way."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, StringConstraints

from services.contexts.genesis.commands.conversation import ContentPayload, Input
from services.kernel.commands import Command, Id, Lax, Nothing, Object, Payload
from shared_types.enums import ExportFormat, MergeStrategy

Key = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Version = Annotated[int, Field(ge=1, le=1_000_000)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Category = Literal["place", "person", "item", "skill", "organization"]


class RequestSeedPayload(ContentPayload):
    """How many concepts are wanted, or which candidates to fuse."""

    candidate_count: Annotated[int, Field(ge=3, le=6)] = 4
    merge_ids: Annotated[list[str], Field(min_length=2, max_length=4)] | None = None


class RequestThemePayload(ContentPayload):
    """What the theme should or should not be."""

    theme_preferences: Object | Input | None = None


class RequestWorldPayload(ContentPayload):
    """`dimension`: only this one anew."""

    dimension: Key | None = None


class RequestCharacterPayload(ContentPayload):
    """`character_id`: this one anew; `requirements`: one more like this; neither: a whole new cast."""

    character_id: Key | None = None


class CreateNetworkPayload(ContentPayload):
    """Between whom; without, all."""

    character_ids: Annotated[list[Key], Field(min_length=1, max_length=40)] | None = None


class RequestPlotPayload(ContentPayload):
    """`plan_id`: work this plan out; `node_id`: this one anew; neither: new plans."""

    structure: Literal["three_act", "five_act", "heros_journey"] | None = None
    plan_id: Key | None = None
    node_id: Key | None = None


class RequestDetailsPayload(ContentPayload):
    """Which kinds of details are wanted, and how many of each."""

    categories: Annotated[list[Category], Field(min_length=1, max_length=5)] | None = None
    counts: dict[Category, int] = Field(default_factory=dict)
    style: Input | None = None


class RevisePayload(ContentPayload):
    """What is wrong (the AI changes it), or the change itself: a JSON merge patch on a version, default the newest."""

    user_feedback: Input | None = None
    modifications: Object | None = None
    settings_version: Version | None = None


class ReviseThemePayload(RevisePayload):
    """`target`: a theme if there is one, else the concepts."""

    target: Literal["concept", "theme"] | None = None


class UpdateCharacterPayload(RevisePayload):
    """`character_id`: only this one."""

    character_id: Key | None = None


class UpdatePlotPayload(RevisePayload):
    """`node_id`: only this one."""

    node_id: Key | None = None


class ConfirmPayload(ContentPayload):
    """Which version, with which last changes (a JSON merge patch)."""

    settings_version: Version | None = None
    modifications: Object | None = None
    user_feedback: Input | None = None


class ConfirmConceptPayload(ConfirmPayload):
    """Which of the candidates."""

    concept_id: Key


class ConfirmThemePayload(ConfirmPayload):
    """Which of the candidates, where there are several."""

    theme_id: Key | None = None


class CreateBranchPayload(ContentPayload):
    """Where another way begins, and what it is called."""

    base_version: Version | None = None
    from_round_path: Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$", max_length=64)] | None = None
    label: Label | None = None
    description: Annotated[str, StringConstraints(max_length=2_000)] | None = None


class MergePayload(Payload):
    """`source` is merged into `target`: labels of branches, or `v<n>` for a version."""

    source: Label
    target: Label
    strategy: Annotated[MergeStrategy, Lax] = MergeStrategy.MANUAL


class ExportPayload(Payload):
    """As what."""

    format: Annotated[ExportFormat, Lax] = ExportFormat.MARKDOWN


PayloadType = TypeVar("PayloadType", bound=Payload)


class SessionCommand(Command, Generic[PayloadType]):
    """A command that is sent to a session."""

    session_id: Id
    payload: PayloadType


class RequestSeed(SessionCommand[RequestSeedPayload]):
    """Ask for concepts."""


class RequestTheme(SessionCommand[RequestThemePayload]):
    """Ask for themes."""


class RequestWorld(SessionCommand[RequestWorldPayload]):
    """Ask for a world."""


class RequestCharacter(SessionCommand[RequestCharacterPayload]):
    """Ask for a cast or for one character."""


class CreateNetwork(SessionCommand[CreateNetworkPayload]):
    """Ask for the network of the cast."""


class RequestPlot(SessionCommand[RequestPlotPayload]):
    """Ask for plans or for an outline."""


class RequestDetails(SessionCommand[RequestDetailsPayload]):
    """Ask for details."""


class ReviseTheme(SessionCommand[ReviseThemePayload]):
    """Change concepts or themes."""


class UpdateWorld(SessionCommand[RevisePayload]):
    """Change the world."""


class UpdateCharacter(SessionCommand[UpdateCharacterPayload]):
    """Change the cast."""


class UpdatePlot(SessionCommand[UpdatePlotPayload]):
    """Change the plot."""


class ConfirmConcept(SessionCommand[ConfirmConceptPayload]):
    """Choose a concept."""


class ConfirmTheme(SessionCommand[ConfirmThemePayload]):
    """Choose a theme."""


class ConfirmContent(SessionCommand[ConfirmPayload]):
    """Confirm the world, the cast, the plot or the details."""


class CreateBranch(SessionCommand[CreateBranchPayload]):
    """Try another way on from a version."""


class MergeSettings(SessionCommand[MergePayload]):
    """Bring one version's changes into another."""


class CheckConsistency(SessionCommand[Nothing]):
    """Hold the newest version against all that is confirmed."""


class ExportContent(SessionCommand[ExportPayload]):
    """Have the foundation as one document."""


class StageFeedbackPayload(RevisePayload):
    """What the revision or update of any stage takes."""

    target: Literal["concept", "theme"] | None = None
    character_id: Key | None = None
    node_id: Key | None = None


class StageConfirmPayload(ConfirmPayload):
    """What the confirmation of any stage takes; at INITIAL_PROMPT a concept is confirmed."""

    concept_id: Key | None = None


class GiveFeedback(SessionCommand[StageFeedbackPayload]):
    """Stands for the revision or update of the flow's current stage."""


class ConfirmStage(SessionCommand[StageConfirmPayload]):
    """Stands for the confirmation of the flow's current stage."""
