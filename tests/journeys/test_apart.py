"""Two users with two geneses each, all written at once: nothing of one gets into another."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
import pytest

from services.runtime.kafka import EVENTS_TOPIC, read_messages
from tests.journeys.genesis_conversations import Writer
from tests.journeys.slow_steps import SlowStep, ends_once, slow_steps
from tests.kit.studio import Client, Frame, Studio

WORDS: Final = (("Vexomara", "Tulquist"), ("Brynzoth", "Kaldufex"))
"""Of each user's two geneses, in no other text in the world."""
ALL_WORDS: Final = tuple(word for words in WORDS for word in words)


@dataclass
class Written:
    """A genesis from its idea to its end, with the word that is in all that was said in it."""

    word: str
    client: Client
    writer: Writer
    sessions: set[str] = field(default_factory=set)
    frames: list[Frame] = field(default_factory=list)

    def others(self) -> list[str]:
        """The words that must not be found in it."""
        return [word for word in ALL_WORDS if word != self.word]


@pytest.fixture(scope="module")
def written(studio: Studio) -> list[Written]:
    """Four geneses, written at the same time."""
    users = [studio.user() for _ in WORDS]
    asked = [(user, word) for user, words in zip(users, WORDS, strict=True) for word in words]
    with ThreadPoolExecutor(len(asked)) as threads:
        return list(threads.map(lambda one: _write(*one), asked))


def _write(client: Client, word: str) -> Written:
    idea = f"A lighthouse keeper called {word} receives letters from the drowned"
    steps = slow_steps(client, idea, feedback=f"add a {word} piano")
    first = next(steps)
    written = Written(word, client, first.writer)
    _take(written, first)
    for step in steps:
        if step.name == "other character":
            known, *others = step.writer.newest()["characters"]
            named = [{**known, "name": f"{word} Vale"}, *others]
            step.writer.send("Character.Update", modifications={"characters": named})
        _take(written, step)
    written.writer = step.writer
    written.writer.send("Finish")
    return written


def _take(written: Written, step: SlowStep) -> None:
    written.sessions.add(step.writer.session_id)
    with written.client.stream(session_id=step.writer.session_id) as stream:
        ends_once(step, step.asked(), "COMPLETED")
        written.frames += stream.until(lambda frame: frame.event == step.told_as)


def test_no_row_has_words_of_one_genesis_and_ids_or_words_of_another(studio: Studio, written: list[Written]) -> None:
    ids = {one.word: _ids(studio, one) for one in written}
    tables = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    found: dict[str, set[str]] = {one.word: set() for one in written}
    for (table,) in studio.rows(tables):
        for one in written:
            statement = f'SELECT t::TEXT FROM "{table}" AS t WHERE t::TEXT ILIKE %s'
            for (row,) in studio.rows(statement, f"%{one.word}%"):
                found[one.word].add(table)
                foreign = [text for other in one.others() for text in (other, *ids[other]) if text in row]
                assert foreign == [], (table, row)
    for tables_of_one in found.values():
        assert tables_of_one >= {"domain_events", "genesis_stage_settings", "conversation_rounds", "novels"}


def _ids(studio: Studio, one: Written) -> list[str]:
    """The novel and every aggregate of it, every command and every task."""
    events = "SELECT DISTINCT aggregate_id FROM domain_events WHERE scope_id = %s"
    commands = "SELECT DISTINCT correlation_id FROM domain_events WHERE scope_id = %s"
    tasks = "SELECT id FROM async_tasks WHERE scope_id = %s"
    rows = [row for statement in (events, commands, tasks) for row in studio.rows(statement, one.writer.novel_id)]
    return [str(found) for (found,) in rows]


def test_no_message_has_words_of_another_genesis_than_its_own(studio: Studio, written: list[Written]) -> None:
    messages = asyncio.run(read_messages(studio.kafka_bootstrap, EVENTS_TOPIC, {}))
    for one in written:
        keys = {dict(message.headers)["ce_scopeid"].decode() for message in messages if _has(message.value, one.word)}
        assert keys == {one.writer.novel_id}


def test_no_frame_has_words_of_another_genesis(written: list[Written]) -> None:
    for one in written:
        told = orjson.dumps([frame.data for frame in one.frames])
        assert _has(told, one.word)
        assert not any(_has(told, word) for word in one.others())


def test_no_export_and_nothing_that_is_read_has_words_of_another_genesis(written: list[Written]) -> None:
    for one in written:
        exported = [
            event.payload["content"]
            for event in one.client.events("Genesis.Session.Export.Completed")
            if event.payload["command_id"] in _commands(one)
        ]
        read = [*exported, *(one.client.get(path).text for path in _paths(one))]
        assert len(exported) == 1
        for text in read:
            assert _has(text.encode(), one.word)
            assert not any(_has(text.encode(), word) for word in one.others())


def _commands(one: Written) -> set[str]:
    found = one.client.studio.rows(
        "SELECT DISTINCT correlation_id FROM domain_events WHERE scope_id = %s", one.writer.novel_id
    )
    return {str(command_id) for (command_id,) in found}


def _paths(one: Written) -> list[str]:
    session, novel = f"/conversations/sessions/{one.writer.session_id}", f"/novels/{one.writer.novel_id}"
    flow = f"/genesis/flows/{one.writer.novel_id}"
    return [f"{session}/content", f"{session}/state", f"{flow}/state", f"{novel}/characters"]


def test_no_search_finds_words_of_another_genesis(written: list[Written]) -> None:
    for one in written:
        for session_id in one.sessions:
            assert _found(one.client, session_id, one.word)
            for word in one.others():
                assert _found(one.client, session_id, word) == []


def _found(client: Client, session_id: str, word: str) -> Any:
    return client.search(f"/conversations/sessions/{session_id}/content/search", {"query": word})["items"]


def _has(text: bytes, word: str) -> bool:
    return word.casefold().encode() in text.lower()
