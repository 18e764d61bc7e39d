"""Refuses a change of the published contracts that somebody's client would not survive.

What was published last lies in schemas/published.json, one document a line; `--publish` brings it up to date, and
refuses like the check. The rules: an event version's schema never changes; what is sent to us may only become more,
and optional; what we send may only become more; a path, a status, a header or an enumeration's value never goes away.
Only which refusals an operation comes to may change, as the rules do that it obeys: not the shape of a refusal.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from tools.generate_schemas import SCHEMAS, generated

PUBLISHED = SCHEMAS / "published.json"

Json = dict[str, Any]
Documents = Mapping[str, Json]

_PROBLEM = "application/problem+json"
_ANNOTATIONS = frozenset({"title", "description", "summary", "examples", "default", "deprecated", "readOnly"})
_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


class Direction(Enum):
    """Who writes a value. What is sent to us must be taken for ever; what we send must be understood for ever."""

    TO_US = "to us"
    FROM_US = "from us"


def main() -> None:
    """Checks or publishes; exits with 1 when something was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publish", action="store_true", help="what is there now becomes what was published")
    publish = parser.parse_args().publish
    now = current()
    broken = [*incompatibilities(published(), now)]
    if broken:
        sys.exit("These changes break what was published:\n  " + "\n  ".join(broken))
    if publish:
        PUBLISHED.write_text(_one_a_line(now))
    print(f"{len(now)} contracts are compatible with what was published.")


def _one_a_line(documents: Documents) -> str:
    lines = [
        f"{json.dumps(name)}: {json.dumps(document, ensure_ascii=False, sort_keys=True)}"
        for name, document in sorted(documents.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def current() -> Documents:
    """The generated JSON documents, by their place under schemas/."""
    return {
        str(path.relative_to(SCHEMAS)): json.loads(text) for path, text in generated().items() if path.suffix == ".json"
    }


def published() -> Documents:
    """The documents as they were published last; none before the first time."""
    found: Documents = json.loads(PUBLISHED.read_text()) if PUBLISHED.exists() else {}
    return found


def incompatibilities(old: Documents, new: Documents) -> Iterator[str]:
    """Every broken rule, in a sentence that begins with its place."""
    for name, before in old.items():
        after = new.get(name)
        kind = Path(name).parts[:2]
        if after is None:
            yield f"{name}: it is gone"
        elif kind == ("json", "events"):
            if _bare(before) != _bare(after):
                yield f"{name}: a version of an event never changes; make the next version"
        elif kind == ("json", "commands"):
            yield from _Comparison(Direction.TO_US, before, after).of(before, after, name)
        elif kind[0] == "openapi":
            yield from _of_api(before, after, name)
        elif kind[0] == "asyncapi":
            yield from _of_messages(before, after, name)
        else:
            yield from _Comparison(Direction.FROM_US, before, after).of(before, after, name)


def _of_api(old: Json, new: Json, name: str) -> Iterator[str]:
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            place = f"{name}: {method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                yield f"{place}: it is gone"
            else:
                yield from _of_operation(before, after, place, old, new)


def _of_operation(before: Json, after: Json, place: str, old: Json, new: Json) -> Iterator[str]:
    to_us = _Comparison(Direction.TO_US, old, new)
    if before["operationId"] != after["operationId"]:
        yield f"{place}: it has another operationId"
    yield from _of_parameters(before, after, place, to_us)
    yield from _of_body(before.get("requestBody"), after.get("requestBody"), place, to_us)
    for status, response in before["responses"].items():
        now = after["responses"].get(status)
        if now is None:
            if _PROBLEM not in response.get("content", {}):
                yield f"{place}: the status {status} is gone"
            continue
        gone = response.get("headers", {}).keys() - now.get("headers", {}).keys()
        yield from (f"{place}: the header {header} of {status} is gone" for header in sorted(gone))
        for media, content in response.get("content", {}).items():
            if media not in now.get("content", {}):
                yield f"{place}: {status} is no longer {media}"
                continue
            shape, shape_now = content["schema"], now["content"][media]["schema"]
            if media == _PROBLEM:
                shape, shape_now = _shape(shape), _shape(shape_now)
            from_us = _Comparison(Direction.FROM_US, old, new)
            yield from from_us.of(shape, shape_now, f"{place}: {status}")


def _shape(refusal: Json) -> Json:
    """What all refusals have in common, without the codes of this one."""
    shape: Json = refusal["allOf"][0] if "allOf" in refusal else refusal
    return shape


def _of_parameters(before: Json, after: Json, place: str, comparison: "_Comparison") -> Iterator[str]:
    old = {(one["in"], one["name"]): one for one in before["parameters"]}
    new = {(one["in"], one["name"]): one for one in after["parameters"]}
    for key, parameter in old.items():
        if key not in new:
            yield f"{place}: the parameter {key[1]} is gone"
        else:
            yield from comparison.of(parameter["schema"], new[key]["schema"], f"{place}: {key[1]}")
    for key, parameter in new.items():
        if parameter.get("required") and not old.get(key, {}).get("required"):
            yield f"{place}: the parameter {key[1]} is now needed"


def _of_body(before: Json | None, after: Json | None, place: str, comparison: "_Comparison") -> Iterator[str]:
    if after is not None and after["required"] and not (before and before["required"]):
        yield f"{place}: a body is now needed"
    if before is None:
        return
    if after is None:
        yield f"{place}: it takes no body any more"
        return
    for media, content in before["content"].items():
        if media not in after["content"]:
            yield f"{place}: it no longer takes {media}"
        else:
            yield from comparison.of(content["schema"], after["content"][media]["schema"], f"{place}: body")


def _of_messages(old: Json, new: Json, name: str) -> Iterator[str]:
    comparison = _Comparison(Direction.FROM_US, old, new)
    for channel, before in old["channels"].items():
        after = new["channels"].get(channel)
        if after is None or before["address"] != after["address"]:
            yield f"{name}: the channel {channel} is gone"
            continue
        gone = before["messages"].keys() - after["messages"].keys()
        yield from (f"{name}: the message {message} of {channel} is gone" for message in sorted(gone))
    for message, before in old["components"]["messages"].items():
        after = new["components"]["messages"].get(message)
        if after is not None:
            for part in ("payload", "headers"):
                if part in before:
                    yield from comparison.of(before[part], after.get(part, {}), f"{name}: {message}: {part}")


class _Comparison:
    """Compares schemas of two documents, whose references it follows."""

    def __init__(self, direction: Direction, old: Json, new: Json) -> None:
        self._is_input = direction is Direction.TO_US
        self._old = old
        self._new = new
        self._under_way: set[tuple[str, str]] = set()

    def of(self, old: Any, new: Any, place: str) -> Iterator[str]:
        """What is broken between a schema and its successor."""
        if isinstance(old, bool) or isinstance(new, bool):
            if old != new and (new is False) is self._is_input:
                yield f"{place}: other fields are {'refused' if self._is_input else 'sent'} now"
            return
        pair = (str(old.get("$ref")), str(new.get("$ref")))
        if "$ref" in old and "$ref" in new and pair in self._under_way:
            return
        self._under_way.add(pair)
        before, after = _resolved(old, self._old), _resolved(new, self._new)
        if before != after or "$ref" in json.dumps(before):
            yield from self._different(before, after, place)
        self._under_way.discard(pair)

    def _different(self, old: Json, new: Json, place: str) -> Iterator[str]:
        yield from self._of_values(old, new, place)
        yield from self._of_alternatives(old, new, place)
        if not _alternatives(old) and not _alternatives(new):
            yield from self._of_types(old, new, place)
        yield from self._of_fields(old, new, place)
        yield from self._of_bounds(old, new, place)
        for part in ("items", "additionalProperties"):
            if part in old or part in new:
                yield from self.of(old.get(part, True), new.get(part, True), f"{place}/{part}")

    def _of_values(self, old: Json, new: Json, place: str) -> Iterator[str]:
        before, after = _values(old), _values(new)
        if before is not None and after is not None:
            yield from (f"{place}: the value {value} is gone" for value in before if value not in after)
        elif after is not None and self._is_input:
            yield f"{place}: only some values are taken now"
        elif before is not None and not self._is_input and "enum" not in new:
            yield f"{place}: any value may come now"

    def _of_types(self, old: Json, new: Json, place: str) -> Iterator[str]:
        before, after = _types(old), _types(new)
        narrow, wide = (before, after) if self._is_input else (after, before)
        if wide and not (narrow and narrow <= wide):
            yield f"{place}: it was {_named(before)} and is {_named(after)}"

    def _of_alternatives(self, old: Json, new: Json, place: str) -> Iterator[str]:
        if not _alternatives(old) and not _alternatives(new):
            return
        before, after = _alternatives(old) or [_without_fields(old)], _alternatives(new) or [_without_fields(new)]
        # What was taken must be taken; what comes must have been possible.
        asked, known = (before, after) if self._is_input else (after, before)
        for one in asked:
            pairs = [(one, other) if self._is_input else (other, one) for other in known]
            if all(any(self.of(first, second, place)) for first, second in pairs):
                yield f"{place}: {_short(one)} {'is no longer taken' if self._is_input else 'may come now'}"

    def _of_fields(self, old: Json, new: Json, place: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name, field in before.items():
            if name not in after:
                yield f"{place}/{name}: it is gone"
            else:
                yield from self.of(field, after[name], f"{place}/{name}")
        needed, was_needed = set(new.get("required", ())), set(old.get("required", ()))
        if self._is_input:
            yield from (f"{place}/{name}: it is now needed" for name in sorted(needed - was_needed))
        else:
            lost = sorted((was_needed - needed) & after.keys())
            yield from (f"{place}/{name}: it may be absent now" for name in lost)

    def _of_bounds(self, old: Json, new: Json, place: str) -> Iterator[str]:
        if old.get("format") != new.get("format") and (not self._is_input or "format" in new):
            yield f"{place}: the format is another"
        if not self._is_input:
            return
        if "pattern" in new and new["pattern"] != old.get("pattern"):
            yield f"{place}: the pattern is another"
        for bound in _LOWER_BOUNDS:
            if bound in new and (bound not in old or new[bound] > old[bound]):
                yield f"{place}: {bound} is {new[bound]} now"
        for bound in _UPPER_BOUNDS:
            if bound in new and (bound not in old or new[bound] < old[bound]):
                yield f"{place}: {bound} is {new[bound]} now"


def _resolved(schema: Json, document: Json) -> Json:
    """The schema without annotations, and what it refers to in its place."""
    found = {name: value for name, value in schema.items() if name not in _ANNOTATIONS}
    while (ref := found.pop("$ref", None)) is not None:
        target: Any = document
        for step in ref.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        found = {name: value for name, value in target.items() if name not in _ANNOTATIONS} | found
    return found


def _alternatives(schema: Json) -> list[Json]:
    found: list[Json] = schema.get("anyOf") or schema.get("oneOf") or []
    return found


def _without_fields(schema: Json) -> Json:
    """Of an alternative only what the alternatives are told apart by here; fields are compared beside."""
    return {name: value for name, value in schema.items() if name not in ("properties", "required")}


def _values(schema: Json) -> list[Any] | None:
    found: list[Any] | None = [schema["const"]] if "const" in schema else schema.get("enum")
    return found


def _types(schema: Json) -> set[str]:
    """None at all stands for any."""
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | {"integer"} if "number" in found else found


def _named(types: set[str]) -> str:
    return " or ".join(sorted(types)) or "anything"


def _short(schema: Json) -> str:
    return str(schema.get("$ref", "")).rsplit("/", 1)[-1] or json.dumps(schema)[:80]


def _bare(value: Any, *, in_names: bool = False) -> Any:
    """A schema without what only people read; the names of fields are no such words."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _bare(item, in_names=name in ("properties", "$defs") and not in_names)
        for name, item in value.items()
        if in_names or name not in _ANNOTATIONS - {"default"}
    }


if __name__ == "__main__":
    main()
