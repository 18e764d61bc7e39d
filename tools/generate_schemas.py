"""Writes JSON Schema of every event and command type to schemas/json; `--check` only compares."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from services.catalogue import CONTEXTS
from services.runtime.registry import Registry

DIRECTORY = Path(__file__).resolve().parents[1] / "schemas" / "json"


def main() -> None:
    """Generates or checks; exits with 1 when a checked file is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail instead of writing")
    wanted = generated()
    if not parser.parse_args().check:
        _write(wanted)
        return
    stale = sorted(str(path) for path, text in wanted.items() if not path.exists() or path.read_text() != text)
    stale += [f"{path} (should not be there)" for path in sorted(DIRECTORY.rglob("*.json")) if path not in wanted]
    if stale:
        sys.exit("Not current; run `make schemas`:\n  " + "\n  ".join(map(str, stale)))
    print(f"{len(wanted)} generated files are current.")


def generated() -> dict[Path, str]:
    """The text of every generated file."""
    registry = Registry(CONTEXTS)
    events = {
        DIRECTORY / "events" / f"{e.TYPE}.v{e.VERSION}.json": e.model_json_schema() for e in registry.events.values()
    }
    commands = {
        DIRECTORY / "commands" / f"{c.type}.json": c.model.model_json_schema() for c in registry.commands.values()
    }
    return {path: _text(schema) for path, schema in (events | commands).items()}


def _write(wanted: dict[Path, str]) -> None:
    for path in DIRECTORY.rglob("*.json"):
        if path not in wanted:
            path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
