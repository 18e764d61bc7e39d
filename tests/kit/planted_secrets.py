"""Secrets that are planted in a studio, and a search for them in everything that it leaves behind."""

import asyncio
import secrets
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import psycopg
from psycopg.sql import SQL, Identifier

from tests.kit.studio import Studio
from tests.kit.topics import read_topic

KEPT_IN = ("secret", "run.json", "postgres/password")
"""The files that hold secrets, below the data directory: for the owner's eyes only."""

_DATABASE_FILES = "postgres/cluster"
"""Searched row by row instead."""
_TOPIC = "studio.events"


@dataclass(frozen=True)
class Trace:
    """Something that a studio has left somewhere."""

    place: str
    content: bytes


@dataclass
class PlantedSecrets:
    """The secrets by name. `answers` are those that were given while `listening` to a studio's clients."""

    by_name: dict[str, bytes] = field(default_factory=dict)
    answers: list[Trace] = field(default_factory=list)

    def new(self, name: str) -> str:
        """A secret that nobody else has."""
        secret = f"s3cr3t{secrets.token_hex(16)}"
        self.by_name[name] = secret.encode()
        return secret

    def token(self, name: str, token: str) -> str:
        """A token that is one: whoever has its signature has it all."""
        self.by_name[name] = token.rpartition(".")[2].encode()
        return token

    def listen(self, http: httpx.Client) -> None:
        """Takes down every answer from now on."""
        http.event_hooks = {"request": [], "response": [self._heard]}

    def found_in(self, traces: Iterator[Trace]) -> set[tuple[str, str]]:
        """Which secrets are where, whatever they are written in."""
        spellings = {name: list(_spellings(secret)) for name, secret in self.by_name.items()}
        return {
            (name, trace.place)
            for trace in traces
            for name, texts in spellings.items()
            if any(text in trace.content for text in texts)
        }

    def _heard(self, response: httpx.Response) -> None:
        response.read()
        headers = b"\n".join(b": ".join(header) for header in response.headers.raw)
        place = f"the answer to {response.request.method} {response.request.url.path}"
        self.answers.append(Trace(place, headers + b"\n" + response.content))


def traces_of(studio: Studio) -> Iterator[Trace]:
    """Files, rows, messages, metrics and command lines of a running studio, but for the files that keep secrets."""
    yield from _files(studio.directory)
    yield from _rows(studio.database_url)
    for message in asyncio.run(read_topic(studio.kafka_bootstrap, _TOPIC)):
        yield Trace(f"message of {message.key}", message.value + repr(message.headers).encode())
    for process, urls in studio.probes.items():
        for url in urls:
            for probe in ("/metrics", "/readyz", "/livez", "/version"):
                yield Trace(f"{process} {probe}", httpx.get(url + probe).content)
    for running in psutil.process_iter(["cmdline"]):
        yield Trace(f"command line of {running.pid}", " ".join(running.info["cmdline"] or ()).encode())


def _files(directory: Path) -> Iterator[Trace]:
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name not in KEPT_IN and not name.startswith(_DATABASE_FILES):
            yield Trace(name, path.read_bytes())


def _rows(database_url: str) -> Iterator[Trace]:
    with psycopg.connect(database_url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(SQL("SELECT t::TEXT FROM {} AS t").format(Identifier(table))).fetchall()
            yield Trace(f"table {table}", "\n".join(row for (row,) in rows).encode())


def _spellings(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield secret.hex().encode()
    for before in range(3):
        # Whatever stands before it, base64 has one of three spellings of the middle.
        yield b64encode(bytes(before) + secret)[4:-4]
