"""The rounds that commands and results leave in a conversation, numbered by the session itself."""

from typing import Any

from services.contexts.conversations.commands import CreateRoundPayload
from services.contexts.conversations.decider import Session, round_created
from services.contexts.conversations.events import RoundCreated
from services.contexts.genesis.commands.conversation import ContentPayload
from services.contexts.genesis.decider.draft import Draft
from shared_types.enums import DialogueRole

SAID_MAX = 1_000
"""So many characters of a round are told to an author."""
_SPEAKERS = (DialogueRole.USER, DialogueRole.ASSISTANT)
_SPOKEN = ("user_feedback", "user_input", "initial_input")


def say_command(draft: Draft, session: Session, payload: ContentPayload) -> None:
    """Adds the user's round that every command on a session leaves."""
    content = {"payload": payload.model_dump(mode="json", exclude_unset=True), "source": "command_api"}
    said = CreateRoundPayload(
        role=DialogueRole.USER, correlation_id=str(draft.given.command_id), input={**_command(draft), **content}
    )
    draft.add(round_created(session, draft.given, draft.given.new_id("round"), said))


def say_result(draft: Draft, session: Session, **said: Any) -> None:
    """Adds the assistant's round, below the user's round of the same command."""
    correlation_id = str(draft.given.command_id)
    asked = session.said.get((correlation_id, DialogueRole.USER))
    payload = CreateRoundPayload(
        role=DialogueRole.ASSISTANT,
        correlation_id=correlation_id,
        parent_path=asked[0].round_path if asked is not None else None,
        input={**_command(draft), "source": "ai"},
        **said,
    )
    draft.add(round_created(session, draft.given, draft.given.new_id("answer"), payload))


def talk_of(session: Session) -> list[dict[str, Any]]:
    """What user and assistant said in the last rounds, in words; the newest last."""
    told = ((said.role, _words_of(said)) for said in session.recent if said.role in _SPEAKERS)
    return [{"role": str(role), "said": words[:SAID_MAX]} for role, words in told if words]


def _words_of(said: RoundCreated) -> str | None:
    payload = said.input.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    output = said.output or {}
    places = (output.get("content"), said.input.get("content"), *(payload.get(name) for name in _SPOKEN))
    return next((words for words in places if isinstance(words, str) and words.strip()), None)


def _command(draft: Draft) -> dict[str, Any]:
    return {"command_type": draft.given.command_type, "command_id": str(draft.given.command_id)}
