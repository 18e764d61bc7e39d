"""From confirmed settings documents to a novel's characters, relations, world entries and arcs.

The documents may be free JSON saved by hand, so whatever is missing or of another shape is skipped.
"""

from typing import Any

from services.kernel.decider import Given
from shared_types.enums import WorldviewEntryType

Object = dict[str, Any]

STRENGTH_MAX = 10
NAME_LENGTH_MAX = 255
"""Names and kinds are kept unique by an index, whose entries have a size limit."""


def characters_of(settings: Object, given: Given) -> list[Object]:
    """Rows of `characters`, one for each named character."""
    return [
        {
            "id": str(given.new_id("character", index)),
            "character_id": _key(character.get("character_id")),
            "name": character["name"][:NAME_LENGTH_MAX],
            "role": _as_text(character.get("role_type")) or _as_text(character.get("role")),
            "description": _as_text(character.get("appearance") or character.get("description")),
            "background_story": _as_text(character.get("background")),
            "personality_traits": _traits(character.get("personality") or character.get("traits")),
            "goals": _as_texts(character.get("goals")),
            "profile": character,
        }
        for index, character in enumerate(_named(settings.get("characters")))
    ]


def relations_of(settings: Object, characters: list[Object]) -> list[Object]:
    """Rows of `character_relations`: the network's edges between characters that are there, each once."""
    ids = {key: c["id"] for c in characters for key in (c["character_id"], c["name"]) if key is not None}
    network = settings.get("network")
    edges = network.get("edges") if isinstance(network, dict) else None
    found: dict[tuple[str, str, str], Object] = {}
    for edge in _objects(edges):
        source, target = ids.get(_key(edge.get("from"))), ids.get(_key(edge.get("to")))
        if source is None or target is None or source == target:
            continue
        kind = (_as_text(edge.get("type")) or "interest")[:NAME_LENGTH_MAX]
        found[(source, target, kind)] = {
            "from_character_id": source,
            "to_character_id": target,
            "relation_type": kind,
            "strength": _strength(edge.get("strength")),
            "description": _as_text(edge.get("description")),
        }
    return list(found.values())


def worldview_entries_of(settings: Object, given: Given) -> list[Object]:
    """Rows of `worldview_entries`, one for each name and type."""
    found: dict[tuple[str, str], Object] = {}
    for index, entry in enumerate(_named(settings.get("entries"))):
        kind = str(entry.get("entry_type", "")).upper()
        kind = kind if kind in set(WorldviewEntryType) else WorldviewEntryType.OTHER
        name = entry["name"][:NAME_LENGTH_MAX]
        found.setdefault(
            (name, kind),
            {
                "id": str(given.new_id("worldview entry", index)),
                "entry_type": str(kind),
                "name": name,
                "description": _as_text(entry.get("description")),
                "tags": _as_texts(entry.get("tags")),
                "data": entry,
            },
        )
    return list(found.values())


def story_arcs_of(outline: Object, given: Given) -> list[Object]:
    """Rows of `story_arcs`, one for each act, with the nodes of its chapters."""
    nodes = _objects(outline.get("nodes"))
    return [
        {
            "id": str(given.new_id("story arc", index)),
            "title": _as_text(act.get("title") or act.get("name")) or f"第{index + 1}幕",
            "summary": _as_text(act.get("summary") or act.get("description")),
            "start_chapter_number": _whole(act.get("start_chapter")),
            "end_chapter_number": _whole(act.get("end_chapter")),
            "nodes": [node for node in nodes if _is_in(node, act)],
        }
        for index, act in enumerate(_objects(outline.get("acts")))
    ]


def _objects(value: Any) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _named(value: Any) -> list[Object]:
    return [item for item in _objects(value) if isinstance(item.get("name"), str) and item["name"].strip()]


def _key(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _as_text(value: Any) -> str | None:
    if isinstance(value, dict):
        return "；".join(str(part) for part in value.values() if isinstance(part, str)) or None
    return value if isinstance(value, str) and value.strip() else None


def _as_texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, str):
        value = [value]
    return [item for item in value if isinstance(item, str) and item.strip()] if isinstance(value, list) else []


def _traits(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*_as_texts(value.get("traits")), *_as_texts(value.get("strengths")), *_as_texts(value.get("flaws"))]
    return _as_texts(value)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000 else None


def _strength(value: Any) -> int:
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 0
    return max(-STRENGTH_MAX, min(STRENGTH_MAX, round(number)))


def _is_in(node: Object, act: Object) -> bool:
    start, end, chapter = (_whole(v) for v in (act.get("start_chapter"), act.get("end_chapter"), node.get("chapter")))
    return start is not None and end is not None and chapter is not None and start <= chapter <= end
