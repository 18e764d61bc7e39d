"""The documents of both APIs: valid OpenAPI 3.1, with every route, and served with a page that needs no network."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from services.runtime.document_routes import OPENAPI_DIRECTORY
from services.runtime.guarded_routes import checked_routes
from services.runtime.problems import STATUS_BY_CODE
from tools.apis import ROUTES

DOCUMENTS: dict[str, dict[str, Any]] = {
    name: json.loads((OPENAPI_DIRECTORY / f"{name}.json").read_text()) for name in ROUTES
}
PAGE = Path(__file__).resolve().parents[2] / "services" / "runtime" / "docs_page"


@pytest.mark.parametrize("api", ROUTES)
def test_the_document_is_valid(api: str) -> None:
    OpenAPIV31SpecValidator(DOCUMENTS[api]).validate()


@pytest.mark.parametrize("api", ROUTES)
def test_the_document_has_every_route(api: str) -> None:
    made = {(route.path, route.method.lower()) for route in ROUTES[api] if route.operation.is_published}
    assert made == {(path, method) for path, methods in DOCUMENTS[api]["paths"].items() for method in methods}


@pytest.mark.parametrize("api", ROUTES)
def test_every_operation_has_an_id_of_its_own(api: str) -> None:
    operations = [operation for methods in DOCUMENTS[api]["paths"].values() for operation in methods.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)


@pytest.mark.parametrize("api", ROUTES)
def test_the_problem_has_every_code(api: str) -> None:
    problem = DOCUMENTS[api]["components"]["schemas"]["Problem"]
    assert problem["properties"]["code"]["enum"] == sorted(STATUS_BY_CODE)


def test_no_two_models_share_a_name() -> None:
    names = [name for document in DOCUMENTS.values() for name in document["components"]["schemas"]]
    # Of two models with one name the longer ones, with the module in them, would be published.
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


@pytest.mark.parametrize("file", ["index.html", "start.js"])
def test_the_page_has_no_script_of_its_own_and_nothing_from_elsewhere(file: str) -> None:
    text = (PAGE / file).read_text()
    assert not re.search(r"https?://|//\w", text.replace("// The viewer", ""))
    assert re.findall(r"<script(?! src=)[^>]*>", text) == []


@pytest.mark.parametrize(
    ("file", "digest"),
    [
        ("swagger-ui-bundle.js", "e6a898692f2d768e807c3ba4626068a69a2c5dd960dd6c76f3e4d3a3de180af2"),
        ("swagger-ui.css", "a6a4cf68f069eb89984d5d43644e6a812e749df08d2b1320c6e06e6973847d10"),
    ],
)
def test_the_viewer_is_the_one_that_was_looked_at(file: str, digest: str) -> None:
    assert hashlib.sha256((PAGE / file).read_bytes()).hexdigest() == digest


def test_a_method_that_is_not_there_is_told_which_are() -> None:
    path = "/api/v1/novels/{novel_id}"
    routes = [route for route in checked_routes(ROUTES["command-api"]) if route.path == path]
    assert [route.methods_here for route in routes] == [{"PATCH", "DELETE"}] * 2


UNUSED_CODES = frozenset({"SESSION_LINK_REQUIRED", "stage_validation_error", "METHOD_NOT_ALLOWED"})
"""Of an address of the other API, or kept for clients that know them."""


def test_every_code_is_one_that_some_operation_refuses_with() -> None:
    routes = [route for routes in ROUTES.values() for route in routes]
    declared = {code for route in routes for codes in route.problems.values() for code in codes}
    assert STATUS_BY_CODE.keys() - declared == UNUSED_CODES


@pytest.mark.parametrize("api", ROUTES)
def test_an_operation_has_the_codes_of_each_status(api: str) -> None:
    for route in ROUTES[api]:
        if not route.operation.is_published:
            continue
        responses = DOCUMENTS[api]["paths"][route.path][route.method.lower()]["responses"]
        for status, codes in route.problems.items():
            problem = responses[str(status)]["content"].get("application/problem+json")
            if problem is not None:
                assert problem["schema"]["allOf"][1]["properties"]["code"]["enum"] == sorted(codes)


def test_a_code_may_have_another_status_for_one_command() -> None:
    paths = DOCUMENTS["command-api"]["paths"]
    responses = paths["/api/v1/genesis/instances/{instance_id}/settings"]["post"]["responses"]
    assert "SESSION_NOT_BOUND" in responses["422"]["description"]
    assert "SESSION_NOT_BOUND" not in responses["409"]["description"]


def test_a_command_of_many_has_its_own_codes() -> None:
    schemas = DOCUMENTS["command-api"]["components"]["schemas"]
    merging, pausing = (schemas[f"CommandGenesis{name}"]["x-problem-codes"] for name in ("SettingsMerge", "FlowPause"))
    assert "MERGE_CONFLICT" in merging["409"]
    assert "MERGE_CONFLICT" not in pausing["409"]
