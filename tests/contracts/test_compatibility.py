"""Each rule about what may change of the published contracts, broken once and kept once."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tools.compatibility import PUBLISHED, current, incompatibilities, published

Json = dict[str, Any]
Change = Callable[[Json], None]

NOW = current()
API = "openapi/command-api.json"
RENAME = "/api/v1/novels/{novel_id}"


def _changed(name: str, change: Change) -> list[str]:
    new = {**NOW, name: deepcopy(NOW[name])}
    change(new[name])
    return list(incompatibilities(NOW, new))


def _operation(document: Json) -> Json:
    found: Json = document["paths"][RENAME]["patch"]
    return found


def _schema(document: Json, name: str) -> Json:
    found: Json = document["components"]["schemas"][name]
    return found


def _drop_path(api: Json) -> None:
    del api["paths"][RENAME]


def _drop_method(api: Json) -> None:
    del api["paths"][RENAME]["patch"]


def _drop_status(api: Json) -> None:
    del _operation(api)["responses"]["200"]


def _drop_header(api: Json) -> None:
    del _operation(api)["responses"]["200"]["headers"]["ETag"]


def _drop_parameter(api: Json) -> None:
    _operation(api)["parameters"] = [one for one in _operation(api)["parameters"] if one["name"] != "If-Match"]


def _need_a_parameter(api: Json) -> None:
    _operation(api)["parameters"].append({"name": "q", "in": "query", "required": True, "schema": {}})


def _rename_the_operation(api: Json) -> None:
    _operation(api)["operationId"] = "rename"


def _need_a_field(api: Json) -> None:
    _schema(api, "UpdateNovelPayload")["required"] = ["theme"]


def _drop_a_field_that_is_sent(api: Json) -> None:
    del _schema(api, "UpdateNovelPayload")["properties"]["theme"]


def _shorten_a_field(api: Json) -> None:
    _schema(api, "UpdateNovelPayload")["properties"]["title"]["maxLength"] = 10


def _drop_a_field_of_an_answer(api: Json) -> None:
    del _schema(api, "NovelResponse")["properties"]["theme"]


def _make_a_field_of_an_answer_optional(api: Json) -> None:
    _schema(api, "NovelResponse")["required"].remove("title")


def _make_a_field_of_an_answer_nullable(api: Json) -> None:
    _schema(api, "NovelResponse")["properties"]["title"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _drop_a_field_of_a_refusal(api: Json) -> None:
    del _schema(api, "Problem")["properties"]["detail"]


def _change_a_type(api: Json) -> None:
    _schema(api, "NovelResponse")["properties"]["version"] = {"type": "string"}


def _drop_a_value(api: Json) -> None:
    _schema(api, "NovelStatus")["enum"].remove("PAUSED")


def _drop_a_typed_command(api: Json) -> None:
    body = api["paths"]["/api/v1/conversations/sessions/{session_id}/commands"]["post"]["requestBody"]
    body["content"]["application/json"]["schema"]["oneOf"].pop()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_drop_path, "PATCH /api/v1/novels/{novel_id}: it is gone"),
        (_drop_method, "it is gone"),
        (_drop_status, "the status 200 is gone"),
        (_drop_header, "the header ETag of 200 is gone"),
        (_drop_parameter, "the parameter If-Match is gone"),
        (_need_a_parameter, "the parameter q is now needed"),
        (_rename_the_operation, "another operationId"),
        (_need_a_field, "body/theme: it is now needed"),
        (_drop_a_field_that_is_sent, "body/theme: it is gone"),
        (_shorten_a_field, "body/title: maxLength is 10 now"),
        (_drop_a_field_of_an_answer, "200/theme: it is gone"),
        (_make_a_field_of_an_answer_optional, "200/title: it may be absent now"),
        (_make_a_field_of_an_answer_nullable, '200/title: {"type": "null"} may come now'),
        (_drop_a_field_of_a_refusal, "409/detail: it is gone"),
        (_change_a_type, "200/version: it was integer and is string"),
        (_drop_a_value, "200/status: the value PAUSED is gone"),
        (_drop_a_typed_command, "is no longer taken"),
    ],
)
def test_what_would_break_a_client_is_refused(change: Change, said: str) -> None:
    broken = _changed(API, change)
    assert any(said in sentence for sentence in broken), broken


def _offer_a_field(api: Json) -> None:
    _schema(api, "UpdateNovelPayload")["properties"]["subtitle"] = {"type": "string"}


def _send_a_field_more(api: Json) -> None:
    _schema(api, "NovelResponse")["properties"]["subtitle"] = {"type": "string"}
    _schema(api, "NovelResponse")["required"].append("subtitle")


def _add_a_value(api: Json) -> None:
    _schema(api, "NovelStatus")["enum"].append("PRINTED")


def _add_a_path(api: Json) -> None:
    api["paths"]["/api/v1/new"] = api["paths"][RENAME]


def _say_it_better(api: Json) -> None:
    _operation(api)["summary"] = "Better."
    _schema(api, "NovelResponse")["description"] = "Better."


def _refuse_less(api: Json) -> None:
    del _operation(api)["responses"]["404"]


def _refuse_otherwise(api: Json) -> None:
    codes = _operation(api)["responses"]["409"]["content"]["application/problem+json"]["schema"]["allOf"][1]
    codes["properties"]["code"]["enum"] = ["NOVEL_IS_PRINTED"]


@pytest.mark.parametrize(
    "change",
    [
        _offer_a_field,
        _send_a_field_more,
        _add_a_value,
        _add_a_path,
        _say_it_better,
        _refuse_less,
        _refuse_otherwise,
    ],
)
def test_what_a_client_need_not_notice_may_change(change: Change) -> None:
    assert _changed(API, change) == []


def test_a_version_of_an_event_never_changes() -> None:
    name = "json/events/Novel.Created.v1.json"
    (said,) = _changed(name, lambda event: event["properties"].update(subtitle={"type": "string"}))
    assert "never changes" in said


def test_an_event_may_be_described_better() -> None:
    assert _changed("json/events/Novel.Created.v1.json", lambda event: event.update(description="Better.")) == []


@pytest.mark.parametrize("folder", ["events", "commands", "responses", "rows"])
def test_nothing_that_was_published_goes_away(folder: str) -> None:
    gone = next(name for name in NOW if name.startswith(f"json/{folder}/"))
    new = {name: document for name, document in NOW.items() if name != gone}
    assert list(incompatibilities(NOW, new)) == [f"{gone}: it is gone"]


def test_a_command_may_get_a_field_that_can_be_left_out() -> None:
    name = "json/commands/Command.Novel.Create.json"

    def add(command: Json) -> None:
        command["$defs"]["CreateNovelPayload"]["properties"]["subtitle"] = {"type": "string"}

    def need(command: Json) -> None:
        add(command)
        command["$defs"]["CreateNovelPayload"]["required"].append("subtitle")

    assert _changed(name, add) == []
    assert _changed(name, need) == [f"{name}/payload/subtitle: it is now needed"]


def test_what_is_there_now_is_compatible_with_what_was_published() -> None:
    assert PUBLISHED.exists()
    assert list(incompatibilities(published(), NOW)) == []
