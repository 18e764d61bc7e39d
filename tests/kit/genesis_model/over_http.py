"""A running studio as a system under test: commands and reads over HTTP, and everything again on the event stream."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, ClassVar
from uuid import uuid4

from services.runtime.positions import decode_position_token
from tests.kit.genesis_model.system import Answer, Request, System
from tests.kit.genesis_model.world import Body, OpenCommand
from tests.kit.studio import Client, Stream, Studio


class OverHttp(System):
    """A studio, one user of it with an open event stream, and a stranger. Task workers only work when told to."""

    is_whole: ClassVar[bool] = True

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.user, self.stranger = studio.user(), studio.user()
        self._open = ExitStack()
        self._workers = ExitStack()
        self.stream: Stream = self._open.enter_context(self.user.stream())
        self._open.push(self._workers)
        self._workers.enter_context(studio.without_task_workers())

    def close(self) -> None:
        """Lets the workers go on and leaves the stream."""
        self._open.close()

    def write(self, request: Request, *, by_stranger: bool = False) -> Answer:
        return self._sent(self.stranger if by_stranger else self.user, request, str(uuid4()))

    def write_with_key(self, request: Request, key: str) -> Answer:
        """Sends a request with a key that has been used."""
        return self._sent(self.user, request, key)

    def work(self, commands: list[OpenCommand]) -> None:
        self._workers.close()
        for command in commands:
            assert self.user.finished_command(command.id)["status"] == "COMPLETED"
        self._workers.enter_context(self.studio.without_task_workers())

    def novel(self, novel_id: str) -> Body | None:
        return self._found(f"/novels/{novel_id}")

    def flow(self, novel_id: str) -> Body | None:
        return self._found(f"/genesis/flows/{novel_id}")

    def links(self, stage_id: str) -> list[Body]:
        return list(self._pages(f"/genesis/stages/{stage_id}/sessions"))

    def settings(self, stage_id: str) -> list[Body]:
        return list(self._pages(f"/genesis/instances/{stage_id}/settings"))

    def session(self, session_id: str) -> Body | None:
        return self._found(f"/conversations/sessions/{session_id}", include="none")

    def rounds(self, session_id: str) -> list[Body]:
        rounds: list[Body] = self.user.get(f"/conversations/sessions/{session_id}/rounds", limit=200).json()
        return rounds

    def told(self, count: int) -> list[str]:
        """Types of the events that the stream has told, in order, once there are as many as this."""
        self.stream.until(lambda _: len(self.stream.events()) >= count, what=f"{count} events on the stream")
        frames = self.stream.events()
        positions = [int(frame.id.rsplit("-", 1)[1]) for frame in frames if frame.id is not None]
        assert positions == sorted(set(positions)), "the stream goes forward only"
        return [frame.event for frame in frames]

    def _sent(self, client: Client, request: Request, key: str) -> Answer:
        headers = {"Idempotency-Key": key}
        if request.if_match is not None:
            headers["If-Match"] = f'"{request.if_match}"'
        response = client.write(request.method, request.path, request.body, headers=headers)
        assert response.status_code < 500, response.text
        body = response.json() if response.content else {}
        # What a typed command wraps its result in.
        shown = {**body["result"], "command_id": body["command_id"]} if {"accepted", "result"} <= set(body) else body
        etag, written = response.headers.get("etag"), response.headers.get("x-event-position")
        return Answer(
            response.status_code,
            shown,
            code=body["code"] if response.status_code >= 400 else None,
            version=int(etag.strip('"')) if etag is not None else None,
            position=decode_position_token(written).position if written is not None else 0,
            key=key,
            is_replay=response.headers.get("idempotent-replayed") == "true",
        )

    def _found(self, path: str, **parameters: Any) -> Body | None:
        response = self.user.get(path, **parameters)
        assert response.status_code in (200, 404), response.text
        body: Body = response.json()
        return body if response.status_code == 200 else None

    def _pages(self, path: str) -> Iterator[Body]:
        response = self.user.get(path, limit=200)
        assert response.status_code == 200, response.text
        return iter(response.json())
