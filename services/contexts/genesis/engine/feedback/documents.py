"""Going through a settings document: free JSON in which a person may have saved anything anywhere."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from services.contexts.genesis.engine.text import storable

# What holds a document together, and words that are one of a few: feedback is never about these.
_FIXED: Final = frozenset({
    "id", "from", "from_", "to", "merged_from", "entry_type", "role_type", "importance", "stance", "type", "structure",
    "conflict_type", "function", "mbti", "path", "category",
})  # fmt: skip


def is_fixed(key: str) -> bool:
    """Tell whether what stands under a key is to stay as it is, whatever is asked."""
    return key in _FIXED or key.endswith(("_id", "_ids"))


def mapped(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Return a document with every text in it changed; keys and what is fixed stay."""
    if is_fixed(key):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: mapped(item, change, str(name)) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(mapped(item, change, key) for item in value)
    return value


def texts_of(value: Any, key: str = "") -> Iterator[str]:
    """Yield every text that a reader reads, in order."""
    if is_fixed(key):
        return
    if isinstance(value, str):
        yield storable(value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from texts_of(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_of(item, key)


def objects_of(value: Any, key: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every object of a document with the key it stands under, the outer before the inner."""
    if isinstance(value, Mapping):
        yield key, value
        for name, item in value.items():
            yield from objects_of(item, str(name))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from objects_of(item, key)


def name_of(value: Mapping[str, Any]) -> str:
    """Return the name of an object, empty if it has none."""
    name = value.get("name") or value.get("term")
    return storable(name).strip() if isinstance(name, str) else ""
