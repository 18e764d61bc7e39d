"""Settings documents as plain JSON: patching, comparing and merging them, and what of each stage must be there."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared_types.enums import GenesisStage, MergeStrategy

Object = dict[str, Any]

EMPTY: Final[Mapping[GenesisStage, Object]] = {
    GenesisStage.INITIAL_PROMPT: {"concept_candidates": [], "concept": None, "theme_candidates": [], "theme": None},
}
"""What a stage's document looks like before anything is in it, where its keys are always there."""

DIMENSIONS: Final = ("geography", "history", "culture", "rules", "society")

_ABSENT: Final = object()


def patched(document: Any, patch: Any) -> Any:
    """The document after a JSON merge patch (RFC 7396): null takes a key away, objects are merged, else it replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


def changed_paths(before: Any, after: Any, path: str = "") -> list[str]:
    """JSON pointers of what differs: the deepest places, a list's entries by their index."""
    if before == after:
        return []
    pairs = _pairs(before, after)
    if pairs is None:
        return [path]
    return [found for key, one, other in pairs for found in changed_paths(one, other, f"{path}/{_escaped(key)}")]


def at_path(document: Any, path: str) -> Any:
    """What a document has at a JSON pointer; None where there is nothing."""
    for step in path.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def merged(base: Object, source: Object, target: Object, strategy: MergeStrategy) -> tuple[Object, list[str]]:
    """The target with what the source has changed since the base, and the places that both have changed otherwise.

    Objects are merged key by key; a list or a text is one place. With `theirs` the source counts there, with `ours` the
    target; with `manual` the target stands, too, for the caller refuses.
    """
    conflicts: list[str] = []
    result = _merged(base, source, target, strategy, "", conflicts)
    return result, conflicts


def missing_content(stage: GenesisStage, document: Mapping[str, Any]) -> list[str]:
    """JSON pointers of what has to be there before a stage's document can be confirmed, and is not."""
    match stage:
        case GenesisStage.INITIAL_PROMPT:
            concept = _object(document.get("concept"))
            return [f"/concept/{name}" for name in ("title", "premise", "hook") if _is_blank(concept.get(name))]
        case GenesisStage.WORLDVIEW:
            dimensions = _object(document.get("dimensions"))
            return [f"/dimensions/{name}" for name in DIMENSIONS if not dimensions.get(name)]
        case GenesisStage.CHARACTERS:
            leads = [c for c in objects(document.get("characters")) if c.get("role_type") == "protagonist"]
            return [] if leads else ["/characters"]
        case GenesisStage.PLOT_OUTLINE:
            return [] if objects(_object(document.get("outline")).get("nodes")) else ["/outline/nodes"]
        case _:
            return []


def objects(value: Any) -> list[Object]:
    """The objects of a list; nothing where there is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def identified(items: Any, name: str, wanted: str) -> Object | None:
    """The object of a list whose id is the wanted one."""
    return next((item for item in objects(items) if item.get(name) == wanted), None)


def _merged(base: Any, source: Any, target: Any, strategy: MergeStrategy, path: str, conflicts: list[str]) -> Any:
    if source in (base, target):
        return target
    if target == base:
        return source
    if isinstance(source, dict) and isinstance(target, dict):
        known = base if isinstance(base, dict) else {}
        result: Object = {}
        for key in {**target, **source}:
            was, theirs, ours = (side.get(key, _ABSENT) for side in (known, source, target))
            value = _merged(was, theirs, ours, strategy, f"{path}/{_escaped(key)}", conflicts)
            if value is not _ABSENT:
                result[key] = value
        return result
    conflicts.append(path)
    return source if strategy is MergeStrategy.THEIRS else target


def _pairs(before: Any, after: Any) -> Iterable[tuple[str, Any, Any]] | None:
    if isinstance(before, dict) and isinstance(after, dict):
        return [(key, before.get(key, _ABSENT), after.get(key, _ABSENT)) for key in {**before, **after}]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [(str(index), *pair) for index, pair in enumerate(zip(before, after, strict=True))]
    return None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _object(value: Any) -> Object:
    return value if isinstance(value, dict) else {}


def _is_blank(value: Any) -> bool:
    return not (isinstance(value, str) and value.strip())
