"""Every request that the contexts declare, so that a test about all of them cannot forget a new one."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from services.catalogue import CONTEXTS
from services.kernel.context import (
    ADMIN,
    OWNER,
    PUBLIC,
    AccessRule,
    CommandRoute,
    GoneRoute,
    TypedCommandRoute,
    WriteRoute,
)
from tests.kit.studio import Client

Ids = Mapping[str, str]

BODIES: Mapping[str, Mapping[str, Any]] = {
    "Command.Conversation.Session.Create": {"scope_type": "GENESIS", "scope_id": "{novel_id}"},
    "Command.Conversation.Session.Update": {"title": "Salt"},
    "Command.Conversation.Round.Create": {"role": "user", "content": "hello"},
    "Command.Novel.Create": {"title": "Salt"},
    "Command.Novel.Update": {"title": "Salt"},
    "Command.Genesis.Process.Start": {"novel_id": "{novel_id}"},
    "Command.Genesis.Flow.SwitchStage": {"target_stage": "INITIAL_PROMPT"},
    "Command.Genesis.Stage.BindSession": {"session_id": "{session_id}"},
    "Command.Genesis.Stage.SaveSettings": {"settings": {"idea": 1}, "session_id": "{session_id}"},
    "Command.Genesis.Stage.UpdateConfig": {"genre": "玄幻", "style": "第三人称", "target_word_count": 100_000},
    "Command.Genesis.Session.Start": {"novel_id": "{novel_id}"},
    "Command.Genesis.Session.Fail": {"reason": "It does not hold."},
}
"""A valid body for each command that is not content with an empty one, with `{name}` for an id."""

_PLACE = re.compile(r"\{(\w+)\}")
_NO_IDS = ("stage", "version", "round_path")


@dataclass(frozen=True)
class Asked:
    """A request as it is declared, with `{name}` for each id in path and body. Reads have no body and no command."""

    method: str
    path: str
    body: Any = None
    command: CommandRoute | None = None
    rule: AccessRule = OWNER
    gone: bool = False
    enveloped: bool = False

    def __str__(self) -> str:
        named = f" {self.body['type']}" if isinstance(self.body, dict) and "type" in self.body else ""
        return f"{self.method} {self.path}{named}"

    @property
    def public(self) -> bool:
        """Whether anybody may ask."""
        return self.rule is PUBLIC

    @property
    def invalid(self) -> tuple[int, str]:
        """Status and code for what is wrong with such a request."""
        return (400, "INVALID_PARAMETER") if self.enveloped else (422, "VALIDATION_ERROR")

    @property
    def foreign(self) -> int:
        """The status for what is somebody else's, or nobody's."""
        if self.gone:
            return 410
        return 403 if self.enveloped else 404

    def by(self, user: Client) -> Client:
        """Who may ask: the user, or an admin."""
        return user.studio.admin() if self.rule is ADMIN else user

    @property
    def ids_in_path(self) -> list[str]:
        """Names of the ids in the path."""
        return [name for name in _PLACE.findall(self.path) if name not in _NO_IDS]

    @property
    def names_something(self) -> bool:
        """Whether path or body name anything that belongs to somebody."""
        return bool(self.ids_in_path or _PLACE.search(json.dumps(self.body)))

    def send(self, user: Client, ids: Ids, **more: Any) -> httpx.Response:
        """The answer when `user` asks about `ids`."""
        path = _filled(self.path, ids)
        if self.method == "GET":
            return user.get(path, **more)
        return user.write(self.method, path, json.loads(_filled(json.dumps(self.body), ids)), **more)


def declared_requests() -> list[Asked]:
    """All of them; a typed commands path once for each command that it takes."""
    return [*_writes(), *_reads()]


def missing_ids() -> dict[str, str]:
    """Ids of nothing, by every name."""
    names = {name for asked in declared_requests() for name in _PLACE.findall(asked.path + json.dumps(asked.body))}
    return {name: str(uuid4()) for name in names} | {"stage": "INITIAL_PROMPT", "version": "1", "round_path": "1"}


def _writes() -> Iterator[Asked]:
    commands = {command.type: command for context in CONTEXTS for command in context.commands}
    for route in (route for context in CONTEXTS for route in context.writes):
        match route:
            case WriteRoute():
                yield Asked(route.method, route.path, BODIES.get(route.command, {}), commands[route.command])
            case TypedCommandRoute():
                for command in filter(_is_typed, commands.values()):
                    body = {"type": command.type, "payload": BODIES.get(command.type, {})}
                    yield Asked("POST", route.path, body, command)
            case GoneRoute():
                for method in route.methods:
                    yield Asked(method, route.path, {}, gone=True)


def _reads() -> Iterator[Asked]:
    gone = {route.path for context in CONTEXTS for route in context.writes if isinstance(route, GoneRoute)}
    for query in (query for context in CONTEXTS for query in context.queries):
        yield Asked("GET", query.path, rule=query.rule, gone=query.path in gone, enveloped=query.enveloped)


def _is_typed(command: CommandRoute) -> bool:
    fields = command.model.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    return "session_id" in fields and needed <= {"session_id", "payload"}


def _filled(template: str, ids: Ids) -> str:
    return _PLACE.sub(lambda place: ids[place[1]], template)
