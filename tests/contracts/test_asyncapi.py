"""The document of the topic and the event stream: every event and frame is in it, and nothing that is not there."""

import json
import re
from collections.abc import Iterator
from typing import Any

from services.catalogue import CONTEXTS
from services.runtime.document_routes import ASYNCAPI_DIRECTORY
from services.runtime.frames import CONTROL_FRAMES, PROGRESS_PAYLOADS
from services.runtime.recorded_events import EPOCH, PREVIOUS, STORED_HEADERS

TEXT = (ASYNCAPI_DIRECTORY / "studio.json").read_text()
DOCUMENT: dict[str, Any] = json.loads(TEXT)
EVENTS = {f"event.{event.TYPE}.v{event.VERSION}" for context in CONTEXTS for event in context.events}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_every_reference_leads_somewhere() -> None:
    references = set(_references(DOCUMENT))
    assert references
    for reference in references:
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_the_topic_carries_every_version_of_every_event() -> None:
    assert set(DOCUMENT["channels"]["topic"]["messages"]) == EVENTS


def test_the_stream_carries_events_and_every_frame_derived_from_them() -> None:
    derived = {name for context in CONTEXTS for name in context.frame_payloads}
    named = {event.TYPE for context in CONTEXTS for event in context.events} | derived | set(PROGRESS_PAYLOADS)
    expected = {f"frame.{name}" for name in named} | {f"control.{name}" for name in CONTROL_FRAMES}
    assert set(DOCUMENT["channels"]["stream"]["messages"]) == expected


def test_a_message_has_every_header_that_the_relay_sends() -> None:
    headers = DOCUMENT["components"]["schemas"]["EventHeaders"]
    assert set(headers["properties"]) == {*STORED_HEADERS, PREVIOUS, EPOCH}


def test_the_page_shows_every_message_and_asks_nothing_of_anybody() -> None:
    text = (ASYNCAPI_DIRECTORY / "studio.html").read_text()
    assert set(re.findall(r'<h3 id="([^"]+)">', text)) == set(DOCUMENT["components"]["messages"])
    assert not re.search(r"<script|https?://|src=", text)
