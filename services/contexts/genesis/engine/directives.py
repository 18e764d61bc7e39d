"""What feedback asks for, as an author can obey it."""

from dataclasses import dataclass
from typing import Literal

Tone = Literal[
    "darker",
    "lighter",
    "funnier",
    "sadder",
    "romantic",
    "tenser",
    "calmer",
    "stranger",
    "simpler",
    "grander",
    "realistic",
]


@dataclass(frozen=True, slots=True)
class Rename:
    """`old` is to be called `new`, everywhere. `old` may be a kind of thing ("the city") instead of a name."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Exclude:
    """The thing is not to occur: neither the word nor what belongs to it."""

    term: str


@dataclass(frozen=True, slots=True)
class Include:
    """The thing is to occur, by these words."""

    term: str


@dataclass(frozen=True, slots=True)
class ChangeTone:
    """The whole is to sound otherwise."""

    tone: Tone


@dataclass(frozen=True, slots=True)
class ChangeAge:
    """Somebody is to be older or younger; `years` when an age is named. `who` None: the protagonist."""

    who: str | None
    direction: Literal["older", "younger"] | None
    years: int | None


@dataclass(frozen=True, slots=True)
class ChangeTrait:
    """Somebody is to be (or, with `absent`, no longer to be) like this. `who` None: the protagonist."""

    who: str | None
    trait: str
    absent: bool = False


@dataclass(frozen=True, slots=True)
class ChangeMotive:
    """Somebody is to have another, better reason for what they do. `who` None: the protagonist."""

    who: str | None


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """There are to be so many: of `what` (characters, chapters, candidates, nodes, levels, places …)."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ChangeNumber:
    """There are to be more or fewer of `what` than there are; `by` when a number is named."""

    what: str
    direction: Literal["more", "fewer"]
    by: int | None


@dataclass(frozen=True, slots=True)
class ChangeLength:
    """What is written is to be longer or shorter."""

    direction: Literal["longer", "shorter"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Anything else: it is to be taken up in its own words."""

    text: str


Directive = (
    Rename
    | Exclude
    | Include
    | ChangeTone
    | ChangeAge
    | ChangeTrait
    | ChangeMotive
    | ChangeCount
    | ChangeNumber
    | ChangeLength
    | Remark
)
"""One thing that was asked for."""
