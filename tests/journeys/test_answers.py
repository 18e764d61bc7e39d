"""A command's answer, which is built from its events, is what a read shows afterwards."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.genesis_walks import CONFIGS, Standing, advance, begin, confirm, save
from tests.kit.studio import Client

Written = tuple[Any, Any]
"""What the answer said, and what the read shows."""

SESSIONS = "/conversations/sessions"


def novel_created(user: Client, here: Standing) -> Written:
    novel = user.created("/novels", {"title": "Salt", "theme": "Letting go", "target_chapters": 3})
    return novel, user.get(f"/novels/{novel['id']}").json()


def novel_changed(user: Client, here: Standing) -> Written:
    path = f"/novels/{here.novel_id}"
    return user.patch(path, {"description": "A keeper.", "writing_style": "plain"}).json(), user.get(path).json()


def flow_created(user: Client, here: Standing) -> Written:
    state = {"mode": "refinement", "navigation": "free_form", "state": {"mood": "blue"}}
    flow = user.created(f"/genesis/flows/{user.new_novel()}", state)
    return flow, user.get(f"/genesis/flows/{flow['novel_id']}").json()


def flow_paused(user: Client, here: Standing) -> Written:
    return user.post(f"{here.flow_path}/pause", {"reason": "tea"}).json(), user.get(here.flow_path).json()


def flow_resumed(user: Client, here: Standing) -> Written:
    user.post(f"{here.flow_path}/pause", {"reason": "tea"})
    return user.post(f"{here.flow_path}/resume", {}).json(), user.get(here.flow_path).json()


def flow_abandoned(user: Client, here: Standing) -> Written:
    return user.post(f"{here.flow_path}/abandon", {"reason": "no time"}).json(), user.get(here.flow_path).json()


def flow_switched(user: Client, here: Standing) -> Written:
    confirm(user, here)
    advance(user, here)
    target = {"target_stage": "INITIAL_PROMPT"}
    return user.post(f"{here.flow_path}/switch-stage", target).json(), user.get(here.flow_path).json()


def flow_of_a_started_session(user: Client, here: Standing) -> Written:
    user.command(here.session_id, "START_GENESIS", initial_input="A keeper finds letters.")
    return user.post(here.flow_path, {}).json(), user.get(here.flow_path).json()


def process_started(user: Client, here: Standing) -> Written:
    process = user.created("/genesis/processes", {"novel_id": user.new_novel()})
    return process, user.get(f"/genesis/processes/{process['id']}").json()


def stage_configured(user: Client, here: Standing) -> Written:
    stage = user.post(f"{here.flow_path}/stages/INITIAL_PROMPT", {"config": CONFIGS["INITIAL_PROMPT"]}).json()
    return stage, user.get(here.stage_path).json()


def stage_iterated(user: Client, here: Standing) -> Written:
    confirm(user, here)
    stage = user.created(f"{here.flow_path}/stages/INITIAL_PROMPT", {"new_iteration": True})
    return stage, user.get(f"/genesis/stages/{stage['id']}").json()


def stage_advanced(user: Client, here: Standing) -> Written:
    confirm(user, here)
    instance = user.post(f"{here.instance_path}/advance", {}).json()
    return instance, user.get(f"/genesis/processes/{here.flow_id}/instances").json()[-1]


def stage_failed(user: Client, here: Standing) -> Written:
    instance = user.command(here.session_id, "SESSION_FAIL", reason="no").json()["result"]
    return instance, user.get(f"/genesis/processes/{here.flow_id}/instances").json()[-1]


def session_started(user: Client, here: Standing) -> Written:
    body = {"title": "Second", "is_primary": True, "session_kind": "review", "metadata": {"mood": "blue"}}
    made = user.created(f"/genesis/processes/{here.flow_id}/stages/INITIAL_PROMPT/sessions", body)
    shown = user.get(f"{here.stage_path}/sessions").json()[0]
    return made, {"instance": user.get(f"/genesis/processes/{here.flow_id}/instances").json()[0], "session": shown}


def session_bound(user: Client, here: Standing) -> Written:
    made = user.created(f"{here.stage_path}/sessions", {"title": "Second"})
    shown = user.get(f"{here.stage_path}/sessions").json()[1]
    return made, {"session_id": shown["session_id"], "stage_session": shown, "session": shown["session"]}


def link_changed(user: Client, here: Standing) -> Written:
    user.created(f"{here.session_path}/messages", {"content": "hello"})
    link = user.patch(f"{here.stage_path}/sessions/{here.session_id}", {"status": "CLOSED", "session_kind": "old"})
    return link.json(), user.get(f"{here.stage_path}/sessions").json()[0]


def settings_saved(user: Client, here: Standing) -> Written:
    body = {"settings": {"idea": {"deep": [1, 2.5, None, "文"]}}, "session_id": here.session_id, "summary": "short"}
    made = user.created(f"{here.instance_path}/settings", body)
    return made, user.get(f"{here.instance_path}/settings/1").json()


def settings_confirmed(user: Client, here: Standing) -> Written:
    save(user, here, idea=1)
    made = user.post(f"{here.instance_path}/settings/1/confirm").json()
    return made, user.get(f"{here.instance_path}/settings").json()[0]


def session_created(user: Client, here: Standing) -> Written:
    body = {"scope_type": "GENESIS", "scope_id": here.novel_id, "stage": "INITIAL_PROMPT", "initial_state": {"a": 1}}
    made = user.created(SESSIONS, body)
    return made, user.get(f"{SESSIONS}/{made['id']}").json()["session"]


def session_changed(user: Client, here: Standing) -> Written:
    user.created(f"{here.session_path}/messages", {"content": "hello"})
    changed = user.patch(here.session_path, {"status": "COMPLETED", "title": "Done", "metadata": {}, "state": {"a": 1}})
    return changed.json(), user.get(here.session_path).json()["session"]


def round_added(user: Client, here: Standing) -> Written:
    said = {"role": "assistant", "content": "hello", "response": {"a": 1}, "tool_calls": [{"name": "x"}], "cost": 0.1}
    counted = {"model": "m", "tokens_in": 1, "tokens_out": 2, "latency_ms": 3, "correlation_id": "c-1"}
    made = user.created(f"{here.session_path}/rounds", said | counted)
    return made, user.get(f"{here.session_path}/rounds/1").json()


@pytest.mark.parametrize(
    "write",
    [
        novel_created,
        novel_changed,
        flow_created,
        flow_paused,
        flow_resumed,
        flow_abandoned,
        flow_switched,
        flow_of_a_started_session,
        process_started,
        stage_configured,
        stage_iterated,
        stage_advanced,
        stage_failed,
        session_started,
        session_bound,
        link_changed,
        settings_saved,
        settings_confirmed,
        session_created,
        session_changed,
        round_added,
    ],
)
def test_an_answer_is_what_a_read_shows_afterwards(user: Client, write: Callable[[Client, Standing], Written]) -> None:
    answered, shown = write(user, begin(user))
    assert answered == shown
