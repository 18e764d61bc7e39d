"""What a reference model is compared with: something that takes requests and shows what has become of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tests.kit.genesis_model.world import Body, OpenCommand


@dataclass(frozen=True)
class Request:
    """A write, as a client would send it."""

    method: str
    path: str
    body: Body | None = None
    if_match: int | None = None


@dataclass(frozen=True)
class Asked:
    """A request beside the same thing said to the reference: the name of its method and the arguments."""

    name: str
    request: Request
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back. `code` is a refusal's. What a typed command wraps its result in is taken off.

    `events` are the types of its events, where the system can tell them at once; `position` is that of the last.
    `key` is what it was sent with, `is_replay` tells that the key was known.
    """

    status: int
    body: Body
    code: str | None = None
    version: int | None = None
    events: tuple[str, ...] | None = None
    position: int = 0
    key: str = ""
    is_replay: bool = False


class System(ABC):
    """A system under test, with one user and one stranger. A look at what is gone gives None.

    `is_whole`: it has an inbox that knows of open commands, and workers whose results can overtake each other.
    """

    is_whole: ClassVar[bool]

    @abstractmethod
    def write(self, request: Request, *, by_stranger: bool = False) -> Answer:
        """Sends a request."""

    @abstractmethod
    def work(self, commands: list[OpenCommand]) -> None:
        """Lets workers bring the results of the open commands, in this order; nothing works at other times."""

    @abstractmethod
    def novel(self, novel_id: str) -> Body | None:
        """A novel."""

    @abstractmethod
    def flow(self, novel_id: str) -> Body | None:
        """A novel's flow."""

    @abstractmethod
    def links(self, stage_id: str) -> list[Body]:
        """The links of a record, the primary first, then by age."""

    @abstractmethod
    def settings(self, stage_id: str) -> list[Body]:
        """The settings versions of a record, the newest first."""

    @abstractmethod
    def session(self, session_id: str) -> Body | None:
        """A session."""

    @abstractmethod
    def rounds(self, session_id: str) -> list[Body]:
        """The rounds of a session, the oldest first."""
