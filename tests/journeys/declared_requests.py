"""Every request that the APIs take, so that a test about all of them cannot forget a new one.

A route of a new context needs nothing here, unless its command wants a body or it names a new kind of id.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from uuid import uuid4

import httpx
from pydantic import BaseModel

from services.catalogue import CONTEXTS
from services.command_api.main import routes as command_api_routes
from services.kernel.context import ADMIN, AccessRule, CommandRoute, GoneRoute, TypedCommandRoute, WriteRoute
from services.query_api.resources import routes as query_api_routes
from services.runtime.guarded_routes import GuardedRoute
from services.runtime.registry import Registry
from tests.journeys.genesis_walks import begin, confirm
from tests.kit.studio import API, Client

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
    "Command.Genesis.Session.Concept.Confirm": {"concept_id": "c1"},
    "Command.Genesis.Session.Stage.Confirm": {"concept_id": "c1"},
    "Command.Genesis.Session.Stage.Feedback": {"modifications": {"a": 1}},
    "Command.Genesis.Session.Theme.Revise": {"modifications": {"a": 1}},
    "Command.Genesis.Session.World.Update": {"modifications": {"a": 1}},
    "Command.Genesis.Session.Character.Update": {"modifications": {"a": 1}},
    "Command.Genesis.Session.Plot.Update": {"modifications": {"a": 1}},
    "Command.Genesis.Settings.Merge": {"source": "v1", "target": "v1"},
}
"""A valid body for each command that is not content with an empty one, with `{name}` for an id."""

UNDECLARED: Mapping[str, Mapping[str, str]] = {
    "POST /auth/sse-token": {},
    "POST /auth/register": {},
    "POST /auth/login": {},
    "POST /auth/refresh": {},
    "POST /auth/logout": {},
    "POST /auth/password": {},
    "POST /users": {},
    "PUT /users/{user_id}": {},
    "PUT /users/{user_id}/api-keys": {},
    "POST /users/{user_id}/disable": {},
    "POST /users/{user_id}/enable": {},
    "POST /users/{user_id}/reset-password": {},
    "GET /events/stream": {
        "session_id": "{session_id}", "novel_id": "{novel_id}", "flow_id": "{process_id}", "stage_id": "{stage_id}",
        "context_id": "{novel_id}", "preflight": "true",
    },
    "POST /events/teardown": {"tab_id": "tab"},
    "GET /events/health": {},
    "GET /events/{event_id}": {},
    "GET /dead-letters": {"scope_id": "{novel_id}"},
    "GET /dead-letters/{consumer}/{position}": {},
    "POST /dead-letters/{consumer}/{position}/redrive": {},
    "POST /dead-letters/{consumer}/{position}/skip": {},
}  # fmt: skip
"""The query of each route that no context declares, with `{name}` for an id."""

OTHER_NAMES: Mapping[str, str] = {"scope_id": "{novel_id}"}
"""What is sent in a field that names something of the user's, where that is not an id of the field's own name."""

_PLACE = re.compile(r"\{(\w+)\}")
_NO_IDS: Mapping[str, str] = {
    "stage": "INITIAL_PROMPT", "version": "1", "round_path": "1", "consumer": "projector-core", "position": "1",
}  # fmt: skip
_NO_IDS_OF_OURS = (
    "correlation_id", "merge_ids", "character_id", "character_ids", "concept_id", "node_id", "plan_id", "theme_id",
)  # fmt: skip
"""Fields that end like an id, but hold what the client likes, or names within a record that is named beside them."""


@dataclass(frozen=True)
class Asked:
    """A request as it is declared, with `{name}` for each id in path, query and body.

    Reads have no body and no command. `rule` is that of the route.
    """

    method: str
    path: str
    body: Any = None
    command: CommandRoute | None = None
    rule: AccessRule = AccessRule.OWNER
    gone: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    enveloped: bool = False

    def __str__(self) -> str:
        named = f" {self.body['type']}" if isinstance(self.body, dict) and "type" in self.body else ""
        return f"{self.route}{named}"

    @property
    def route(self) -> str:
        """The route that takes it."""
        return f"{self.method} {self.path}"

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
        """Whether path, query or body name anything that belongs to somebody."""
        return bool(self.ids)

    @property
    def ids(self) -> list[str]:
        """Names of the ids in path, query and body."""
        found = _PLACE.findall(self.path + json.dumps(self.body) + json.dumps(self.query))
        return [name for name in dict.fromkeys(found) if name not in _NO_IDS]

    def send(self, user: Client, ids: Ids, **more: Any) -> httpx.Response:
        """The answer when `user` asks about `ids`."""
        path, query = filled(self.path, ids), json.loads(filled(json.dumps(self.query), ids))
        if self.method == "GET":
            return user.get(path, **query, **more)
        if self.route in _WRITES_TO_READERS:
            url = random.choice(user.studio.query_urls) + API + path
            bearer = {"Authorization": f"Bearer {user.token}"} if user.token else {}
            body = json.loads(filled(json.dumps(self.body), ids)) if self.body is not None else None
            return user.studio.http.request(self.method, url, params=query | more, json=body, headers=bearer)
        return user.write(self.method, path, json.loads(filled(json.dumps(self.body), ids)), **more)


def declared_requests() -> list[Asked]:
    """What the contexts declare; a typed commands path once for each command that it takes."""
    return [*_writes(), *_reads()]


def all_requests() -> list[Asked]:
    """One for every route of both APIs at least, and one more for each id that may be sent with it or left out."""
    declared = declared_requests()
    known = {asked.route for asked in declared}
    others = [_undeclared(route) for route in _routes() if _name(route) not in known]
    return [variant for asked in [*declared, *others] for variant in (asked, *_with_optional_ids(asked))]


def unknown_routes() -> list[str]:
    """Routes that no context declares and of which nobody has said here what they take."""
    known = {asked.route for asked in declared_requests()} | UNDECLARED.keys()
    return [_name(route) for route in _routes() if _name(route) not in known]


def missing_ids() -> dict[str, str]:
    """Ids of nothing, by every name."""
    return {name: str(uuid4()) for asked in all_requests() for name in asked.ids} | dict(_NO_IDS)


def one_of_everything(user: Client) -> dict[str, str]:
    """Gives the user one of everything there is, and returns the ids of it."""
    here = begin(user)
    confirm(user, here)
    command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
    (task,) = user.finished_command(command_id)["tasks"]
    return dict(_NO_IDS) | {
        "id": str(user.id),
        "user_id": str(user.id),
        "novel_id": here.novel_id,
        "process_id": here.flow_id,
        "stage_id": here.stage_id,
        "instance_id": here.stage_id,
        "session_id": here.session_id,
        "command_id": command_id,
        "task_id": task["task_id"],
        "event_id": str(user.studio.rows(_FIRST_EVENT, str(user.id))[0][0]),
    }


_FIRST_EVENT = "SELECT event_id FROM domain_events WHERE metadata ->> 'user_id' = %s ORDER BY id LIMIT 1"


def _writes() -> Iterator[Asked]:
    commands = {command.type: command for context in CONTEXTS for command in context.commands}
    for route in (route for context in CONTEXTS for route in context.writes):
        match route:
            case WriteRoute():
                yield Asked(
                    route.method, route.path, BODIES.get(route.command, {}), commands[route.command], route.rule
                )
            case TypedCommandRoute():
                for command in filter(_is_typed, commands.values()):
                    body = {"type": command.type, "payload": BODIES.get(command.type, {})}
                    yield Asked("POST", route.path, body, command, route.rule)
            case GoneRoute():
                for method in route.methods:
                    yield Asked(method, route.path, {}, rule=route.rule, gone=True)


def _reads() -> Iterator[Asked]:
    gone = {route.path for context in CONTEXTS for route in context.writes if isinstance(route, GoneRoute)}
    for query in (query for context in CONTEXTS for query in context.queries):
        body: dict[str, Any] | None = None if query.method == "GET" else {}
        yield Asked(query.method, query.path, body, rule=query.rule, gone=query.path in gone, enveloped=query.enveloped)


def _routes() -> list[GuardedRoute]:
    """What is served about somebody's things; the documents and their pages are everybody's."""
    routes = [*command_api_routes(Registry(CONTEXTS)), *query_api_routes(CONTEXTS)]
    return [route for route in routes if route.path.startswith(API)]


def _name(route: GuardedRoute) -> str:
    return f"{route.method} {route.path.removeprefix(API)}"


_WRITES_TO_READERS = {_name(route) for route in query_api_routes(CONTEXTS) if route.method != "GET"}


def _undeclared(route: GuardedRoute) -> Asked:
    body: dict[str, Any] | None = None if route.method == "GET" else {}
    path = route.path.removeprefix(API)
    enveloped = path.startswith(("/auth/", "/users")) and path != "/auth/sse-token"
    query = UNDECLARED.get(_name(route), {})
    return Asked(route.method, path, body, rule=route.rule, query=query, enveloped=enveloped)


def _with_optional_ids(asked: Asked) -> Iterator[Asked]:
    """The request once more for each id that may be in its query or its payload and is not there yet."""
    if asked.method == "GET":
        for name in _id_fields(_QUERY_MODELS.get(asked.path)):
            if name not in (*asked.query, *_PLACE.findall(asked.path)):
                yield replace(asked, query={**asked.query, name: _sent_as(name)})
    elif asked.command is not None and "payload" in asked.command.model.model_fields:
        typed = "type" in asked.body
        payload = asked.body["payload"] if typed else asked.body
        for model in _models(asked.command.model.model_fields["payload"].annotation):
            for name in _id_fields(model):
                if name not in payload:
                    more = {**payload, name: _sent_as(name)}
                    yield replace(asked, body={**asked.body, "payload": more} if typed else more)


_QUERY_MODELS: Mapping[str, type[BaseModel]] = {
    query.path: query.model for context in CONTEXTS for query in context.queries
}


def _id_fields(model: type[BaseModel] | None) -> list[str]:
    names = model.model_fields if model is not None else ()
    return [name for name in names if name.endswith(("_id", "_ids")) and name not in _NO_IDS_OF_OURS]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _sent_as(name: str) -> str:
    assert name in OTHER_NAMES or name.endswith("_id"), f"{name}: say in OTHER_NAMES what it takes"
    return OTHER_NAMES.get(name, f"{{{name}}}")


def _is_typed(command: CommandRoute) -> bool:
    fields = command.model.model_fields
    needed = {name for name, field in fields.items() if field.is_required()}
    return "session_id" in fields and needed <= {"session_id", "payload"}


def filled(template: str, ids: Ids) -> str:
    """A text with each `{name}` replaced."""
    for name in _PLACE.findall(template):
        assert name in ids, f"nobody has a {name}: one_of_everything must give one"
    return _PLACE.sub(lambda place: ids[place[1]], template)
