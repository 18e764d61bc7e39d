"""Commands that stand for another one, by the stage that the flow is at: give feedback on it, confirm it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from services.contexts.genesis.commands import content
from services.contexts.genesis.commands.content import SessionCommand
from services.contexts.genesis.decider import steps
from services.contexts.genesis.decider.content import confirm_content, request_content, revise_content
from services.contexts.genesis.decider.conversation import working_record
from services.contexts.genesis.decider.draft import Draft
from services.kernel.decider import Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisStage

_PREFIX: Final = "Command.Genesis.Session."


@dataclass(frozen=True, slots=True)
class _Meant:
    """The command that is meant at a stage."""

    command_type: str
    model: type[SessionCommand[Any]]
    decide: Callable[[Any, Given, Scope], Decision]


_FEEDBACK: Final[Mapping[GenesisStage, _Meant]] = {
    GenesisStage.INITIAL_PROMPT: _Meant(
        f"{_PREFIX}Theme.Revise", content.ReviseTheme, partial(revise_content, steps.REVISE_THEME)
    ),
    GenesisStage.WORLDVIEW: _Meant(
        f"{_PREFIX}World.Update", content.UpdateWorld, partial(revise_content, steps.UPDATE_WORLD)
    ),
    GenesisStage.CHARACTERS: _Meant(
        f"{_PREFIX}Character.Update", content.UpdateCharacter, partial(revise_content, steps.UPDATE_CHARACTER)
    ),
    GenesisStage.PLOT_OUTLINE: _Meant(
        f"{_PREFIX}Plot.Update", content.UpdatePlot, partial(revise_content, steps.UPDATE_PLOT)
    ),
    GenesisStage.FINISHED: _Meant(
        f"{_PREFIX}Details.Request", content.RequestDetails, partial(request_content, steps.DETAILS)
    ),
}
_CONFIRMATION: Final[Mapping[GenesisStage, _Meant]] = {
    GenesisStage.INITIAL_PROMPT: _Meant(
        f"{_PREFIX}Concept.Confirm", content.ConfirmConcept, partial(confirm_content, steps.CONFIRM_CONCEPT)
    ),
    GenesisStage.WORLDVIEW: _Meant(
        f"{_PREFIX}World.Confirm", content.ConfirmContent, partial(confirm_content, steps.CONFIRM_WORLD)
    ),
    GenesisStage.CHARACTERS: _Meant(
        f"{_PREFIX}Character.Confirm", content.ConfirmContent, partial(confirm_content, steps.CONFIRM_CHARACTER)
    ),
    GenesisStage.PLOT_OUTLINE: _Meant(
        f"{_PREFIX}Plot.Confirm", content.ConfirmContent, partial(confirm_content, steps.CONFIRM_PLOT)
    ),
    GenesisStage.FINISHED: _Meant(
        f"{_PREFIX}Details.Confirm", content.ConfirmContent, partial(confirm_content, steps.CONFIRM_DETAILS)
    ),
}


def provide_feedback(command: content.GiveFeedback, given: Given, scope: Scope) -> Decision:
    """The revision or update of the current stage."""
    return _decide(_FEEDBACK, command, given, scope)


def confirm_stage(command: content.ConfirmStage, given: Given, scope: Scope) -> Decision:
    """The confirmation of the current stage."""
    return _decide(_CONFIRMATION, command, given, scope)


def _decide(
    meanings: Mapping[GenesisStage, _Meant], command: SessionCommand[Any], given: Given, scope: Scope
) -> Decision:
    draft, _, _ = working_record(command.session_id, given, scope)
    meant = meanings[draft.flow.current_stage]
    _check_alone(draft, command, meant.command_type)
    decision = meant.decide(_parsed(command, meant), replace(given, command_type=meant.command_type), scope)
    return replace(decision, command_type=meant.command_type)


def _check_alone(draft: Draft, command: SessionCommand[Any], command_type: str) -> None:
    """The inbox guards the type that was sent; what it stands for is known here only."""
    for other in draft.flow.open_commands.values():
        if other.type == command_type and other.session_id == command.session_id:
            detail = "A command of this type is still open here."
            raise Rejected("DUPLICATE_COMMAND", detail, duplicate_command_id=str(other.id))


def _parsed(command: SessionCommand[Any], meant: _Meant) -> SessionCommand[Any]:
    payload = command.payload.model_dump(exclude_unset=True)
    try:
        return meant.model(session_id=command.session_id, payload=payload)
    except ValidationError as error:
        errors = tuple(
            FieldError("".join(f"/{step}" for step in item["loc"][1:]), item["type"], item["msg"])
            for item in error.errors(include_url=False)
        )
        raise Rejected("VALIDATION_ERROR", f"{errors[0].pointer}: {errors[0].message}", errors=errors) from None
