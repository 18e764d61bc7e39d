"""Requests that nobody thought of, right and wrong ones: made from the published documents, sent to running APIs."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.transport import Response
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput
from schemathesis.specs.openapi.checks import ensure_resource_availability, negative_data_rejection, unsupported_method

from services.kernel.context import ADMIN
from services.runtime.document_routes import OPENAPI_DIRECTORY
from tests.journeys.declared_requests import one_of_everything
from tests.kit.studio import Client, Studio
from tools.apis import ROUTES

LINKED = ("/api/v1/novels", "/api/v1/conversations", "/api/v1/genesis", "/api/v1/commands")
EXAMPLES = 10
TRIED_MIN = 22
"""Of an operation, on average."""

NEVER_DONE = frozenset(
    {
        # Nothing is parked, and nothing is running that could be cancelled.
        "GET /api/v1/dead-letters/{consumer}/{position}",
        "POST /api/v1/dead-letters/{consumer}/{position}/redrive",
        "POST /api/v1/dead-letters/{consumer}/{position}/skip",
        "POST /api/v1/conversations/sessions/{session_id}/commands/{command_id}/cancel",
        # Its filters name what is not there.
        "GET /api/v1/events/stream",
        # There is one session, and it works for the record already; the record's stage is not confirmed.
        "POST /api/v1/genesis/instances/{instance_id}/advance",
        "POST /api/v1/genesis/flows/{novel_id}/complete",
        "POST /api/v1/genesis/flows/{novel_id}/resume",
    }
)
"""What no generated request can bring about here: it is refused, as documented."""

ADMINS_ONLY = {route.path for routes in ROUTES.values() for route in routes if route.rule is ADMIN}

_tried: Counter[str] = Counter()
_statuses: defaultdict[str, set[int]] = defaultdict(set)
_worlds: dict[str, tuple[Client, Mapping[str, str]]] = {}
"""A user for each operation, and what is theirs."""


def _config() -> SchemathesisConfig:
    # A document cannot say every rule: a key that was used before, a position of another store.
    checks = ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False))
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True)
    project = ProjectConfig(generation=generation, checks=checks)
    return SchemathesisConfig(projects=ProjectsConfig(default=project))


def _document(api: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_path(OPENAPI_DIRECTORY / f"{api}.json", config=_config())


def _both_documents() -> schemathesis.BaseSchema:
    """One document of what links lead through, so that those to the other API can be followed."""
    texts = {api: (OPENAPI_DIRECTORY / f"{api}.json").read_text() for api in ROUTES}
    commands, reads = (json.loads(text.replace('Ref": "query-api.json#', 'Ref": "#')) for text in texts.values())
    paths: dict[str, dict[str, Any]] = {}
    for path, methods in [*commands["paths"].items(), *reads["paths"].items()]:
        if path.startswith(LINKED):
            paths.setdefault(path, {}).update(methods)
    schemas = reads["components"]["schemas"] | commands["components"]["schemas"]
    merged = commands | {"paths": paths, "components": commands["components"] | {"schemas": schemas}}
    return schemathesis.openapi.from_dict(merged, config=_config())


COMMANDS, READS, BOTH = _document("command-api"), _document("query-api"), _both_documents()
READ_LABELS = {f"{route.method} {route.path}" for route in ROUTES["query-api"]}
WALKS, STEPS = 40, 10
_followed: defaultdict[str, set[int]] = defaultdict(set)
_steps: Counter[int] = Counter()


@COMMANDS.parametrize()
def test_a_generated_write_is_answered_as_documented(case: Case[Any], studio: Studio) -> None:
    _send(case, studio, studio.command_urls[0])


@READS.parametrize()
def test_a_generated_read_is_answered_as_documented(case: Case[Any], studio: Studio) -> None:
    _send(case, studio, studio.query_urls[0])


def test_what_answers_link_to_is_there_and_behaves(studio: Studio) -> None:
    user = studio.user()

    class Walk(BOTH.as_state_machine()):  # type: ignore[misc]
        def step(self, step: StepInput) -> StepOutput:
            output = cast("StepOutput", super().step(step))
            if step.transition is not None and step.is_applied:
                _followed[output.case.operation.label].add(output.response.status_code)
            _steps[output.response.status_code] += 1
            return output

        def call(self, case: Case[Any], **_: Any) -> Response:
            is_read = case.operation.label in READ_LABELS
            if is_read:
                user.catch_up()
            url = (studio.query_urls if is_read else studio.command_urls)[0]
            response = case.call(base_url=url, headers={"Authorization": f"Bearer {user.token}"})
            if not is_read and (positions := response.headers.get("x-event-position")):
                user.wrote(positions[0])
            return response

    Walk.run(
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
    )
    print(_steps)
    print({k: sorted(v) for k, v in _followed.items()})
    print(len(BOTH.as_state_machine()._transitions.operations))


def test_enough_was_tried_and_every_operation_was_seen_to_work() -> None:
    assert _tried.total() >= TRIED_MIN * len(_tried) > 0, _tried
    refused = {label for label, statuses in _statuses.items() if min(statuses) >= 400}
    gone = {label for label in refused if 410 in _statuses[label]}
    assert refused - gone - NEVER_DONE == set()


def _send(case: Case[Any], studio: Studio, url: str) -> None:
    label = case.operation.label
    if label not in _worlds:
        _worlds[label] = _world(studio, case.operation.path)
    user, ids = _worlds[label]
    token = studio.admin().token if case.operation.path in ADMINS_ONLY else user.token
    is_stream = case.operation.path.endswith("/events/stream")
    if is_stream:
        # A stream that was opened would not end.
        case.query = {**(case.query or {}), "preflight": "true"}
    if case.meta is not None and case.meta.generation.mode.is_positive and _tried[label] % 2 == 0:
        case.path_parameters = {**case.path_parameters, **_known(case.path_parameters, ids)}
        if isinstance(case.body, dict):
            case.body = {**case.body, **_known(case.body, ids)}
    _tried[label] += 1
    response = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"})
    # Any text is a list of types; and with GET the address of the teardown is that of an event.
    excluded: list[Any] = [negative_data_rejection] if is_stream else []
    if case.operation.path.endswith("/events/teardown"):
        excluded.append(unsupported_method)
    case.validate_response(response, excluded_checks=excluded)
    if case.method.upper() == case.operation.method.upper():
        _statuses[label].add(response.status_code)


def _known(values: Mapping[str, object], ids: Mapping[str, str]) -> dict[str, str]:
    return {name: ids[name] for name in values if name in ids}


def _world(studio: Studio, path: str) -> tuple[Client, Mapping[str, str]]:
    if path.startswith(("/api/v1/auth/", "/api/v1/users")) and not path.endswith("/sse-token"):
        return _registered(studio, is_to_be_made=path in ("/api/v1/auth/register", "/api/v1/users"))
    user = studio.user()
    return user, one_of_everything(user) | {"target_stage": "INITIAL_PROMPT"}


def _registered(studio: Studio, *, is_to_be_made: bool) -> tuple[Client, Mapping[str, str]]:
    """A user with a login, and what belongs to it; or what is needed to make one more."""
    name = f"p{uuid4().hex[:12]}"
    login = {"email": f"{name}@example.com", "password": "correct horse"}
    made = studio.nobody().post("/auth/register", {"username": name, **login}).json()["data"]
    if is_to_be_made:
        name = f"p{uuid4().hex[:12]}"
        login["email"] = f"{name}@example.com"
    return Client(studio, name, token=made["token"]), {
        **login,
        "username": name,
        "id": made["userId"],
        "user_id": made["userId"],
        "refreshToken": made["refreshToken"],
        "currentPassword": login["password"],
    }
