"""What a browser is sent is what the published document says."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from services.runtime.document_routes import ASYNCAPI_DIRECTORY
from tests.journeys.genesis_walks import advance, begin, confirm
from tests.kit.studio import Client, Frame

DOCUMENT: dict[str, Any] = json.loads((ASYNCAPI_DIRECTORY / "studio.json").read_text())


def test_every_frame_of_a_genesis_is_as_published(user: Client) -> None:
    with user.stream() as stream:
        here = begin(user)
        asked = user.command(here.session_id, "SEED_REQUEST").json()["command_id"]
        user.finished_command(asked)
        confirm(user, here)
        advance(user, here)
        user.post(f"{here.flow_path}/pause", {"reason": "tea"})
        frames = stream.until(lambda frame: frame.event == "Genesis.Flow.Paused")
    names = {frame.event for frame in frames}
    assert {"Genesis.Session.Concept.Proposed", "command.status-changed", "genesis.state-updated"} <= names
    for frame in frames:
        _validator(frame).validate(frame.data)


def _validator(frame: Frame) -> Draft202012Validator:
    messages = DOCUMENT["components"]["messages"]
    message = messages.get(f"frame.{frame.event}") or messages[f"control.{frame.event}"]
    return Draft202012Validator({**message["payload"], "components": DOCUMENT["components"]})
