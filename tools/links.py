"""Which operation can follow an answer: wherever a write tells the id of something, links to all that takes that id.

Made from names alone. A field is what a parameter of the same name takes. The `id` of a model is what the last
parameter takes of an address that answers with this model. A link to the other API names its document, which both APIs
serve beside their own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from tools.openapi import REF

Json = dict[str, Any]

_PLACE: Final = re.compile(r"\{(\w+)\}")
_OTHER_NAMES: Final[Mapping[str, str]] = {"instance_id": "stage_id", "process_id": "flow_id"}
"""Parameters whose ids are known by another name elsewhere."""
_NO_NEWS: Final = frozenset({"user_id", "id"})
"""Parameters that name users, and by a name that says nothing: whoever asks knows their own id already."""


class _Operation(NamedTuple):
    api: str
    path: str
    method: str
    described: Json

    @property
    def parameters(self) -> list[str]:
        return _PLACE.findall(self.path)

    def header(self, name: str) -> bool:
        return any((one["in"], one["name"]) == ("header", name) for one in self.described["parameters"])


class _Told(NamedTuple):
    """An object of an answer: where it is, what it is, its fields."""

    pointer: str
    model: str
    fields: frozenset[str]


def add_links(documents: Mapping[str, Json]) -> None:
    """Writes the links into the responses of the documents, which know each other by these names."""
    operations = [
        _Operation(api, path, method, described)
        for api, document in documents.items()
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]
    targets = [one for one in operations if one.parameters and not one.described.get("deprecated")]
    named = _names_of_models(operations)
    for source in operations:
        if source.method != "get":
            for response in _successes(source):
                told = list(_told(response, documents[source.api]))
                links = dict(_links(source, response, told, targets, named))
                if links:
                    response["links"] = links


def _names_of_models(operations: list[_Operation]) -> Mapping[str, str]:
    """By the name of a model, the parameter that takes its `id`."""
    return {
        _model(response): source.parameters[-1]
        for source in operations
        if source.path.endswith("_id}")
        for response in _successes(source)
    }


def _links(
    source: _Operation, response: Json, told: list[_Told], targets: list[_Operation], named: Mapping[str, str]
) -> Iterator[tuple[str, Json]]:
    for target in targets:
        found = next(filter(None, (_expressions(source, target, one, named) for one in told)), None)
        if found is None:
            continue
        parameters = {f"path.{name}": expression for name, expression in found.items()}
        if "X-Event-Position" in response["headers"] and target.header("X-Min-Position"):
            parameters["header.X-Min-Position"] = "$response.header.X-Event-Position"
        yield target.described["operationId"], {**_place(source, target), "parameters": parameters}


def _place(source: _Operation, target: _Operation) -> Json:
    if source.api == target.api:
        return {"operationId": target.described["operationId"]}
    address = target.path.replace("/", "~1")
    return {"operationRef": f"{target.api}.json#/paths/{quote(address, safe='~')}/{target.method}"}


def _expressions(
    source: _Operation, target: _Operation, told: _Told, named: Mapping[str, str]
) -> Mapping[str, str] | None:
    """Where the target's parameters come from; None when one is missing, or none of them is news."""
    found: dict[str, str] = {}
    for name in target.parameters:
        field = _field(told, name, named)
        if name in source.parameters:
            found[name] = f"$request.path.{name}"
        elif field is not None and name not in _NO_NEWS:
            found[name] = f"$response.body#{told.pointer}/{field}"
        else:
            return None
    return found if any(expression.startswith("$response") for expression in found.values()) else None


def _field(told: _Told, parameter: str, named: Mapping[str, str]) -> str | None:
    for name in (parameter, _OTHER_NAMES.get(parameter)):
        if name in told.fields:
            return name
        if name is not None and "id" in told.fields and named.get(told.model) == name:
            return "id"
    return None


def _told(response: Json, document: Json) -> Iterator[_Told]:
    """The answer itself, and the objects that are its fields."""
    fields = _fields(_schema(response), document)
    yield _Told("", _model(response), frozenset(fields))
    for name, schema in fields.items():
        for one in schema.get("anyOf", [schema]):
            yield _Told(f"/{name}", _name(one), frozenset(_fields(one, document)))


def _fields(schema: Json, document: Json) -> Json:
    known = document["components"]["schemas"].get(_name(schema), schema)
    fields: Json = known.get("properties", {})
    return fields


def _successes(operation: _Operation) -> Iterator[Json]:
    for status, response in operation.described["responses"].items():
        if status.startswith("2"):
            yield response


def _schema(response: Json) -> Json:
    schema: Json = response.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _model(response: Json) -> str:
    return _name(_schema(response))


def _name(schema: Json) -> str:
    return str(schema.get("$ref", "")).removeprefix(REF)
