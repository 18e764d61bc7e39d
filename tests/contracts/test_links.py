"""The links of the documents: each leads to an operation that there is, gives all its ids, and means what it says."""

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest

from services.runtime.document_routes import OPENAPI_DIRECTORY
from tools.apis import ROUTES

DOCUMENTS: dict[str, dict[str, Any]] = {
    name: json.loads((OPENAPI_DIRECTORY / f"{name}.json").read_text()) for name in ROUTES
}
SESSION = "/api/v1/conversations/sessions/{session_id}"


def links(api: str, method: str, path: str, status: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENTS[api]["paths"][path][method]["responses"][status].get("links", {})
    return found


def target(api: str, link: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Address and description of the operation that a link of this document leads to."""
    if "operationRef" in link:
        document, _, pointer = link["operationRef"].partition("#/paths/")
        address, _, method = unquote(pointer).rpartition("/")
        path = address.replace("~1", "/")
        return path, DOCUMENTS[document.removesuffix(".json")]["paths"][path][method]
    for path, methods in DOCUMENTS[api]["paths"].items():
        for operation in methods.values():
            if operation["operationId"] == link["operationId"]:
                return path, operation
    raise AssertionError(f"there is no {link['operationId']}")


@pytest.mark.parametrize("api", ROUTES)
def test_every_link_gives_what_its_target_takes(api: str) -> None:
    for methods in DOCUMENTS[api]["paths"].values():
        for operation in methods.values():
            for response in operation["responses"].values():
                for name, link in response.get("links", {}).items():
                    path, found = target(api, link)
                    assert found["operationId"] == name
                    taken = {f"{one['in']}.{one['name']}" for one in found["parameters"]}
                    assert link["parameters"].keys() <= taken
                    assert {f"path.{place}" for place in re.findall(r"\{(\w+)\}", path)} <= link["parameters"].keys()


@pytest.mark.parametrize(
    ("source", "name", "parameters"),
    [
        (("post", "/api/v1/novels", "201"), "delete_novels_by_novel_id", {"path.novel_id": "$response.body#/id"}),
        (
            ("post", "/api/v1/novels", "201"),
            "get_novels_by_novel_id",
            {
                "path.novel_id": "$response.body#/id",
                "header.X-Min-Position": "$response.header.X-Event-Position",
            },
        ),
        (
            ("post", f"{SESSION}/commands", "202"),
            "post_conversations_sessions_by_session_id_commands_by_command_id_cancel",
            {"path.session_id": "$request.path.session_id", "path.command_id": "$response.body#/command_id"},
        ),
        (
            ("post", "/api/v1/genesis/sessions", "201"),
            "post_genesis_instances_by_instance_id_settings",
            {"path.instance_id": "$response.body#/stage_id"},
        ),
        (
            ("post", "/api/v1/genesis/processes/{process_id}/stages/{stage}/sessions", "201"),
            "patch_conversations_sessions_by_session_id",
            {"path.session_id": "$response.body#/session/session_id"},
        ),
    ],
)
def test_an_id_that_is_told_leads_to_what_takes_it(
    source: tuple[str, str, str], name: str, parameters: dict[str, str]
) -> None:
    assert links("command-api", *source)[name]["parameters"] == parameters


def test_an_id_of_something_else_leads_nowhere() -> None:
    # A round has an id, and nothing takes it; the `id` of a user is nobody else's.
    assert set(links("command-api", "post", f"{SESSION}/rounds", "201")) == {
        "get_conversations_sessions_by_session_id_rounds_by_round_path"
    }
    assert not [name for name in links("command-api", "post", "/api/v1/novels", "201") if "users" in name]


def test_what_was_asked_with_is_no_news() -> None:
    assert links("command-api", "post", "/api/v1/genesis/flows/{novel_id}/pause", "200") == {}
