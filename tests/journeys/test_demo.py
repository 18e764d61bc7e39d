"""The demo asks the author for everything, and a person sees what comes of it."""

from io import StringIO

from rich.console import Console

from services.studio.demo import run_demo
from services.studio.demo_story import STORIES
from tests.kit.studio import Client, Studio


def test_the_demo_has_two_stories_written_and_shows_what_was_written(studio: Studio, user: Client) -> None:
    seen = StringIO()
    assert user.token is not None
    novels = run_demo(studio.command_urls[0], studio.query_urls[0], user.token, Console(file=seen, width=400))
    assert len(novels) == len(STORIES)
    for story, novel_id in zip(STORIES, novels, strict=True):
        novel = user.get(f"/novels/{novel_id}").json()
        assert novel["status"] == "GENERATING"
        for name in [novel["title"], *(one["name"] for one in user.get(f"/novels/{novel_id}/characters").json())]:
            assert name in seen.getvalue()
        for remark in story.remarks.values():
            assert f"“{remark}”" in seen.getvalue()
    saved = [event.payload["source"] for event in user.events("Genesis.Stage.SettingsSaved")]
    assert saved.count("ai") == 2 * len(STORIES) * len(STORIES[0].remarks)
