"""Splitting feedback into its clauses, and telling which of them belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

CLAUSE_MAX: Final = 300
"""A clause longer than this is no order but a thought; no pattern is tried on it, so reading stays linear."""

# What somebody put into quotation marks is one thing, whatever stands in it; an unclosed mark opens nothing.
_QUOTED: Final = r"“[^“”\n]{0,80}”|「[^「」\n]{0,80}」|『[^『』\n]{0,80}』|《[^《》\n]{0,80}》|\"[^\"\n]{0,80}\""
_WISH_BEGINS: Final = (
    r"(?:please|also|then|no|not|without|add|more|less|fewer|make|rename|call|name|remove|delete|drop|cut|give|only|"
    r"just|let|use|include|avoid|don['’]?t|do|change|replace|reduce|keep|turn|set|put|introduce|bring|shorten|"
    r"lengthen|expand|take|get|maybe|exclude|limit)"
)
_DEGREE: Final = r"(?:(?:much|even|far|slightly|a (?:bit|little|lot))\s+)*"
_MARK: Final = regex.compile(
    rf"(?P<quoted>{_QUOTED})"
    r"|(?P<end>(?<!\b(?:Mr|Mrs|Ms|Dr|St|Prof))[.](?=\s|$)|[。；;！!？?…\n]+)"
    r"|(?P<list>[,，、])"
    rf"|(?P<joint>\s+(?:and|but)\s+(?={_WISH_BEGINS}\b)|\s+(?:and|but)\s+(?={_DEGREE}\p{{L}}+er\b(?:\s|[,.;!?]|$))"
    r"|(?:并且?|而且|同时)(?=[让把将给使])"
    r")",
    regex.I,
)
_JOINTS: Final = {",": ", "}
_TRIMMED: Final = "-\u2013\u2014•*·:：~ "


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of feedback; `joint` is what binds it to the one before, empty at the beginning of a sentence."""

    words: str
    joint: str


def clauses_of(text: str) -> Iterator[Clause]:
    """Yield the clauses of a text in order, without their punctuation."""
    start, joint = 0, ""
    for mark in _MARK.finditer(text + "\n"):
        if mark["quoted"]:
            continue
        words = " ".join(text[start : mark.start()].split()).strip(_TRIMMED)
        if words:
            yield Clause(words, joint)
        if mark["end"] or words:
            joint = "" if mark["end"] else _JOINTS.get(mark.group(), mark.group())
        start = mark.end()
