"""The first of the four logs: what clients were told, written down by themselves while it happened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

UNDECIDED: Final = frozenset({502, 503, 504})
"""Statuses that say nothing about whether the command took effect; its key is sent again."""
IN_FLIGHT: Final = "COMMAND_IN_FLIGHT"


@dataclass(frozen=True, slots=True)
class Command:
    """A command as a client means it: a write of the API with its JSON body."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a command. `position` is the event's position that it named, 0 for none."""

    status: int
    body: Any
    command_id: UUID | None = None
    position: int = 0

    @property
    def accepted(self) -> bool:
        """Whether it promises an effect."""
        return 200 <= self.status < 300

    @property
    def is_final(self) -> bool:
        """Whether it says what became of the command. An internal error does not: it is not remembered."""
        in_flight = isinstance(self.body, dict) and self.body.get("code") == IN_FLIGHT
        return self.status < 500 and not in_flight


@dataclass(slots=True)
class Told:
    """A command that was sent, maybe several times with its one key, and every answer that came.

    `key` is a UUID, so that it is the command's id as well. `abandoned`: its client went away without an answer, as
    some do.
    """

    user_id: UUID
    key: UUID
    command: Command
    sent: int = 0
    abandoned: bool = False
    answers: list[Answer] = field(default_factory=list)

    @property
    def answer(self) -> Answer | None:
        """What its client knows of it; None: nothing, it may have taken effect or not."""
        return next((answer for answer in self.answers if answer.is_final), None)


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as a listening client got it: the position in the frame's id, and the event's type."""

    position: int
    event_type: str


@dataclass(slots=True)
class Listened:
    """What one client heard over all its connections, of everything behind `start`.

    `end` is the last position that it could hear before it was closed; None while it listens.
    """

    user_id: UUID
    start: int
    end: int | None = None
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    resets: list[str] = field(default_factory=list)
