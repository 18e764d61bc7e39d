"""Novels: created, changed, listed, and deleted with all that is theirs."""

from typing import Any

import pytest

from tests.journeys.genesis_walks import begin, confirm, flow_of, walk_to
from tests.kit.refusals import refused
from tests.kit.studio import Client, Studio


def test_a_novel_is_created_changed_and_compared_by_version(user: Client) -> None:
    created = user.post("/novels", {"title": "  Salt ", "theme": "Letting go"})
    novel = created.json()
    assert created.headers["location"] == f"/api/v1/novels/{novel['id']}"
    assert (novel["title"], novel["status"], novel["target_chapters"], novel["genesis"]) == (
        "Salt",
        "GENESIS",
        10,
        None,
    )
    path = f"/novels/{novel['id']}"
    changed = user.patch(path, {"theme": None, "target_chapters": 20}, headers={"If-Match": created.headers["etag"]})
    assert (changed.json()["theme"], changed.json()["target_chapters"], changed.json()["version"]) == (None, 20, 2)
    stale = refused(user.patch(path, {"title": "Sea"}, headers={"If-Match": '"1"'}), 412, "PRECONDITION_FAILED")
    assert stale["current_version"] == 2
    shown = user.get(path)
    assert (shown.json(), shown.headers["etag"]) == (changed.json(), '"2"')
    refused(user.delete(path, headers={"If-Match": '"1"'}), 412, "PRECONDITION_FAILED")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"title": " "}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"title": None}, ""),
        ({"target_chapters": 0}, "/target_chapters"),
        ({"target_chapters": 1_001}, "/target_chapters"),
        ({"status": "GENERATING"}, "/status"),
    ],
)
def test_a_novel_refuses_changes_out_of_bounds(user: Client, body: dict[str, Any], pointer: str) -> None:
    refused(user.patch(f"/novels/{user.new_novel()}", body), 422, "VALIDATION_ERROR", pointer)


def test_novels_are_listed_newest_change_first_by_status(user: Client) -> None:
    first, second, third = (user.new_novel(title) for title in ("one", "two", "three"))
    user.patch(f"/novels/{first}", {"title": "one again"})
    page = user.get("/novels", limit=2)
    assert [novel["id"] for novel in page.json()] == [first, third]
    assert page.headers["x-total-count"] == "3"
    assert [novel["id"] for novel in user.get("/novels", offset=2).json()] == [second]
    assert user.get("/novels", status="GENERATING").json() == []


def test_deleting_a_novel_takes_flow_records_links_settings_and_sessions_with_it(user: Client, studio: Studio) -> None:
    passed = walk_to(user, "WORLDVIEW")
    here, other = passed["WORLDVIEW"], begin(user)
    confirm(user, here)
    response = user.delete(f"/novels/{here.novel_id}")
    assert (response.status_code, response.content) == (204, b"")
    assert user.events_of(response) == [
        "Genesis.Flow.Abandoned",
        *["Genesis.Stage.SessionUnbound"] * 2,
        *["Conversation.Session.Deleted"] * 2,
        "Novel.Deleted",
    ]
    for path in (
        f"/novels/{here.novel_id}",
        here.flow_path,
        here.stage_path,
        here.session_path,
        f"{here.instance_path}/settings",
    ):
        assert user.get(path).status_code == 404, path
    refused(user.post(here.flow_path, {}), 404, "NOVEL_NOT_FOUND")
    refused(user.patch(here.session_path, {"title": "x"}), 404, "SESSION_NOT_FOUND")
    refused(user.delete(f"/novels/{here.novel_id}"), 404, "NOVEL_NOT_FOUND")
    left = "SELECT count(*) FROM {} WHERE user_id = %s"
    tables = {"genesis_flows": 1, "genesis_stage_records": 1, "genesis_stage_sessions": 1, "genesis_stage_settings": 0}
    assert {table: studio.rows(left.format(table), user.id)[0][0] for table in tables} == tables
    assert flow_of(user, other)["status"] == "IN_PROGRESS"


def test_deleting_a_novel_cancels_what_is_open(user: Client, studio: Studio) -> None:
    here = begin(user)
    with studio.without_task_workers():
        command_id = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        assert user.delete(f"/novels/{here.novel_id}").status_code == 204
    command = user.finished_command(command_id)
    assert (command["status"], command["error_code"]) == ("FAILED", "CANCELLED")
