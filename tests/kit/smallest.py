"""The smallest object that a JSON Schema takes: every required key, as few items as allowed, nothing else."""

from collections.abc import Mapping
from typing import Any

MBTI = "INTJ"


def smallest(schema: Mapping[str, Any]) -> Any:
    """One; texts say where they stand, so that no two are alike."""
    return _of(schema, schema.get("$defs", {}), "answer")


def _of(schema: Mapping[str, Any], definitions: Mapping[str, Any], place: str) -> Any:
    if "$ref" in schema:
        return _of(definitions[schema["$ref"].rpartition("/")[2]], definitions, place)
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _of(schema["anyOf"][0], definitions, place)
    match schema["type"]:
        case "object":
            return _object(schema, definitions, place)
        case "array":
            return [_of(schema["items"], definitions, f"{place}-{n}") for n in range(schema.get("minItems", 0))]
        case "integer":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case _:
            return MBTI if "pattern" in schema else place


def _object(schema: Mapping[str, Any], definitions: Mapping[str, Any], place: str) -> dict[str, Any]:
    known, other = schema.get("properties", {}), schema.get("additionalProperties")
    return {name: _of(known.get(name, other), definitions, f"{place}.{name}") for name in schema.get("required", [])}
