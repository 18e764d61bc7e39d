"""Writes the published contracts under schemas/ from what contexts and routes declare; `--check` only compares."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services.kernel.responses import Response
from shared_types import conversation_tables, genesis_tables, novel_tables
from shared_types.table import Table
from tools.apis import REGISTRY, ROUTES, TITLES
from tools.asyncapi import asyncapi, page
from tools.links import add_links
from tools.openapi import openapi
from tools.typescript import sources

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
GENERATED = ("asyncapi", "json", "openapi")
"""The folders that hold nothing else."""


def main() -> None:
    """Generates or checks; exits with 1 when a checked file is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail instead of writing")
    wanted = generated()
    if not parser.parse_args().check:
        _write(wanted)
        return
    stale = sorted(str(path) for path, text in wanted.items() if not path.exists() or path.read_text() != text)
    stale += [f"{path} (should not be there)" for path in _present() if path not in wanted]
    if stale:
        sys.exit("Not current; run `make schemas`:\n  " + "\n  ".join(map(str, stale)))
    print(f"{len(wanted)} generated files are current.")


def generated() -> dict[Path, str]:
    """The text of every generated file."""
    directory = SCHEMAS / "json"
    events = {
        directory / "events" / f"{e.TYPE}.v{e.VERSION}.json": e.model_json_schema() for e in REGISTRY.events.values()
    }
    commands = {
        directory / "commands" / f"{c.type}.json": c.model.model_json_schema() for c in REGISTRY.commands.values()
    }
    responses = {
        directory / "responses" / f"{model.__name__}.json": model.model_json_schema(mode="serialization")
        for model in _subclasses(Response)
    }
    rows = {
        directory / "rows" / f"{model.TABLE}.json": model.model_json_schema(mode="serialization")
        for module in (conversation_tables, genesis_tables, novel_tables)
        for model in vars(module).values()
        if isinstance(model, type) and issubclass(model, Table) and model is not Table
    }
    apis = {name: openapi(name, TITLES[name], routes) for name, routes in ROUTES.items()}
    add_links(apis)
    documents = {SCHEMAS / "openapi" / f"{name}.json": document for name, document in apis.items()}
    happening = asyncapi(REGISTRY)
    documents[SCHEMAS / "asyncapi" / "studio.json"] = happening
    found = {path: _text(schema) for path, schema in (events | commands | responses | rows | documents).items()}
    return found | {SCHEMAS / "asyncapi" / "studio.html": page(happening), **sources()}


def _subclasses(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _present() -> list[Path]:
    return sorted(path for folder in GENERATED for path in (SCHEMAS / folder).rglob("*") if path.is_file())


def _write(wanted: dict[Path, str]) -> None:
    for path in _present():
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
