"""Taking over what is there already, word for word, whatever shape a person has given it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import uuid5

import regex

from services.contexts.genesis.engine.casts.portraits import CHARACTER_NAMESPACE
from services.contexts.genesis.engine.documents import (
    AGE_MAX,
    object_in,
    objects_in,
    text_in,
    told_in,
    whole_number,
    words_in,
)
from services.contexts.genesis.engine.foundations import (
    Character,
    EdgeType,
    Goals,
    Importance,
    Network,
    NetworkEdge,
    NetworkNode,
    Personality,
    RoleType,
    Stance,
    Voice,
)
from services.contexts.genesis.engine.stage_requests import Object

_MBTI = regex.compile(r"[EI][NS][FT][JP]")
Portrayed = Callable[[int, Object], Character]
"""Writes a character for a place in the cast, to fill what a document leaves out."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of a story and what is between them."""

    characters: tuple[Character, ...]
    network: Network | None = None

    @property
    def told(self) -> str:
        """All its texts."""
        return "\n".join(told_in([character.model_dump() for character in self.characters]))


def kept_characters(document: Object, portrayed: Portrayed, limit: int = 40) -> tuple[Character, ...]:
    """Return the characters of a document; those of one id are told apart."""
    kept: list[Character] = []
    for place, found in enumerate(objects_in(document, "characters")[:limit]):
        character = kept_character(found, portrayed(place, found))
        if character.character_id in {other.character_id for other in kept}:
            fresh = str(uuid5(CHARACTER_NAMESPACE, f"{character.character_id}\x1f{place}"))
            character = character.model_copy(update={"character_id": fresh})
        kept.append(character)
    return tuple(kept)


def kept_character(found: Object, spare: Character) -> Character:
    """Return a character as found; what is missing or of no use is taken from the spare one."""
    texts = ("character_id", "name", "appearance", "background", "motivation", "obstacles", "arc", "wounds")
    age = whole_number(found.get("age"), 0, AGE_MAX)
    return Character(
        **{name: text_in(found, name) or getattr(spare, name) for name in texts},
        role_type=_one_of(found.get("role_type"), get_args(RoleType), spare.role_type),
        importance=_one_of(found.get("importance"), get_args(Importance), spare.importance),
        stance=_one_of(found.get("stance"), get_args(Stance), spare.stance),
        age=spare.age if age is None else age,
        personality=_personality(found, spare.personality),
        goals=_goals(found, spare.goals),
        voice=_voice(found, spare.voice),
    )


def kept_network(document: Object, characters: Sequence[Character]) -> Network | None:
    """Return the network of a document as far as it is about these characters, None if no line of it is left."""
    ids = {character.character_id for character in characters}
    found = object_in(document, "network")
    edges = tuple(edge for edge in map(_edge, objects_in(found, "edges")) if edge and {edge.from_, edge.to} <= ids)
    if len(characters) < 2 or not edges:
        return None
    return Network(nodes=nodes_of(characters), edges=edges, warnings=words_in({"all": found.get("warnings")}, "all"))


def nodes_of(characters: Sequence[Character]) -> tuple[NetworkNode, ...]:
    """Return the nodes of these characters."""
    return tuple(NetworkNode(character_id=one.character_id, name=one.name) for one in characters)


def _personality(found: Object, spare: Personality) -> Personality:
    own = object_in(found, "personality")
    mbti = text_in(own, "mbti").upper()
    traits = words_in(own, "traits")
    return Personality(
        summary=text_in(own, "summary") or text_in(found, "personality") or spare.summary,
        mbti=mbti if _MBTI.fullmatch(mbti) else spare.mbti,
        traits=traits if len(traits) > 1 else tuple(dict.fromkeys((*traits, *spare.traits))),
        strengths=words_in(own, "strengths") or spare.strengths,
        flaws=words_in(own, "flaws") or spare.flaws,
    )


def _goals(found: Object, spare: Goals) -> Goals:
    own = object_in(found, "goals")
    return Goals(
        short=text_in(own, "short") or text_in(found, "goals") or spare.short,
        mid=text_in(own, "mid") or spare.mid,
        long=text_in(own, "long") or spare.long,
    )


def _voice(found: Object, spare: Voice) -> Voice:
    own = object_in(found, "voice")
    lines = own.get("dialogues")
    dialogues = words_in({"all": lines}, "all") if isinstance(lines, list | tuple) else ()
    padded = tuple(dict.fromkeys((*dialogues, *spare.dialogues)))
    return Voice(
        monologue=text_in(own, "monologue") or text_in(found, "voice") or spare.monologue,
        dialogues=dialogues[:3] if len(dialogues) > 1 else padded[:2],
        traits=words_in(own, "traits") or spare.traits,
    )


def _edge(found: Mapping[str, Any]) -> NetworkEdge | None:
    source, target, words = text_in(found, "from"), text_in(found, "to"), text_in(found, "description")
    strength = whole_number(found.get("strength"), -10, 10)
    if not (source and target and words) or source == target:
        return None
    kind = _one_of(found.get("type"), get_args(EdgeType), "interest")
    return NetworkEdge(
        **{"from": source}, to=target, type=kind, strength=0 if strength is None else strength, description=words
    )


def _one_of(value: Any, options: Sequence[Any], otherwise: Any) -> Any:
    return value if isinstance(value, str) and value in options else otherwise
