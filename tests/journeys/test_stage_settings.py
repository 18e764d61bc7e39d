"""Versions of a stage record's settings document."""

from tests.journeys.genesis_walks import begin, confirm, save, walk_to
from tests.kit.parallel import at_once
from tests.kit.refusals import refused
from tests.kit.studio import Client


def test_ac38_three_saves_are_versions_one_to_three_and_never_change(user: Client) -> None:
    here = begin(user)
    assert [save(user, here, idea=number) for number in (1, 2, 3)] == [1, 2, 3]
    versions = user.get(f"{here.instance_path}/settings").json()
    assert [(one["version"], one["settings"]) for one in versions] == [(n, {"idea": n}) for n in (3, 2, 1)]
    assert {one["source"] for one in versions} == {"user"}
    assert {one["created_by"] for one in versions} == {here.session_id}
    assert user.get(f"{here.instance_path}/settings/2").json() == versions[1]


def test_ac38_twenty_parallel_saves_are_twenty_consecutive_versions(user: Client) -> None:
    here = begin(user)
    versions = at_once(20, lambda number: save(user, here, idea=number))
    assert sorted(versions) == list(range(1, 21))
    page = user.get(f"{here.instance_path}/settings", limit=20)
    assert [one["version"] for one in page.json()] == list(range(20, 0, -1))
    assert page.headers["x-total-count"] == "20"


def test_ac39_only_the_version_confirmed_last_is_confirmed(user: Client) -> None:
    here = begin(user)
    save(user, here, idea="first")
    save(user, here, idea="second")
    for version in (2, 1):
        confirmed = user.post(f"{here.instance_path}/settings/{version}/confirm")
        assert (confirmed.status_code, confirmed.json()["is_confirmed"]) == (200, True)
        shown = user.get(f"{here.instance_path}/settings").json()
        assert [one["version"] for one in shown if one["is_confirmed"]] == [version]
    refused(user.post(f"{here.instance_path}/settings/3/confirm"), 404, "VERSION_NOT_FOUND")


def test_confirming_the_confirmed_version_again_changes_nothing(user: Client) -> None:
    here = begin(user)
    confirm(user, here)
    before = user.row_counts()["domain_events"]
    assert user.post(f"{here.instance_path}/settings/1/confirm").status_code == 200
    assert user.row_counts()["domain_events"] == before


def test_settings_are_saved_only_for_a_running_record_by_a_session_that_works_for_it(user: Client) -> None:
    passed = walk_to(user, "WORLDVIEW")
    first, second = passed["INITIAL_PROMPT"], passed["WORLDVIEW"]
    body = {"settings": {"idea": 1}, "session_id": first.session_id}
    refused(user.post(f"{second.instance_path}/settings", body), 422, "SESSION_NOT_BOUND", "/session_id")
    refused(user.post(f"{first.instance_path}/settings", body), 409, "STAGE_CLOSED")
    refused(user.post(f"{first.instance_path}/settings/1/confirm"), 409, "STAGE_CLOSED")
    empty = {"settings": {}, "session_id": second.session_id}
    refused(user.post(f"{second.instance_path}/settings", empty), 422, "VALIDATION_ERROR", "/settings")
