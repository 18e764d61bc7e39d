"""What was said in a round, in words, for those who are told of it later."""

from collections.abc import Iterator

from services.contexts.conversations.events import RoundCreated
from shared_types.enums import DialogueRole

SHORT_LENGTH_MAX = 120
SPEAKERS = (DialogueRole.USER, DialogueRole.ASSISTANT)

_SPOKEN = ("user_feedback", "user_input", "initial_input")
"""The fields of a typed command's payload that hold words."""


def words_of(said: RoundCreated) -> str | None:
    """What the round says; None when it says nothing in words."""
    payload = said.input.get("payload")
    payload = payload if isinstance(payload, dict) else {}
    output = said.output or {}
    places = (output.get("content"), said.input.get("content"), *(payload.get(name) for name in _SPOKEN))
    return next((words for words in places if isinstance(words, str) and words.strip()), None)


def in_short(said: RoundCreated) -> Iterator[str]:
    """One line with who spoke and how it began; none when nobody said anything."""
    words = words_of(said) if said.role in SPEAKERS else None
    if words is not None:
        line = " ".join(words.split())
        yield f"{said.role}: {line if len(line) <= SHORT_LENGTH_MAX else line[: SHORT_LENGTH_MAX - 1] + '…'}"
