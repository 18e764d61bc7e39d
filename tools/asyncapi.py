"""AsyncAPI 3 of the topic and of the event stream, from the events and frames that the contexts declare."""

from collections.abc import Iterator, Mapping
from html import escape
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter

from services.kernel.lanes import LANE_COUNT
from services.runtime.frames import CONTROL_FRAMES, PROGRESS_PAYLOADS
from services.runtime.recorded_events import EPOCH, PREVIOUS, STORED_HEADERS
from services.runtime.registry import Registry
from tools.openapi import REF, Plain

Json = dict[str, Any]

TOPIC = "studio.events"
STREAM = "/api/v1/events/stream"

_TEXT = {"type": "string"}
_HEADERS: Mapping[str, str] = {
    "ce_specversion": "The version of CloudEvents.",
    "ce_id": "The event's id: what a consumer knows a repeated message by.",
    "ce_type": "The event's name.",
    "ce_source": "The process that wrote it.",
    "ce_time": "When it happened; never used for order.",
    "ce_dataversion": "The version of the payload.",
    "content-type": "That of the value.",
    "ce_position": "The one number that orders all events.",
    "ce_lane": f"Which of the {LANE_COUNT} lanes the scope is in; within a lane positions only grow.",
    "ce_aggregatetype": "What kind of thing it happened to.",
    "ce_aggregateid": "What it happened to.",
    "ce_aggregateversion": "1, 2, 3 … for each aggregate, without gaps.",
    "ce_scopetype": "What kind of whole the aggregate belongs to.",
    "ce_scopeid": "The whole it belongs to; also the message's key.",
    "ce_actorid": "The user, or `system:<process>`.",
    "ce_correlationid": "The command that began the chain.",
    "ce_causationid": "The direct cause.",
    "ce_traceparent": "W3C trace context.",
    "ce_metadata": "JSON: whose it is and what else it is about.",
    PREVIOUS: "The position of the lane's event before this one: whoever has not seen that one has a hole.",
    EPOCH: "Which history the positions belong to.",
}
_MAY_BE_ABSENT = frozenset({"ce_correlationid", "ce_causationid", "ce_traceparent"})


def asyncapi(registry: Registry) -> Json:
    """The document."""
    payloads = dict(_payloads(registry))
    schemas = _schemas(payloads)
    messages = {name: _message(name, kind) for name, kind in payloads.items()}
    events = [name for name in payloads if name.startswith("event.")]
    frames = [name for name in payloads if not name.startswith("event.")]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Genesis Studio: what has happened",
            "version": version("genesis-studio"),
            "description": "Events on the topic, and what a browser follows. A consumer must expect names and fields "
            "that it does not know.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "topic": _channel(TOPIC, "Every event, in the order of its lane; keyed by scope.", events),
            "stream": _channel(
                STREAM, "Server-sent events: a user's own events, and what is derived from them.", frames
            ),
        },
        "operations": {
            "publishEvent": {"action": "send", "channel": {"$ref": "#/channels/topic"}},
            "streamFrame": {"action": "send", "channel": {"$ref": "#/channels/stream"}},
        },
        "components": {"messages": messages, "schemas": {**schemas, "EventHeaders": _headers()}},
    }


def _payloads(registry: Registry) -> Iterator[tuple[str, type[BaseModel]]]:
    """By message: `event.` on the topic; on the stream `frame.`, and `control.` for those about the stream itself."""
    for event in registry.events.values():
        yield f"event.{event.TYPE}.v{event.VERSION}", event
        yield f"frame.{event.TYPE}", event
    for context in registry.contexts:
        for name, kind in context.frame_payloads.items():
            yield f"frame.{name}", kind
    for name, kind in PROGRESS_PAYLOADS.items():
        yield f"frame.{name}", kind
    for name, kind in CONTROL_FRAMES.items():
        yield f"control.{name}", kind


def _schemas(payloads: Mapping[str, type[BaseModel]]) -> Json:
    kinds = {kind.__name__: kind for kind in payloads.values()}
    _, definitions = TypeAdapter.json_schemas(
        [(name, "serialization", TypeAdapter(kind)) for name, kind in kinds.items()],
        ref_template=REF + "{model}",
        schema_generator=Plain,
    )
    schemas: Json = definitions["$defs"]
    return schemas


def _message(name: str, kind: type[BaseModel]) -> Json:
    transport, _, called = name.partition(".")
    payload: Json = {"$ref": REF + kind.__name__}
    described: Json = {"name": called, "title": called, "summary": (kind.__doc__ or "").strip()}
    match transport:
        case "event":
            called, _, number = called.rpartition(".v")
            return described | {
                "name": called,
                "headers": {"$ref": f"{REF}EventHeaders"},
                "payload": payload,
                "x-data-version": int(number),
            }
        case "frame":
            return described | {"payload": _enveloped(payload)}
        case _:
            return described | {"payload": payload}


def _enveloped(payload: Json) -> Json:
    """A frame's data: what it is about, around its payload. A payload over 64 KB is a reference to the whole."""
    about = ("aggregate_id", "session_id", "novel_id", "flow_id", "stage_id", "correlation_id", "causation_id")
    cut = {
        "type": "object",
        "properties": {"truncated": {"const": True}, "url": _TEXT, "settings_version": {"type": "integer"}},
        "required": ["truncated", "url"],
    }
    return {
        "type": "object",
        "properties": {
            "event_id": {"type": "string", "format": "uuid", "description": "Only of a stored event: apply each once."},
            "event_type": _TEXT,
            **{name: {"type": ["string", "null"]} for name in about},
            "timestamp": {"type": "string", "format": "date-time"},
            "payload": {"anyOf": [payload, cut]},
            "_scope": {"enum": ["session", "novel", "user"]},
            "_version": _TEXT,
        },
        "required": ["event_type", "timestamp", "payload", "_scope", "_version"],
    }


def _headers() -> Json:
    names = (*STORED_HEADERS, PREVIOUS, EPOCH)
    return {
        "type": "object",
        "properties": {name: {"type": "string", "description": _HEADERS[name]} for name in names},
        "required": [name for name in names if name not in _MAY_BE_ABSENT],
    }


def _channel(address: str, description: str, messages: list[str]) -> Json:
    return {
        "address": address,
        "description": description,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
    }


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{margin-top:3rem;border-bottom:2px solid #ddd}h3{margin:2rem 0 0}p{margin:.4rem 0}"
    "table{border-collapse:collapse}td{padding:.15rem 1rem .15rem 0;border-bottom:1px solid #eee;vertical-align:top}"
    "code{font:14px ui-monospace,monospace}"
)


def page(document: Json) -> str:
    """The document for people: one page of plain HTML that asks nothing of anybody."""
    parts = [f"<h1>{escape(document['info']['title'])}</h1><p>{escape(document['info']['description'])}</p>"]
    for channel in document["channels"].values():
        parts.append(f"<h2>{escape(channel['address'])}</h2><p>{escape(channel['description'])}</p>")
        parts.extend(_shown(document, name) for name in channel["messages"])
    parts.append("<h2>Headers on the topic</h2>")
    parts.append(_table(document["components"]["schemas"]["EventHeaders"]))
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(document['info']['title'])}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    return head + "\n".join(parts) + "\n</body>\n</html>\n"


def _shown(document: Json, name: str) -> str:
    message = document["components"]["messages"][name]
    version_of = f" (version {message['x-data-version']})" if "x-data-version" in message else ""
    payload = message["payload"]
    if "properties" in payload:
        payload = payload["properties"]["payload"]["anyOf"][0]
    schema = document["components"]["schemas"][payload["$ref"].removeprefix(REF)]
    return (
        f'<h3 id="{escape(name)}">{escape(message["name"])}{version_of}</h3>'
        f"<p>{escape(message['summary'])}</p>{_table(schema)}"
    )


def _table(schema: Json) -> str:
    needed = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(field))}</td>"
        f"<td>{'' if name in needed else 'optional'}</td><td>{escape(field.get('description', ''))}</td></tr>"
        for name, field in schema.get("properties", {}).items()
    )
    return f"<table>{rows}</table>"


def _kind(schema: Json) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REF)
    if "anyOf" in schema:
        return " or ".join(_kind(kind) for kind in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")
