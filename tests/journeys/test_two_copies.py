"""Two copies of every worker: that all the journeys run on them is a fact only if both copies do work."""

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.kit.studio import PROCESSES, Client, Studio
from tests.kit.waiting import eventually_sync

WORK_DONE = {
    "command_api": "studio_commands_total",
    "query_api": "studio_query_seconds_count",
    "message_relay": "studio_outbox_sent_total",
    "projector": "studio_projected_events_total",
    "task_worker": "studio_tasks_total",
}
"""What each kind of process counts."""


def test_ac100_two_copies_of_every_worker_share_the_work_of_the_journeys(studio: Studio, user: Client) -> None:
    assert {name: len(studio.probes[name]) for name in PROCESSES} == dict.fromkeys(WORK_DONE, 2)

    def idle_copies() -> list[str]:
        _, session_id = user.new_stage_session(user.new_flow())
        answer = user.command(session_id, "Command.Genesis.Session.Seed.Request", user_input="A keeper hears letters.")
        assert user.finished_command(answer.json()["command_id"])["status"] == "COMPLETED"
        return [f"{name} at {url}" for name in PROCESSES for url in studio.probes[name] if _work_done(name, url) == 0]

    eventually_sync(lambda: not idle_copies(), what="both copies of each process have worked", seconds=60)


def _work_done(name: str, url: str) -> float:
    families = text_string_to_metric_families(httpx.get(f"{url}/metrics").text)
    return sum(sample.value for family in families for sample in family.samples if sample.name == WORK_DONE[name])
