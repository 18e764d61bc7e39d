"""Drawing the lines between people: from what their texts say of each other, else from what they are and want."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import regex

from services.contexts.genesis.engine.casts.keeping import nodes_of
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.material import EdgeWords
from services.contexts.genesis.engine.casts.naming import called
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import Character, EdgeType, Network, NetworkEdge
from services.contexts.genesis.engine.text import Language, isolated, shortened
from services.contexts.genesis.engine.voice import paragraph, phrase, render

_SENTENCES = regex.compile(r"[^。！？.!?]+[。！？.!?]+[”\"]?")
_QUOTE_MAX = 120
_EVIDENCE_MAX = 240
Pair = tuple[Character, Character]


def weave(
    characters: Sequence[Character],
    choices: Choices,
    language: Language,
    *,
    complexity: int,
    kept: Sequence[NetworkEdge] = (),
) -> Network:
    """Return a network of at least two people; lines that are there already stay, and nobody is left alone."""
    edges = list(kept)
    for one, other in _pairs(characters, choices, complexity, kept):
        label = f"{one.character_id}-{other.character_id}"
        edges.append(_edge(one, other, choices.under(label), language, {edge.description for edge in edges}))
    return Network(nodes=nodes_of(characters), edges=tuple(edges), warnings=isolated_in(characters, edges, language))


def isolated_in(characters: Sequence[Character], edges: Sequence[NetworkEdge], language: Language) -> tuple[str, ...]:
    """Return a warning for each who stands alone."""
    connected = {end for edge in edges for end in (edge.from_, edge.to)}
    warning = cast_material(language).frames.isolated
    alone = (one for one in characters if one.character_id not in connected)
    return tuple(render(warning, {"name": isolated(one.name)}, language) for one in alone)


def _pairs(
    characters: Sequence[Character], choices: Choices, complexity: int, kept: Sequence[NetworkEdge]
) -> Iterator[Pair]:
    """Yield who is to be connected: everybody with the one who carries the story, then others among themselves."""
    joined = {frozenset((edge.from_, edge.to)) for edge in kept}
    reached = {end for pair in joined for end in pair}
    lead = next((one for one in characters if one.role_type == "protagonist"), characters[0])
    for other in characters:
        if other is not lead and (not kept or other.character_id not in reached):
            yield lead, other
            joined.add(frozenset((lead.character_id, other.character_id)))
    if kept:
        return
    wanted = len(characters) - 1 + (0, (len(characters) + 1) // 2, 2 * len(characters))[complexity]
    others = choices.ordered("pairs", list(combinations(characters, 2)))
    for one, other in sorted(others, key=lambda pair: -_mentions(*pair)):
        pair = frozenset((one.character_id, other.character_id))
        if pair not in joined and len(joined) < wanted:
            yield one, other
            joined.add(pair)


def _edge(one: Character, other: Character, choices: Choices, language: Language, told: set[str]) -> NetworkEdge:
    kind, is_friendly = _relation(one, other, choices)
    every = cast_material(language).edges
    fitting = [words for words in every if words.type == kind and (words.strengths[-1] > 0) is is_friendly]
    words = choices.one("words", fitting or every)
    return NetworkEdge(
        **{"from": one.character_id},
        to=other.character_id,
        type=words.type,
        strength=choices.one("strength", words.strengths),
        description=_description(one, other, words, choices, language, told),
    )


def _relation(one: Character, other: Character, choices: Choices) -> tuple[EdgeType, bool]:
    """Return of what kind a relation is, and whether it is a good one."""
    hostile = [person.stance == "hostile" or person.role_type == "antagonist" for person in (one, other)]
    if any(hostile) and not all(hostile):
        is_neutral = "neutral" in (one.stance, other.stance)
        return choices.one(
            "against", ("interest", "interest") if is_neutral else ("belief", "emotion", "interest")
        ), False
    if all(hostile):
        return "interest", True
    if "neutral" in (one.stance, other.stance):
        return choices.one("beside", ("interest", "belief", "interest")), True
    return choices.one("with", ("emotion", "emotion", "belief", "blood", "interest")), True


def _description(
    one: Character, other: Character, words: EdgeWords, choices: Choices, language: Language, told: set[str]
) -> str:
    """Return what is between the two, and what it rests on: words of one about the other, else what one wants."""
    slots = {"a": called(one.name, language), "b": called(other.name, language)}
    said = "\n".join(told)
    lines = [render(line, slots, language) for line in choices.ordered("line", words.descriptions)]
    reasons = [*_evidence(one, other, language), *_wishes(one, other, choices, language)]
    line, reason = (next((text for text in texts if text not in said), texts[0]) for texts in (lines, reasons))
    return paragraph((line, reason), language)


def _evidence(one: Character, other: Character, language: Language) -> Iterator[str]:
    """Yield the sentences in which the texts of one of the two speak of the other by name."""
    frame = cast_material(language).frames.edge_evidence
    for person, them in ((one, other), (other, one)):
        own, name = called(person.name, language), called(them.name, language)
        for text in (person.motivation, person.obstacles, person.background, person.wounds):
            for found in map(str.strip, _SENTENCES.findall(text)):
                if name and name in found and "\u201c" not in found and len(found) <= _EVIDENCE_MAX:
                    yield found if own in found else render(frame, {"a": own, "said": found}, language)


def _wishes(one: Character, other: Character, choices: Choices, language: Language) -> Iterator[str]:
    """Yield sentences on what one of the two wants of life, as far as it concerns the other."""
    frames = choices.ordered("wishes", cast_material(language).frames.edge_quotes)
    goals = [(person, them, goal) for goal in ("long", "short", "mid") for person, them in ((one, other), (other, one))]
    for turn, (person, them, goal) in enumerate(choices.ordered("goals", goals)):
        slots = {"a": called(person.name, language), "b": called(them.name, language)}
        quote = isolated(shortened(phrase(getattr(person.goals, goal)), _QUOTE_MAX))
        yield render(frames[turn % len(frames)], slots | {"quote": quote}, language)


def _mentions(one: Character, other: Character) -> int:
    """Count how often two people's texts name each other."""
    texts = (
        f"{person.motivation}{person.obstacles}{person.background}{person.goals.short}{person.goals.mid}"
        for person in (one, other)
    )
    first, second = texts
    return first.count(other.name.split(" ")[0]) + second.count(one.name.split(" ")[0])
