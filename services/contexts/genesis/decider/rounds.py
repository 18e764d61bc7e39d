"""The rounds that commands and results leave in a conversation, numbered by the session itself."""

from typing import Any

from services.contexts.conversations.commands import CreateRoundPayload
from services.contexts.conversations.decider import Session, older_summarised, round_created
from services.contexts.conversations.talk import SPEAKERS, words_of
from services.contexts.genesis.commands.conversation import ContentPayload
from services.contexts.genesis.decider.draft import Draft
from shared_types.enums import DialogueRole

SAID_MAX = 1_000
"""So many characters of a round are told to an author."""


def say_command(draft: Draft, session: Session, payload: ContentPayload) -> None:
    """Adds the user's round that every command on a session leaves."""
    content = {"payload": payload.model_dump(mode="json", exclude_unset=True), "source": "command_api"}
    said = CreateRoundPayload(
        role=DialogueRole.USER, correlation_id=str(draft.given.command_id), input={**_command(draft), **content}
    )
    draft.add(round_created(session, draft.given, draft.given.new_id("round"), said))


def say_result(draft: Draft, session: Session, **said: Any) -> None:
    """Adds the assistant's round, below the user's round of the same command, and sums up what is long ago by now."""
    correlation_id = str(draft.given.command_id)
    asked = session.said.get((correlation_id, DialogueRole.USER))
    payload = CreateRoundPayload(
        role=DialogueRole.ASSISTANT,
        correlation_id=correlation_id,
        parent_path=asked.round_path if asked is not None else None,
        input={**_command(draft), "source": "ai"},
        **said,
    )
    answer = round_created(session, draft.given, draft.given.new_id("answer"), payload)
    draft.add(answer)
    if (summarised := older_summarised(session, answer, draft.given.now)) is not None:
        draft.add(summarised)


def talk_of(session: Session) -> list[dict[str, Any]]:
    """What was said before the last rounds, in short, and what user and assistant said in them; the newest last."""
    older = [{"role": "summary", "said": "\n".join(session.older)}] if session.older else []
    told = ((said.role, words_of(said)) for said in session.recent if said.role in SPEAKERS)
    return older + [{"role": str(role), "said": words[:SAID_MAX]} for role, words in told if words]


def _command(draft: Draft) -> dict[str, Any]:
    return {"command_type": draft.given.command_type, "command_id": str(draft.given.command_id)}
