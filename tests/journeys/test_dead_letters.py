"""An event that cannot be applied, with two of every process: what users see, and what an admin does about it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner, Result

from services.studio.main import app
from tests.kit.studio import API, Client, Frame, Studio
from tests.kit.waiting import eventually_sync

LETTERS = "/dead-letters"


@dataclass
class Blocked:
    """A session whose next round cannot be shown: a row stands in its place, as a fault of ours would have left it."""

    user: Client
    novel_id: str
    session_id: str

    def say(self, *words: str) -> httpx.Response:
        """Adds rounds; the answer to the last."""
        for word in words:
            answer = self.user.post(f"/conversations/sessions/{self.session_id}/messages", {"content": word})
            assert answer.status_code == 201, answer.text
        return answer

    def shown(self) -> list[str]:
        """What the read model has of it, without waiting for anything."""
        return [row["input"]["content"] for row in self._read().json() if row["input"] is not None]

    def is_stale(self, position: str) -> bool:
        """Whether a read that wants to see the write is told that it does not."""
        return "x-projection-stale" in self._read({"X-Min-Position": position}).headers

    def front(self, admin: Client) -> dict[str, Any]:
        """What is in front of the scope, once it is parked."""

        def parked() -> dict[str, Any] | None:
            items = admin.get(LETTERS, scope_id=self.novel_id).json()["items"]
            return items[0] if items else None

        found = eventually_sync(parked, what="the scope is parked")
        assert found is not None
        return found

    def mend(self) -> None:
        """Takes the row away."""
        self.user.studio.rows("DELETE FROM conversation_rounds WHERE round_path = %s RETURNING 1", self.session_id)

    def _read(self, headers: dict[str, str] | None = None) -> httpx.Response:
        path = f"{self.user.studio.query_urls[0]}{API}/conversations/sessions/{self.session_id}/rounds"
        return httpx.get(path, headers={"Authorization": f"Bearer {self.user.token}", **(headers or {})})


@pytest.fixture
def blocked(user: Client) -> Iterator[Blocked]:
    """Mended again afterwards, so that nothing stays parked for the other journeys."""
    flow = user.new_flow()
    one = Blocked(user, flow["novel_id"], user.new_stage_session(flow)[1])
    assert user.get(f"/conversations/sessions/{one.session_id}").status_code == 200
    user.studio.rows(
        "INSERT INTO conversation_rounds (id, session_id, user_id, round_path, sequence_number, role, created_at)"
        " VALUES (%s, %s, %s, %s, 1, 'user', now()) RETURNING 1",
        uuid4(), one.session_id, user.id, one.session_id,
    )  # fmt: skip
    yield one
    one.mend()
    admin = user.studio.admin()
    for front in admin.get(LETTERS, scope_id=one.novel_id).json()["items"]:
        admin.post(f"{LETTERS}/core/{front['position']}/redrive")


@pytest.fixture
def admin(studio: Studio) -> Client:
    return studio.admin()


def test_its_scope_waits_in_order_and_everything_else_flows(blocked: Blocked, admin: Client) -> None:
    user = blocked.user
    with user.stream() as stream:
        written = blocked.say("one", "two", "three").headers["x-event-position"]
        stream.until(lambda _: _said(stream.frames) == ["one", "two", "three"], what="the stream has what happened")
        front = blocked.front(admin)
        assert (front["attempts"], front["waiting"], front["waits_behind"]) == (3, 2, None)
        assert "conversation_rounds_sequence_unique" in front["reason"]
        assert blocked.shown() == []
        assert blocked.is_stale(written), "nobody may take the read model for current"

        elsewhere = user.new_novel("Another scope")
        read = httpx.get(
            f"{user.studio.query_urls[0]}{API}/novels/{elsewhere}",
            headers={"Authorization": f"Bearer {user.token}", "X-Min-Position": str(user.position)},
        )
        assert (read.status_code, "x-projection-stale" in read.headers) == (200, False)
        stream.until(lambda frame: frame.payload.get("novel_id") == elsewhere, what="other scopes' events come")

    refused = admin.post(f"{LETTERS}/core/{front['position']}/redrive")
    assert (refused.status_code, refused.json()["code"], refused.json()["attempts"]) == (409, "REDRIVE_FAILED", 4)
    assert "conversation_rounds_sequence_unique" in refused.json()["reason"]

    blocked.mend()
    redriven = admin.post(f"{LETTERS}/core/{front['position']}/redrive")
    assert (redriven.status_code, redriven.json()) == (200, {"redriven": 3, "refused": None, "waiting": 0})
    written = blocked.say("four").headers["x-event-position"]
    assert not blocked.is_stale(written)
    assert blocked.shown() == ["one", "two", "three", "four"]


def test_an_admin_at_the_command_line_sees_and_skips_just_the_one(blocked: Blocked, admin: Client) -> None:
    blocked.say("one", "two", "three")
    position = blocked.front(admin)["position"]

    listed = _studio(blocked, "list", "--scope", blocked.novel_id)
    assert all(word in listed.output for word in (position, blocked.novel_id, "Conversation.Round.Created", "core"))
    assert "Nothing is parked." in _studio(blocked, "list", "--consumer", "message-relay").output
    examined = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["doctor", "--data", str(admin.studio.directory)])
    assert "scopes that wait: 1 of core" in examined.output
    shown = _studio(blocked, "show", position).output
    assert all(word in shown for word in ('"content": "one"', "conversation_rounds_sequence_unique", "waits behind it"))

    refused = _studio(blocked, "redrive", "--scope", blocked.novel_id)
    assert (refused.exit_code, "still cannot be applied" in refused.output) == (1, True)
    behind = str(int(position) + 1)
    waits = _studio(blocked, "skip", behind, "--yes")
    assert (waits.exit_code, f"waits behind the one at {position}" in waits.output) == (1, True)

    left = _studio(blocked, "skip", position, answer="n\n")
    assert (left.exit_code, blocked.front(admin)["position"]) == (1, position)
    # What waits would follow in the place of the one that is given up, so the row must go first.
    blocked.mend()
    skipped = _studio(blocked, "skip", position, "--yes")
    assert (skipped.exit_code, "2 redriven" in skipped.output) == (0, True), skipped.output
    assert blocked.shown() == ["two", "three"]
    assert "Nothing is parked." in _studio(blocked, "redrive", "--scope", blocked.novel_id).output


def test_what_is_done_is_counted(blocked: Blocked, admin: Client) -> None:
    before = _settled(blocked.user.studio)
    blocked.say("one")
    position = blocked.front(admin)["position"]
    admin.post(f"{LETTERS}/core/{position}/redrive")
    admin.post(f"{LETTERS}/core/{position}/skip")
    assert _settled(blocked.user.studio) - before == Counter({"refused": 1, "skipped": 1})


def test_only_admins_may_look_or_act(blocked: Blocked, admin: Client) -> None:
    blocked.say("one")
    position = blocked.front(admin)["position"]
    one = f"{LETTERS}/core/{position}"
    for person, status, code in (
        (blocked.user.studio.nobody(), 401, "UNAUTHENTICATED"),
        (blocked.user, 403, "FORBIDDEN"),
    ):
        # Not through `get`, which would wait for the parked write.
        url = person.studio.query_urls[0] + API
        headers = {"Authorization": f"Bearer {person.token}"} if person.token else {}
        answers = [httpx.get(url + path, headers=headers) for path in (LETTERS, one)]
        answers += [person.post(f"{one}/{deed}") for deed in ("redrive", "skip")]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(status, code)] * 4
    assert blocked.front(admin)["attempts"] == 3


def test_what_is_asked_wrongly_is_refused_by_name(admin: Client) -> None:
    def asked(path: str = "", **parameters: Any) -> tuple[int, str]:
        answer = admin.get(LETTERS + path, **parameters)
        return answer.status_code, answer.json()["code"]

    wrong = (422, "VALIDATION_ERROR")
    assert asked(limit=0) == asked(limit=201) == asked(limit="many") == asked(colour="red") == wrong
    assert asked(consumer="NO SUCH") == asked("/core/0") == asked("/core/first") == wrong
    assert asked(after="bm8") == asked(after="%%%") == (400, "INVALID_CURSOR")
    assert asked("/core/9999999999") == (404, "DEAD_LETTER_NOT_FOUND")
    for deed in ("redrive", "skip"):
        path = f"{LETTERS}/core/9999999999/{deed}"
        assert admin.post(path).json()["code"] == "DEAD_LETTER_NOT_FOUND"
        assert admin.post(path, {"force": True}).json()["code"] == "VALIDATION_ERROR"
        assert admin.post(f"{path}?force=1").json()["code"] == "VALIDATION_ERROR"


def test_the_list_comes_in_pages(blocked: Blocked, admin: Client, studio: Studio) -> None:
    blocked.say("one")
    front = blocked.front(admin)
    # The same scope parked for another consumer is another line.
    studio.rows(
        "INSERT INTO dead_letters SELECT 'other', position, event_id, scope_id, lane, reason, attempts"
        " FROM dead_letters WHERE scope_id = %s RETURNING 1",
        blocked.novel_id,
    )
    try:
        first = admin.get(LETTERS, limit=1, scope_id=blocked.novel_id).json()
        second = admin.get(LETTERS, limit=1, scope_id=blocked.novel_id, after=first["next_cursor"]).json()
        lines = [(item["consumer"], item["position"]) for page in (first, second) for item in page["items"]]
        assert lines == [("core", front["position"]), ("other", front["position"])]
        assert second["next_cursor"] is None
        assert [item["consumer"] for item in admin.get(LETTERS, consumer="other").json()["items"]] == ["other"]
    finally:
        studio.rows("DELETE FROM dead_letters WHERE consumer = 'other' RETURNING 1")


def _studio(blocked: Blocked, *arguments: str, answer: str | None = None) -> Result:
    data = str(blocked.user.studio.directory)
    runner = CliRunner(env={"COLUMNS": "300"})
    return runner.invoke(app, ["dead-letters", *arguments, "--data", data], input=answer)


def _settled(studio: Studio) -> Counter[str]:
    """How often each outcome was counted, over all copies of the command API."""
    found = re.compile(r'studio_dead_letters_settled_total\{consumer="core",outcome="(\w+)"\} ([\d.]+)')
    counted: Counter[str] = Counter()
    for url in studio.command_urls:
        counted.update(
            {outcome: int(float(value)) for outcome, value in found.findall(httpx.get(f"{url}/metrics").text)}
        )
    return counted


def _said(frames: list[Frame]) -> list[str]:
    return [frame.payload["input"]["content"] for frame in frames if frame.event == "Conversation.Round.Created"]
