"""Which sessions work for which stage record, and which of them is the primary one."""

from typing import Any

import pytest

from tests.journeys.genesis_walks import Standing, begin, walk_to
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client


def links_of(user: Client, here: Standing) -> list[dict[str, Any]]:
    links: list[dict[str, Any]] = user.get(f"{here.stage_path}/sessions").json()
    return links


def primaries_of(user: Client, here: Standing) -> list[str]:
    return [link["session_id"] for link in links_of(user, here) if link["is_primary"]]


def new_session(user: Client, scope_type: str, scope_id: str) -> str:
    return str(user.created("/conversations/sessions", {"scope_type": scope_type, "scope_id": scope_id})["id"])


def test_ac33_a_session_started_in_a_stage_belongs_to_the_novel_and_is_the_primary_one(user: Client) -> None:
    flow = user.new_flow()
    made = user.created(f"/genesis/processes/{flow['id']}/stages/INITIAL_PROMPT/sessions", {})
    instance, link = made["instance"], made["session"]
    assert (instance["process_id"], instance["stage"], instance["status"]) == (flow["id"], "INITIAL_PROMPT", "ACTIVE")
    assert (link["status"], link["is_active"], link["is_primary"]) == ("ACTIVE", True, True)
    session = user.get(f"/conversations/sessions/{link['session_id']}").json()
    assert (session["scope_type"], session["scope_id"]) == ("GENESIS", flow["novel_id"])
    assert session["title"] == "INITIAL_PROMPT 阶段对话"
    assert session["metadata"] == {"genesis_stage": "INITIAL_PROMPT", "instance_id": instance["id"]}


def test_ac34_of_two_bound_sessions_one_is_primary_and_setting_the_other_unsets_it_at_once(user: Client) -> None:
    here = begin(user)
    second = user.created(f"{here.stage_path}/sessions", {"session_kind": "review"})["session_id"]
    assert [link["session_id"] for link in links_of(user, here)] == [here.session_id, second]
    assert primaries_of(user, here) == [here.session_id]
    changed = user.patch(f"{here.stage_path}/sessions/{second}", {"is_primary": True})
    assert (changed.status_code, changed.json()["is_primary"]) == (200, True)
    assert primaries_of(user, here) == [second]
    assert user.get(f"{here.stage_path}/active-session").json()["association"]["session_id"] == second


def test_a_new_session_that_asks_for_it_takes_the_place_of_the_primary_one(user: Client) -> None:
    here = begin(user)
    bound = user.created(f"{here.stage_path}/sessions", {"is_primary": True, "title": "Second thoughts"})
    assert (bound["stage_session"]["is_primary"], bound["session"]["title"]) == (True, "Second thoughts")
    assert primaries_of(user, here) == [bound["session_id"]]


def test_ac35_ten_parallel_binds_that_all_want_to_be_primary_leave_one(user: Client) -> None:
    here = begin(user)
    answers = at_once(10, lambda _: user.post(f"{here.stage_path}/sessions", {"is_primary": True}))
    assert [answer.status_code for answer in answers] == [201] * 10
    assert len(links_of(user, here)) == 11
    (primary,) = primaries_of(user, here)
    assert primary in [answer.json()["session_id"] for answer in answers]


def test_ac36_a_session_of_another_kind_or_another_novel_is_not_bound(user: Client) -> None:
    here, elsewhere = begin(user), begin(user)
    for session_id in (new_session(user, "CHAPTER", here.novel_id), elsewhere.session_id):
        response = user.post(f"{here.stage_path}/sessions", {"session_id": session_id})
        refused(response, 422, "SESSION_SCOPE_INVALID", "/session_id")
    assert [link["session_id"] for link in links_of(user, here)] == [here.session_id]


def test_a_bind_that_names_another_novel_than_the_flows_is_refused(user: Client) -> None:
    here = begin(user)
    response = user.post(f"{here.stage_path}/sessions", {"novel_id": user.new_novel()})
    refused(response, 422, "NOVEL_MISMATCH", "/novel_id")


def test_ac37_a_session_is_bound_to_a_record_once_and_to_another_record_too(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    again = {"session_id": passed["WORLDVIEW"].session_id}
    refused(user.post(f"{passed['WORLDVIEW'].stage_path}/sessions", again), 409, "SESSION_ALREADY_BOUND")
    refused(user.post(f"{passed['INITIAL_PROMPT'].stage_path}/sessions", again), 409, "STAGE_CLOSED")
    as_review = user.post(f"{passed['INITIAL_PROMPT'].stage_path}/sessions", again | {"session_kind": "review"})
    assert as_review.status_code == 201, as_review.text
    other = {"session_id": passed["INITIAL_PROMPT"].session_id}
    assert user.post(f"{passed['WORLDVIEW'].stage_path}/sessions", other).status_code == 201


@pytest.mark.parametrize("status", ["ARCHIVED", "CLOSED"])
def test_a_primary_session_that_is_put_away_passes_the_flag_to_the_oldest_active_one(user: Client, status: str) -> None:
    here = begin(user)
    second, third = (user.created(f"{here.stage_path}/sessions", {})["session_id"] for _ in range(2))
    link = user.patch(f"{here.stage_path}/sessions/{here.session_id}", {"status": status}).json()
    assert (link["status"], link["is_active"], link["is_primary"]) == (status, False, False)
    assert primaries_of(user, here) == [second]
    again = user.patch(f"{here.stage_path}/sessions/{here.session_id}", {"is_primary": True})
    refused(again, 409, "LINK_NOT_ACTIVE")
    for session_id in (second, third):
        user.patch(f"{here.stage_path}/sessions/{session_id}", {"status": status})
    assert primaries_of(user, here) == []
    missing = user.patch(
        f"{here.stage_path}/sessions/{new_session(user, 'GENESIS', here.novel_id)}", {"status": status}
    )
    refused(missing, 404, "LINK_NOT_FOUND")
