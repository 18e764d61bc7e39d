"""The TypeScript package against running APIs: every command sent, every event read, by Node."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.runtime.document_routes import OPENAPI_DIRECTORY
from tests.journeys.declared_requests import BODIES, declared_requests, filled
from tests.journeys.genesis_conversations import writes_everything
from tests.journeys.genesis_walks import CONFIGS, begin, confirm, save, walk_to_the_end
from tests.kit.studio import API, Client, Studio
from tests.kit.waiting import eventually_sync
from tools import typescript
from tools.apis import REGISTRY

DOCUMENT = json.loads((OPENAPI_DIRECTORY / "command-api.json").read_text())
COMMANDS = {command.type for command in typescript.sent_commands(REGISTRY)}


@pytest.fixture(scope="module")
def compiled() -> Path:
    """The compiled package."""
    try:
        typescript.install()
    except typescript.RegistryAway as away:
        pytest.skip(f"npm does not answer: {away}")
    typescript.node(typescript.PACKAGE / "node_modules" / "typescript" / "bin" / "tsc")
    return typescript.PACKAGE / "dist" / "test"


def test_the_package_sends_every_command_and_reads_every_event(studio: Studio, compiled: Path, tmp_path: Path) -> None:
    user = studio.registered()
    _do_everything(user)
    _use_the_account(user)
    rows = studio.rows(
        "SELECT DISTINCT ON (event_type) event_id::text, event_type, payload FROM domain_events"
        " WHERE metadata ->> 'user_id' = %s ORDER BY event_type, id",
        str(user.id),
    )
    assert {event_type for _, event_type, _ in rows} == set(REGISTRY.events)
    calls, ids = list(_calls(user)), _something(user)
    assert {call["type"] for call in calls} == COMMANDS
    payloads = json.loads(filled(json.dumps(BODIES), ids))
    cases = {
        "command_url": studio.command_urls[0],
        "query_url": studio.query_urls[0],
        "token": user.token,
        "novel_id": ids["novel_id"],
        "session_id": ids["session_id"],
        "calls": calls,
        "sent": [{"type": name, "payload": payloads.get(name, {})} for name in sorted(COMMANDS)],
        "frames": [{"event_type": event_type, "payload": payload} for _, event_type, payload in rows],
        "event_ids": [event_id for event_id, _, _ in rows],
    }
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases))
    # The package's reads wait for nothing: what was written is shown before they begin.
    assert user.get(f"/novels/{ids['novel_id']}").status_code == 200
    typescript.node("--test", compiled / "roundTrip.test.js", CONTRACTS_CASES=str(path))


def _do_everything(user: Client) -> None:
    """Makes each event happen once at least."""
    passed = walk_to_the_end(user)
    assert user.command(passed["PLOT_OUTLINE"].session_id, "FINISH_GENESIS").status_code == 200
    user.patch(f"/novels/{passed['PLOT_OUTLINE'].novel_id}", {"description": "A keeper."})

    writes_everything(user)
    here = begin(user)
    assert user.command(here.session_id, "START_GENESIS").status_code == 200
    user.patch(f"{here.stage_path}/config", CONFIGS["INITIAL_PROMPT"])
    user.finished_command(user.command(here.session_id, "SEED_REQUEST").json()["command_id"])
    with user.studio.without_task_workers():
        asked = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        assert user.post(f"{here.session_path}/commands/{asked}/cancel", {}).status_code == 200
    user.post(f"{here.flow_path}/pause", {})
    user.post(f"{here.flow_path}/resume", {})
    confirm(user, here)
    assert user.command(here.session_id, "STAGE_COMPLETE").status_code == 200
    user.post(f"{here.flow_path}/switch-stage", {"target_stage": "INITIAL_PROMPT"})

    again = begin(user)
    user.patch(again.session_path, {"title": "Salt"})
    user.created(f"{again.session_path}/messages", {"content": "hello"})
    other = user.created(f"{again.stage_path}/sessions", {"is_primary": True})
    user.patch(f"{again.stage_path}/sessions/{again.session_id}", {"session_kind": "review"})
    assert user.delete(f"/conversations/sessions/{other['session_id']}").status_code == 204
    confirm(user, again)
    user.created(f"{again.flow_path}/stages/INITIAL_PROMPT", {"new_iteration": True})

    failing = begin(user)
    user.command(failing.session_id, "SESSION_FAIL", reason="It does not hold.")
    user.post(f"{failing.flow_path}/abandon", {})
    assert user.delete(f"/novels/{failing.novel_id}").status_code == 204


def _use_the_account(user: Client) -> None:
    """The rest, of which the last ends every session; the user logs in again."""
    login = {"email": f"{user.name}@example.com", "password": "correct horse"}
    session = user.post("/auth/login", login).json()["data"]
    assert user.post("/auth/logout", {"refreshToken": session["refreshToken"]}).status_code == 200
    assert user.write("PUT", f"/users/{user.id}", {"avatarUrl": "https://example.com/a.png"}).status_code == 200
    assert user.write("PUT", f"/users/{user.id}/api-keys", {"glmApiKey": "a key"}).status_code == 200
    change = {"currentPassword": login["password"], "newPassword": "another horse"}
    assert user.post("/auth/password", change).status_code == 200
    admin = user.studio.admin()
    for action in ("disable", "enable"):
        assert admin.post(f"/users/{user.id}/{action}").status_code == 200
    again = user.post("/auth/login", login | {"password": change["newPassword"]})
    user.token = again.json()["data"]["token"]
    eventually_sync(lambda: user.get("/auth/me").status_code == 200, what="the user is in again")


def _calls(user: Client) -> Iterator[dict[str, Any]]:
    """Every declared write, each on something of its own."""
    for asked in declared_requests():
        if asked.command is None:
            continue
        ids = _something(user)
        documented = DOCUMENT["paths"][API + asked.path][asked.method.lower()]
        first, *words = documented["operationId"].split("_")
        path = {name: _typed(ids[name]) for name in re.findall(r"\{(\w+)\}", asked.path)}
        body = json.loads(filled(json.dumps(asked.body), ids))
        yield {
            "operation": first + "".join(word.capitalize() for word in words),
            "type": asked.command.type,
            "options": ({"path": path} if path else {}) | ({"body": body} if "requestBody" in documented else {}),
        }


def _typed(text: str) -> str | int:
    return int(text) if text.isdecimal() else text


def _something(user: Client) -> dict[str, str]:
    here = begin(user)
    concept = {"concept_id": "c1", "title": "Salt", "premise": "The sea writes.", "hook": "It wants an answer."}
    save(user, here, concept=concept, theme={"theme_id": "t1"})
    user.created(f"{here.session_path}/messages", {"content": "hello"})
    return {
        "novel_id": here.novel_id,
        "process_id": here.flow_id,
        "stage_id": here.stage_id,
        "instance_id": here.stage_id,
        "session_id": here.session_id,
        # None is open: the command that would cancel it is refused.
        "command_id": here.session_id,
        "stage": here.stage,
        "version": "1",
    }
