"""Whatever is done with secrets, right or wrong, none of them is in anything that the studio leaves behind.

A way of using a secret is a function in WAYS; what a context adds of its own (logins, keys) is one more.
"""

import json
import stat
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from services.runtime.access import TOKEN_COOKIE, User, issue_access_token, issue_stream_token
from tests.journeys.declared_requests import all_requests, missing_ids
from tests.journeys.genesis_walks import begin
from tests.kit.forgery import claims_of, token
from tests.kit.planted_secrets import KEPT_IN, PlantedSecrets, traces_of
from tests.kit.revoking import revoke
from tests.kit.studio import API, Studio, running_studio
from tests.kit.waiting import eventually_sync

HOUR = timedelta(hours=1)

Way = Callable[[Studio, PlantedSecrets], None]


KEEPS_WHAT_IT_GETS = ("POST /genesis/sessions",)
"""Whose body is open: what a user puts there is their work, and stored as it is."""


def ask_everything(
    studio: Studio, headers: Mapping[str, str], query: Mapping[str, str], body: bytes, *, without: Sequence[str] = ()
) -> None:
    """Every address of both APIs, with these."""
    nothing = missing_ids()
    sent = {"Content-Type": "application/json", **headers}
    for asked in {asked.route: asked for asked in all_requests() if asked.route not in without}.values():
        path = API + asked.path.format(**nothing)
        for url in (studio.command_urls[0], studio.query_urls[0]):
            # A stream is asked for, not opened.
            more = {"preflight": "true"} if path.endswith("/stream") else {}
            studio.http.request(asked.method, url + path, params={**query, **more}, headers=sent, content=body)


def bearer_tokens(studio: Studio, planted: PlantedSecrets) -> None:
    user = User(uuid4(), "somebody", session_id=uuid4())
    genuine = planted.token("an access token", issue_access_token(studio.secret, user, HOUR)[0])
    forged = planted.token("a forged token", token(claims_of(genuine), b"no secret of ours, but of 32 bytes"))
    for text in (genuine, forged, planted.new("a token that is none")):
        ask_everything(studio, {"Authorization": f"Bearer {text}"}, {}, b"{}")
        ask_everything(studio, {"Cookie": f"{TOKEN_COOKIE}={text}", "Origin": "http://localhost:1"}, {}, b"{}")
    revoke(studio, user.id, shown_by=genuine)
    ask_everything(studio, {"Authorization": f"Bearer {genuine}"}, {}, b"{}")


def other_schemes(studio: Studio, planted: PlantedSecrets) -> None:
    for name, scheme in (("a password in Basic", "Basic"), ("a key in Token", "Token"), ("a bare key", "")):
        ask_everything(studio, {"Authorization": f"{scheme} {planted.new(name)}".strip()}, {}, b"{}")


def stream_tokens(studio: Studio, planted: PlantedSecrets) -> None:
    user = studio.user()
    used, unused = (issue_stream_token(studio.secret, User(user.id, user.name))[0] for _ in range(2))
    planted.token("a stream token that is not used", unused)
    with studio.nobody().stream(sse_token=planted.token("a stream token", used)) as stream:
        begin(user)
        stream.until(lambda frame: frame.event == "Genesis.Flow.Created")
    for text in (used, unused, planted.new("a stream token that is none")):
        ask_everything(studio, {}, {"sse_token": text}, b"")


def query_strings(studio: Studio, planted: PlantedSecrets) -> None:
    token_of_user = {"Authorization": f"Bearer {studio.user().token}"}
    for name in ("access_token", "password", "api_key", "limit", "after"):
        for headers in ({}, token_of_user):
            ask_everything(studio, headers, {name: planted.new(f"{name} in a query")}, b"{}")


def headers(studio: Studio, planted: PlantedSecrets) -> None:
    known = {"Authorization": f"Bearer {studio.user().token}"}
    for name in ("X-Api-Key", "If-Match", "X-Min-Position", "Last-Event-ID", "Traceparent", "Content-Type", "Cookie"):
        ask_everything(studio, {**known, name: planted.new(f"a key in {name}")}, {}, b"{}")


def bodies(studio: Studio, planted: PlantedSecrets) -> None:
    """In a field that there is not, of a wrong type, in JSON that is none, and in the password's own place."""
    known = {"Authorization": f"Bearer {studio.user().token}"}
    password = planted.new("a password in a body")
    wrong = [
        {"password": password},
        {"title": {"password": password}, "mode": password, "novel_id": password, "session_id": password},
        {"title": "x", "target_chapters": password, "metadata": password, "state": password, "settings": password},
        {"type": 7, "payload": password},
        {"payload": {"password": password}},
        [password],
        password,
    ]
    for body in wrong:
        ask_everything(studio, known, {}, json.dumps(body).encode(), without=KEEPS_WHAT_IT_GETS)
    for raw in (
        f'{{"password": "{password}"',
        f'{{"password": "{password}", "password": "{password}"}}',
        "\0" + password,
    ):
        ask_everything(studio, known, {}, raw.encode())


def is_ready(studio: Studio, url: str) -> bool:
    return studio.http.get(f"{url}/readyz").status_code == 200


def lost_connections(studio: Studio, planted: PlantedSecrets) -> None:
    """Every process is told by the database that its connection has ended, and says so in its log."""
    user = studio.user()
    with psycopg.connect(studio.database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    for urls in studio.probes.values():
        for url in urls:
            eventually_sync(partial(is_ready, studio, url), what=f"{url} is ready")
    begin(user)


def mistakes_of_ours(studio: Studio, planted: PlantedSecrets) -> None:
    """A table that is not there: an error that nobody has thought of, with a traceback in the log."""
    user = studio.user()
    text = planted.token("a token in a request that breaks", str(user.token))
    here = begin(user)
    sent = {"Authorization": f"Bearer {text}"}
    query = studio.query_urls[0] + API
    with psycopg.connect(studio.database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE genesis_flows RENAME TO genesis_flows_away")
        try:
            broken = studio.http.get(query + here.flow_path, headers=sent)
        finally:
            connection.execute("ALTER TABLE genesis_flows_away RENAME TO genesis_flows")
    assert broken.status_code == 500
    assert broken.json()["detail"] == "Something of ours went wrong."
    assert any(b"UndefinedTable" in trace.content for trace in traces_of(studio) if trace.place.startswith("logs/"))


WAYS: tuple[Way, ...] = (
    bearer_tokens,
    other_schemes,
    stream_tokens,
    query_strings,
    headers,
    bodies,
    lost_connections,
    mistakes_of_ours,
)


@pytest.fixture(scope="module")
def own_studio() -> Iterator[Studio]:
    """A studio of its own, since connections and a table are taken from it."""
    with running_studio(replicas=1) as studio:
        yield studio


def test_no_secret_is_in_anything_that_is_left(own_studio: Studio) -> None:
    planted = PlantedSecrets()
    planted.by_name["the installation's secret"] = own_studio.secret
    planted.by_name["the database's password"] = str(conninfo_to_dict(own_studio.database_url)["password"]).encode()
    planted.listen(own_studio.http)
    for way in WAYS:
        way(own_studio, planted)
    assert len(planted.by_name) >= 20
    assert len(planted.answers) > 1_000
    assert not planted.found_in(iter(planted.answers))
    assert not planted.found_in(traces_of(own_studio))


def test_the_files_that_keep_secrets_are_for_the_owners_eyes_only(own_studio: Studio) -> None:
    kept = [own_studio.directory / name for name in KEPT_IN]
    assert [stat.S_IMODE(path.stat().st_mode) & 0o077 for path in kept] == [0, 0, 0]


@pytest.mark.parametrize("written", ["as it is", "in a path", "in base64", "in hexadecimal"])
def test_a_secret_is_found_however_it_is_written(own_studio: Studio, written: str) -> None:
    planted = PlantedSecrets()
    secret = planted.new("a password")
    log = own_studio.directory / "logs" / "planted.log"
    texts = {
        "as it is": secret,
        "in a path": f"GET /x?password={secret} HTTP/1.1",
        "in base64": json.dumps({"basic": b64encode(f"me:{secret}".encode()).decode()}),
        "in hexadecimal": secret.encode().hex(),
    }
    log.write_text(texts[written])
    assert planted.found_in(traces_of(own_studio)) == {("a password", "logs/planted.log")}
    log.unlink()
