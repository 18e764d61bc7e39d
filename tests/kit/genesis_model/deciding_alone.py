"""The deciders alone as a system under test: scopes folded in memory, no server, no store.

It finds routes, scopes and owners as the command side does, and checks beside each decision what must hold of every
pure decider: it decides the same again, and leaves what it is given as it was.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import orjson

from services.contexts.conversations.decider import find_session
from services.contexts.conversations.values import session_key
from services.contexts.genesis.decider.answers import answer_flow, answer_novel, answer_settings, link_of
from services.contexts.genesis.decider.state import Flow, Novel, StageRecord
from services.contexts.genesis.values.task_types import CONCEPT_TASK
from services.kernel.context import CommandRoute, KnownScope, ScopeOfStage, Target, TaskFacts, WriteRoute
from services.kernel.decider import Decision, Emitted, Given, Rejected, TaskRequest
from services.kernel.scope import AggregateKey, Scope, ScopeKey
from services.runtime.problems import STATUS_BY_CODE
from services.runtime.scopes import NOWHERE
from tests.kit.deciding import BEGINNING, PROPOSAL, REGISTRY
from tests.kit.genesis_model.system import Answer, Request, System
from tests.kit.genesis_model.world import Body, OpenCommand

_ROUTES = [
    (write.method, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", write.path)), write.command)
    for context in REGISTRY.contexts
    for write in context.writes
    if isinstance(write, WriteRoute)
]
_TYPED = re.compile(r"/conversations/sessions/(?P<session_id>[^/]+)/commands")


class DecidingAlone(System):
    """All scopes of all users, and everything that has happened in them."""

    is_whole: ClassVar[bool] = False

    def __init__(self) -> None:
        self.scopes: dict[str, Scope] = {}
        self.history: list[tuple[ScopeKey, Emitted, datetime]] = []
        self._now = BEGINNING
        self._user_id, self._stranger_id = uuid4(), uuid4()
        self._tasks: dict[UUID, tuple[str, Given, TaskRequest]] = {}

    def write(self, request: Request, *, by_stranger: bool = False) -> Answer:
        route, content, typed = _routed(request)
        given = self._given(route.type, self._stranger_id if by_stranger else self._user_id)
        command = route.model.model_validate(content)
        if route.mentions is not None:
            mine = [key for key in route.mentions(command) if self._owner_of(key) == given.user_id]
            given = replace(given, mentioned=frozenset(mine))
        key = self._key_of(route.target(command, given))
        scope = self.scopes.get(key.id) or Scope(key)
        if scope.owner_id not in (None, given.user_id):
            key, scope = NOWHERE, Scope(NOWHERE)
        try:
            _check_version(route, command, scope, request.if_match)
            decision, events = _decided(route, command, given, scope)
        except Rejected as rejected:
            return Answer(STATUS_BY_CODE[rejected.code], _in_json(rejected.extra), rejected.code)
        after = self._folded(key, scope, events, given)
        return self._answer(key.id, given, decision, [emitted.event.TYPE for emitted in events], after, typed=typed)

    def work(self, commands: list[OpenCommand]) -> None:
        route = REGISTRY.task(CONCEPT_TASK)
        for command in commands:
            scope_id, asked, task = self._tasks.pop(UUID(command.id))
            self._take_step(scope_id, asked, task, route.started)
            self._take_step(scope_id, asked, task, lambda facts, scope: route.finished(facts, PROPOSAL, scope))

    def novel(self, novel_id: str) -> Body | None:
        scope = self.scopes.get(novel_id)
        novel = next(scope.all(Novel), None) if scope is not None else None
        if scope is None or novel is None or novel.deleted:
            return None
        return _in_json(answer_novel(novel.id, status=200)(scope).body)

    def flow(self, novel_id: str) -> Body | None:
        scope = self.scopes.get(novel_id)
        if scope is None or next(scope.all(Flow), None) is None:
            return None
        return _in_json(answer_flow()(scope).body)

    def links(self, stage_id: str) -> list[Body]:
        scope, record = self._record(stage_id)
        ordered = sorted(record.links, key=lambda link: not link.is_primary)
        return [_in_json(link_of(scope, record.id, link.session_id)) for link in ordered]

    def settings(self, stage_id: str) -> list[Body]:
        scope, record = self._record(stage_id)
        newest_first = range(record.latest_version, 0, -1)
        return [_in_json(answer_settings(record.id, number, status=200)(scope).body) for number in newest_first]

    def session(self, session_id: str) -> Body | None:
        scope = self._scope_of(session_key(UUID(session_id)))
        try:
            find_session(scope, UUID(session_id))
        except Rejected:
            return None
        route = REGISTRY.command("Command.Conversation.Session.Update")
        assert route is not None, "conversations have it"
        # Asking for the title that it has changes nothing and answers with what it is.
        session = find_session(scope, UUID(session_id))
        command = route.model.model_validate({"session_id": session_id, "payload": {"title": session.title}})
        decision = route.decide(command, self._given(route.type, self._user_id), scope)
        assert decision.answer is not None, "it answers at once"
        return _in_json(decision.answer(scope).body)

    def rounds(self, session_id: str) -> list[Body]:
        said = [
            emitted.event.model_dump(mode="json")
            for _, emitted, _ in self.history
            if emitted.event.TYPE == "Conversation.Round.Created" and emitted.aggregate.id == session_id
        ]
        return [one | {"content": one["input"]} for one in said]

    def check_refolded(self) -> None:
        """Folding everything anew, as it would come back from the store, gives the very same states."""
        refolded = {scope_id: Scope(scope.key, scope.owner_id) for scope_id, scope in self.scopes.items()}
        for key, emitted, at in self.history:
            event = REGISTRY.events[emitted.event.TYPE].model_validate_json(emitted.event.model_dump_json())
            aggregate = REGISTRY.aggregate(emitted.aggregate.type)
            refolded[key.id] = refolded[key.id].folded(aggregate, emitted.aggregate, event, at)
        for scope_id, scope in self.scopes.items():
            assert dict(refolded[scope_id].versions) == dict(scope.versions)
            assert dict(refolded[scope_id].states) == dict(scope.states)

    def _take_step(
        self, scope_id: str, asked: Given, task: TaskRequest, step: Callable[[TaskFacts, Scope], Decision]
    ) -> None:
        given = replace(self._given(asked.command_type, asked.user_id), command_id=asked.command_id)
        about = (task.task_id, CONCEPT_TASK, asked.command_id, asked.command_type, asked.user_id)
        scope = self.scopes[scope_id]
        self._folded(scope.key, scope, step(TaskFacts(*about, task.input, given), scope).events, given)

    def _given(self, command_type: str, user_id: UUID) -> Given:
        self._now += timedelta(minutes=1)
        return Given(uuid4(), command_type, user_id, self._now)

    def _folded(self, key: ScopeKey, scope: Scope, events: Sequence[Emitted], given: Given) -> Scope:
        assert key is not NOWHERE or not events, "nothing happens where nothing is"
        for emitted in events:
            aggregate = REGISTRY.aggregate(emitted.aggregate.type)
            scope = scope.folded(aggregate, emitted.aggregate, emitted.event, given.now)
            self.history.append((key, emitted, given.now))
        if events:
            scope = replace(scope, owner_id=given.user_id)
            self.scopes[key.id] = scope
        return scope

    def _answer(
        self, scope_id: str, given: Given, decision: Decision, types: list[str], after: Scope, *, typed: bool
    ) -> Answer:
        for task in decision.tasks:
            self._tasks[given.command_id] = (scope_id, given, task)
            accepted = {"accepted": True, "command_id": str(given.command_id), "status": "RECEIVED"}
            return Answer(202, accepted, events=tuple(types))
        assert decision.answer is not None, "what is not slow work answers at once"
        answer = decision.answer(after)
        body = _in_json(answer.body)
        if typed:
            return Answer(200, {**body, "command_id": str(given.command_id)}, events=tuple(types))
        return Answer(answer.status, body, version=answer.version, events=tuple(types))

    def _key_of(self, target: Target) -> ScopeKey:
        if isinstance(target, KnownScope):
            return target.key
        if isinstance(target, ScopeOfStage):
            return next((s.key for s in self.scopes.values() if _record_in(s, target.stage_id)), NOWHERE)
        return self._scope_of(target.aggregate).key

    def _scope_of(self, aggregate: AggregateKey) -> Scope:
        return next((s for s in self.scopes.values() if s.version(aggregate)), Scope(NOWHERE))

    def _owner_of(self, aggregate: AggregateKey) -> UUID | None:
        return self._scope_of(aggregate).owner_id

    def _record(self, stage_id: str) -> tuple[Scope, StageRecord]:
        scope = self.scopes[self._key_of(ScopeOfStage(UUID(stage_id))).id]
        record = _record_in(scope, UUID(stage_id))
        assert record is not None, "the scope was found by it"
        return scope, record


def _routed(request: Request) -> tuple[CommandRoute, Body, bool]:
    """The command's route and content, and whether it came as a typed command."""
    body = request.body or {}
    if (path := _TYPED.fullmatch(request.path)) is not None:
        route = REGISTRY.command(body["type"])
        assert route is not None, body["type"]
        return route, {**path.groupdict(), "payload": body["payload"]}, True
    for method, pattern, command_type in _ROUTES:
        if method == request.method and (path := pattern.fullmatch(request.path)) is not None:
            route = REGISTRY.command(command_type)
            assert route is not None, command_type
            return route, {**path.groupdict(), "payload": body}, False
    raise AssertionError(f"no route for {request.method} {request.path}")


def _decided(route: CommandRoute, command: Any, given: Given, scope: Scope) -> tuple[Decision, tuple[Emitted, ...]]:
    """A decision with what other contexts add to it; made twice, and the same both times."""
    decision = route.decide(command, given, scope)
    events = _with_reactions(command, given, scope, decision)
    again = route.decide(command, given, scope)
    assert _with_reactions(command, given, scope, again) == events, "deciding again gives the same events"
    assert (again.tasks, again.cancels) == (decision.tasks, decision.cancels)
    return decision, events


def _with_reactions(command: Any, given: Given, scope: Scope, decision: Decision) -> tuple[Emitted, ...]:
    events = decision.events
    for react in REGISTRY.reactions:
        events += react(command, given, scope, events)
    return events


def _check_version(route: CommandRoute, command: Any, scope: Scope, expected: int | None) -> None:
    if expected is None or route.version is None:
        return
    current = route.version(command, scope)
    if current not in (None, expected):
        raise Rejected("PRECONDITION_FAILED", "stale", current_version=current)


def _record_in(scope: Scope, stage_id: UUID) -> StageRecord | None:
    return next((record for flow in scope.all(Flow) if (record := flow.record(stage_id)) is not None), None)


def _in_json(value: Any) -> Body:
    body: Body = orjson.loads(orjson.dumps(value)) if value is not None else {}
    return body
