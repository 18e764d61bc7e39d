"""Requests that nobody thought of, right and wrong ones: made from the published documents, sent to running APIs."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.config._phases import InferenceConfig, PhasesConfig, StatefulPhaseConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput, normalize_name
from schemathesis.specs.openapi.checks import negative_data_rejection, unsupported_method

from services.kernel.context import ADMIN
from services.runtime.document_routes import OPENAPI_DIRECTORY
from tests.journeys.declared_requests import one_of_everything
from tests.kit.studio import Client, Studio
from tools.apis import ROUTES

EXAMPLES = 10
TRIED_MIN = 22
"""Of an operation, on average."""
WALKS, STEPS = 40, 12
STEPS_FOLLOWED_MIN, LINKS_WORKED_MIN = 100, 20

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
_followed: Counter[tuple[str, int]] = Counter()
"""How often a link was followed, and to which status."""
_statuses: defaultdict[str, set[int]] = defaultdict(set)
_worlds: dict[str, tuple[Client, Mapping[str, str]]] = {}
"""A user for each operation, and what is theirs."""


def _config() -> SchemathesisConfig:
    # A document cannot say every rule: a key that was used before, a position of another store.
    checks = ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(enabled=False))
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=True)
    # Links that a generator might think of are nobody's promise: those that are published are.
    phases = PhasesConfig(stateful=StatefulPhaseConfig(inference=InferenceConfig(algorithms=[])))
    project = ProjectConfig(generation=generation, checks=checks, phases=phases)
    return SchemathesisConfig(projects=ProjectsConfig(default=project))


def _document(api: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_path(OPENAPI_DIRECTORY / f"{api}.json", config=_config())


def _both_documents() -> schemathesis.BaseSchema:
    """One document of all that links lead from and to, so that those to the other API can be followed."""
    texts = [(OPENAPI_DIRECTORY / f"{api}.json").read_text() for api in ROUTES]
    commands, reads = (json.loads(text.replace('"query-api.json#', '"#')) for text in texts)
    paths: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for path, methods in [*commands["paths"].items(), *reads["paths"].items()]:
        if path.split("/")[3:4] in (["novels"], ["conversations"], ["genesis"], ["commands"]):
            paths[path] |= {method: one for method, one in methods.items() if not one.get("deprecated")}
    merged = commands | {"paths": {path: methods for path, methods in paths.items() if methods}}
    merged["components"]["schemas"] = reads["components"]["schemas"] | commands["components"]["schemas"]
    return schemathesis.openapi.from_dict(merged, config=_config())


COMMANDS, READS, LINKED = _document("command-api"), _document("query-api"), _both_documents()
READ_LABELS = {f"{route.method} {route.path}" for route in ROUTES["query-api"]}


@COMMANDS.parametrize()
def test_a_generated_write_is_answered_as_documented(case: Case[Any], studio: Studio) -> None:
    _send(case, studio, studio.command_urls[0])


@READS.parametrize()
def test_a_generated_read_is_answered_as_documented(case: Case[Any], studio: Studio) -> None:
    _send(case, studio, studio.query_urls[0])


def test_what_an_answer_links_to_is_there_and_is_answered_as_documented(studio: Studio) -> None:
    walk: Any = type("Walk", (_Walk, _beginnings()), {"studio": studio})
    walk.run(
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            # A walk that failed is told as it was: nobody waits for a shorter one.
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
    )
    assert _followed.total() >= STEPS_FOLLOWED_MIN, _followed
    worked = {link for link, status in _followed if status < 400}
    assert len(worked) >= LINKS_WORKED_MIN, sorted(worked)


class _Walk(APIStateMachine):
    """A user who begins with a novel and goes on by links, over both APIs."""

    studio: Studio

    def setup(self) -> None:
        """A user who has a novel."""
        self.user = self.studio.user()
        novel_id = self.user.new_novel()
        self.known = {"novel_id": novel_id, "scope_id": novel_id, "scope_type": "GENESIS"}
        self.has_deleted = False

    def step(self, step: StepInput) -> StepOutput:
        """One request, on this user's things where it can be."""
        case = step.case
        if isinstance(case.body, dict):
            case.body = {**case.body, **_known(case.body, self.known)}
        for name in ("If-Match", "X-Min-Position"):
            # Made up they are refused, and nothing follows; alone each request is sent with them.
            if case.headers.get(name) != self.user.position:
                case.headers.pop(name, None)
        output = super().step(step)
        if step.transition is not None and step.is_applied:
            _followed[step.transition.id, output.response.status_code] += 1
            self._check_is_there(step, output.response)
        return output

    def call(self, case: Case[Any], **_: Any) -> Response:
        """Of the API that has the operation; a read sees what was written."""
        is_read = case.operation.label in READ_LABELS
        if is_read:
            self.user.catch_up()
        url = (self.studio.query_urls if is_read else self.studio.command_urls)[0]
        response = case.call(base_url=url, headers={"Authorization": f"Bearer {self.user.token}"})
        if not is_read and (positions := response.headers.get("x-event-position")):
            self.user.wrote(positions[0])
        self.has_deleted |= response.status_code == 204
        return response

    def _check_is_there(self, step: StepInput, response: Response) -> None:
        """What a write has just told the id of is not unknown, unless something was deleted since.

        The generator's own check of this asks only where a link gives every parameter, down to the last header.
        """
        if response.status_code == 404 and not self.has_deleted:
            linked = {name for place, name in step.applied_parameters if place is ParameterLocation.PATH}
            unknown = {f"{str(name).removesuffix('_id').upper()}_NOT_FOUND" for name in linked}
            assert response.json()["code"] not in unknown, f"{step.transition}: {response.text}"


def _beginnings() -> type[APIStateMachine]:
    """The machine, begun with what needs nothing that is there: with made-up ids it would hardly get anywhere."""
    machine: Any = LINKED.as_state_machine()
    begun = [label for label in machine._root_labels if "{" not in label]
    rules = frozenset(normalize_name(f"RANDOM -> {label}") for label in begun)
    others = dict.fromkeys(machine.root_rules - rules)
    return type("Beginnings", (machine,), {**others, "root_rules": rules, "_root_labels": frozenset(begun)})


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
        return _registered(studio, path)
    user = studio.user()
    return user, one_of_everything(user) | {"target_stage": "INITIAL_PROMPT", "source": "v1", "target": "v1"}


def _registered(studio: Studio, path: str) -> tuple[Client, Mapping[str, str]]:
    """A user with a login, and what belongs to it; or what is needed to make one more."""
    name = f"p{uuid4().hex[:12]}"
    login = {"email": f"{name}@example.com", "password": "correct horse"}
    made = studio.nobody().post("/auth/register", {"username": name, **login}).json()["data"]
    if path in ("/api/v1/auth/register", "/api/v1/users"):
        name = f"p{uuid4().hex[:12]}"
        login["email"] = f"{name}@example.com"
    return Client(studio, name, token=made["token"]), {
        **login,
        # The form of OAuth2 has no other word for the address.
        "username": login["email"] if path.endswith("/login") else name,
        "id": made["userId"],
        "user_id": made["userId"],
        "refreshToken": made["refreshToken"],
        "currentPassword": login["password"],
    }
