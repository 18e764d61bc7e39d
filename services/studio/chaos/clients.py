"""Clients under way: each does its scripts over HTTP and writes down what it was told.

A command whose answer did not come, or said nothing, is sent again with the same key until it is answered, but for some
whose client gives up; now and then one that was answered is sent once more, to hear the same again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final
from uuid import UUID, uuid4

import httpx

from services.runtime.access import issue_token, verify
from services.runtime.pacing import within
from services.runtime.positions import decode_position_token
from services.studio.chaos.addresses import Addresses
from services.studio.chaos.told import Answer, Command, Told
from services.studio.chaos.workload import Workload

API: Final = "/api/v1"
ANSWER_SECONDS_MAX: Final = 15.0
"""Longer than the studio may take to refuse a command that it cannot decide; a later answer counts as none."""
ANSWERED_SECONDS_MAX: Final = 300.0
"""With all tries; a command that has no answer by then never gets one."""
RETRY_SECONDS: Final = (0.05, 0.5)
PAUSE_SECONDS_MAX: Final = 0.1
REPEATED_SHARE: Final = 0.05
ABANDONED_SHARE: Final = 0.1
"""Of the tries that no answer came to: the client goes away, and whether the command took effect is left open."""

Begun = Callable[[UUID, str], Awaitable[None]]
"""Awaited with each client's id and token before its first command."""


class Clients:
    """A bounded number of clients, each a user of its own with one command in flight. What they hear is in `told`."""

    def __init__(self, workload: Workload, addresses: Addresses, secret: bytes, *, count: int, seed: str) -> None:
        self.told: list[Told] = []
        self.acknowledged = 0
        self._ending = False
        # The same seed makes the same clients, but in each run they are users of their own.
        run = uuid4().hex[:8]
        self._clients = [
            _Client(self, workload, addresses, issue_token(secret, f"chaos {run} {number}"), secret, f"{seed} {number}")
            for number in range(count)
        ]

    @property
    def users(self) -> list[UUID]:
        """Who they are."""
        return [client.user_id for client in self._clients]

    async def run(self, begun: Begun) -> None:
        """Works until `end`."""
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS_MAX) as http, asyncio.TaskGroup() as group:
            for client in self._clients:
                group.create_task(self._work(client, http, begun))

    def end(self) -> None:
        """Every client finishes the command in hand."""
        self._ending = True

    @property
    def ending(self) -> bool:
        """Whether nothing more is to be begun."""
        return self._ending

    async def _work(self, client: "_Client", http: httpx.AsyncClient, begun: Begun) -> None:
        await begun(client.user_id, client.token)
        while not self._ending:
            await client.work(http)


class _Client:
    """One user at work."""

    def __init__(
        self, clients: Clients, workload: Workload, addresses: Addresses, token: str, secret: bytes, seed: str
    ) -> None:
        self.token = token
        self.user_id = verify(secret, token, "access").user.id
        self._clients = clients
        self._workload = workload
        self._addresses = addresses
        self._random = Random(seed)

    async def work(self, http: httpx.AsyncClient) -> None:
        """One script to its end, or to the end of the load."""
        script = self._workload.script(self._random)
        command: Command | None = next(script)
        while command is not None and not self._clients.ending:
            answer = await self._ask(http, command)
            if answer is None:
                return
            try:
                command = script.send(answer)
            except StopIteration:
                return
            await asyncio.sleep(self._random.uniform(0, PAUSE_SECONDS_MAX))

    async def _ask(self, http: httpx.AsyncClient, command: Command) -> Answer | None:
        """What became of the command; None when that was not learned."""
        # Not from the seed: a replayed run must not use the keys of the first one.
        told = Told(self.user_id, uuid4(), command)
        self._clients.told.append(told)
        try:
            answer = await within(ANSWERED_SECONDS_MAX, self._until_answered(http, told))
        except TimeoutError:
            return None
        if answer is None:
            return None
        self._clients.acknowledged += answer.accepted
        if answer.accepted and self._random.random() < REPEATED_SHARE:
            await self._try(http, told)
        return answer

    async def _until_answered(self, http: httpx.AsyncClient, told: Told) -> Answer | None:
        while True:
            answer = await self._try(http, told)
            if answer is not None and answer.is_final:
                return answer
            if answer is None and self._random.random() < ABANDONED_SHARE:
                told.abandoned = True
                return None
            await asyncio.sleep(self._random.uniform(*RETRY_SECONDS))

    async def _try(self, http: httpx.AsyncClient, told: Told) -> Answer | None:
        """One try; None when nothing, or only a part of an answer, came back."""
        told.sent += 1
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": str(told.key)}
        url = self._addresses.command_url(self._random) + API + told.command.path
        try:
            response = await http.request(told.command.method, url, json=told.command.body, headers=headers)
        except httpx.TransportError:
            return None
        answer = _answer(response)
        told.answers.append(answer)
        return answer


def _answer(response: httpx.Response) -> Answer:
    command_id, position = response.headers.get("x-command-id"), response.headers.get("x-event-position")
    return Answer(
        response.status_code,
        response.json() if response.content else None,
        UUID(command_id) if command_id is not None else None,
        decode_position_token(position).position if position is not None else 0,
    )
