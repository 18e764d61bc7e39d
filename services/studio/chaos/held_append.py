"""Somebody holds the lock of all appends and does nothing: a person at a prompt, or a program that hangs."""

import asyncio
from random import Random
from time import monotonic
from typing import Final
from uuid import uuid4

import httpx

from services.runtime.access import issue_token
from services.runtime.event_store import APPEND_LOCK_KEY
from services.studio.chaos.checker import Finding
from services.studio.chaos.clients import API
from services.studio.chaos.faults import Fault, Inject, Injury, Scene
from services.studio.chaos.servers_away import healed

HELD_SECONDS: Final = 60.0
ANSWER_SECONDS_MAX: Final = 15.0
"""For a batch that waits for the lock, and the one before it."""
HOLDER: Final = "somebody at a prompt"


def hold_append(seconds: float) -> Inject:
    """Takes the lock for so long; commands are refused meanwhile, in time and with the holder's name."""

    async def inject(scene: Scene, random: Random) -> Injury:
        await scene.some_moment(random)
        async with await scene.studio.connect() as connection:
            await connection.execute("SELECT set_config('application_name', %s, FALSE)", [HOLDER])
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(%s)", [APPEND_LOCK_KEY])
                findings = await _ask_for(seconds, scene, random, connection.info.backend_pid)
        injury = await healed(scene)
        return Injury(injury.recovery_seconds, tuple(findings))

    return inject


async def _ask_for(seconds: float, scene: Scene, random: Random, holder_pid: int) -> list[Finding]:
    """Commands one after the other while the lock is held; what is wrong with their answers."""
    headers = {"Authorization": f"Bearer {issue_token(scene.studio.installation.ensure_secret(), HOLDER)}"}
    end = monotonic() + seconds
    findings: list[Finding] = []
    async with httpx.AsyncClient(timeout=ANSWER_SECONDS_MAX, headers=headers) as http:
        while monotonic() < end:
            url = f"{scene.addresses.command_url(random)}{API}/novels"
            sent = {"Idempotency-Key": uuid4().hex}
            try:
                answer = await http.post(url, json={"title": "Behind a held lock"}, headers=sent)
            except httpx.TimeoutException:
                findings.append(Finding(10, "stuck", f"a command had no answer within {ANSWER_SECONDS_MAX:.0f} s"))
            else:
                findings += _wrong_with(answer, holder_pid)
            await asyncio.sleep(random.uniform(0, 1))
    return findings


def _wrong_with(answer: httpx.Response, holder_pid: int) -> list[Finding]:
    if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or "retry-after" not in answer.headers:
        return [Finding(10, "contradicted", f"behind a held lock a command was answered {answer.status_code}")]
    detail = answer.json()["detail"]
    if "held by" not in detail or str(holder_pid) not in detail or HOLDER not in detail:
        return [Finding(10, "contradicted", f"a command was refused without naming {holder_pid}: {detail}")]
    return []


def append_held(seconds: float = HELD_SECONDS) -> Fault:
    """Held for so long."""
    return Fault(
        "append.held",
        f"Somebody holds the lock of all appends for {seconds:g} seconds: commands get 503 and Retry-After in time, "
        "and are told who it is.",
        hold_append(seconds),
    )
