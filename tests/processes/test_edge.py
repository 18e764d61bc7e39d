"""The edge of an API, as a process of its own: how often one may ask, what answers say, what is not waited for."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from services.runtime.access import verify
from services.runtime.connections import HEAD_BYTES_MAX
from services.runtime.security_headers import SECURITY_HEADERS
from services.runtime.settings import AccessSettings, read_settings
from tests.kit.processes import Alone, running
from tests.kit.raw_requests import RawConnection, head
from tests.kit.refusals import refused
from tests.kit.waiting import eventually_sync
from tests.processes.sample_api import PAGE_POLICY, SECONDS_MAX

SAMPLE_API = "tests.processes.sample_api"
NO_DATABASE = "postgresql://nowhere/none"
PROTECTION = {name.decode(): value.decode() for name, value in SECURITY_HEADERS}


def sample_api(**settings: object) -> AbstractContextManager[Alone]:
    """The sample API; settings without their prefix, in lower case."""
    return running(SAMPLE_API, NO_DATABASE, **{f"STUDIO_{name.upper()}": str(to) for name, to in settings.items()})


@pytest.fixture(scope="module")
def api() -> Iterator[Alone]:
    """With the settings that a machine of one's own has."""
    with sample_api() as api:
        yield api


def get(api: Alone, path: str, token: str | None = None, **headers: str) -> httpx.Response:
    return api.http.get(f"/api/v1{path}", headers=authorization(token) | named(headers))


def post(api: Alone, path: str, token: str | None = None, **headers: str) -> httpx.Response:
    return api.http.post(f"/api/v1{path}", headers=authorization(token) | named(headers))


def authorization(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


# How often.


def test_director_ac8_the_61st_request_of_a_user_in_a_minute_is_refused_and_nobody_elses() -> None:
    with sample_api(rate_limit_user_requests=60) as api:
        answers = [get(api, "/who", api.token) for _ in range(61)]
        assert [answer.status_code for answer in answers] == [200] * 60 + [429]
        assert [int(answer.headers["x-ratelimit-remaining"]) for answer in answers] == [*range(59, -1, -1), 0]
        over = answers[-1]
        problem = refused(over, 429, "RATE_LIMITED")
        seconds = int(over.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert problem["error"] == {"code": 4290, "data": {"retryAfter": seconds}}
        assert over.headers["x-ratelimit-limit"] == "60"
        assert over.headers["x-ratelimit-reset"].isdigit()
        assert over.headers["ratelimit-policy"] == '"user";q=60;w=60'
        assert over.headers["ratelimit"] == f'"user";r=0;t={seconds}'

        assert get(api, "/who", api.token_of("somebody else")).headers["x-ratelimit-remaining"] == "59"
        assert get(api, "/public").status_code == 200
        assert api.get("/livez").status_code == 200


def test_whoever_waits_as_long_as_told_may_ask_again() -> None:
    with sample_api(rate_limit_user_requests=2, rate_limit_window=2) as api:
        statuses = [get(api, "/who", api.token).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        eventually_sync(
            lambda: get(api, "/who", api.token).status_code == 200, what="the window has passed", seconds=10
        )


def test_nobody_known_counts_by_address_and_so_does_a_token_that_is_none() -> None:
    with sample_api(rate_limit_requests=3) as api:
        first = get(api, "/public")
        assert first.headers["ratelimit"].startswith('"address";r=2;')
        for token in (None, "rubbish"):
            answer = get(api, "/who", token)
            refused(answer, 401, "UNAUTHENTICATED")
            assert "x-ratelimit-remaining" in answer.headers
        refused(get(api, "/who", "rubbish again"), 429, "RATE_LIMITED")
        assert get(api, "/who", api.token).status_code == 200
        # Forwarded headers are for our proxies: nobody is somebody else by writing one.
        refused(get(api, "/public", X_Forwarded_For="1.2.3.4"), 429, "RATE_LIMITED")
        refused(get(api, "/public", X_Real_IP="1.2.3.4"), 429, "RATE_LIMITED")


def test_a_trusted_proxy_says_whose_requests_it_brings() -> None:
    with sample_api(rate_limit_requests=1, trusted_proxies="10.0.0.0/8, 127.0.0.1") as api:
        assert get(api, "/public", X_Forwarded_For="1.2.3.4, 10.0.0.1").status_code == 200
        refused(get(api, "/public", X_Forwarded_For="1.2.3.4"), 429, "RATE_LIMITED")
        refused(get(api, "/public", X_Real_IP="1.2.3.4"), 429, "RATE_LIMITED")
        assert get(api, "/public", X_Real_IP="5.6.7.8").status_code == 200
        encrypted = get(api, "/free", X_Forwarded_Proto="https")
        assert encrypted.headers["strict-transport-security"].startswith("max-age=")


def test_passwords_are_tried_ten_times_a_minute_whoever_tries() -> None:
    with sample_api(rate_limit_password_requests=10) as api:
        answers = [post(api, "/password", api.token_of(f"user {number}")) for number in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert answers[-1].headers["ratelimit-policy"] == '"password";q=10;w=60'
        assert get(api, "/public").status_code == 200


def test_limits_can_be_switched_off() -> None:
    with sample_api(rate_limit_enabled=False, rate_limit_requests=1) as api:
        for _ in range(3):
            answer = get(api, "/public")
            assert answer.status_code == 200
            assert not [name for name in answer.headers if "ratelimit" in name]


def test_what_tells_that_all_is_well_is_not_counted(api: Alone) -> None:
    for path in ("/livez", "/metrics", "/docs", "/api/v1/free"):
        assert "x-ratelimit-limit" not in api.get(path).headers


def test_a_user_is_whoever_the_token_says_whatever_headers_say(api: Alone) -> None:
    other = str(verify(api.secret, api.token_of("other"), "access").user.id)
    own = str(verify(api.secret, api.token, "access").user.id)
    assert get(api, "/who", api.token, X_User_ID=other, X_Username="other").json()["id"] == own
    refused(get(api, "/who", None, X_User_ID=other, X_Username="other"), 401, "UNAUTHENTICATED")


# What every answer says.


def test_every_answer_is_protected(api: Alone) -> None:
    browser = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"}
    answers = {
        200: get(api, "/who", api.token),
        401: get(api, "/who"),
        404: get(api, "/nowhere", api.token),
        405: post(api, "/public"),
        415: post(api, "/who", api.token, Content_Encoding="gzip"),
        # A preflight, and a probe.
        0: api.http.request("OPTIONS", "/api/v1/who", headers=browser),
        1: api.get("/livez"),
    }
    for expected, answer in answers.items():
        assert expected in (answer.status_code, 0, 1)
        assert PROTECTION.items() <= dict(answer.headers).items(), (expected, answer.headers)
        assert "strict-transport-security" not in answer.headers
        assert "x-correlation-id" in answer.headers or expected == 0


def test_a_page_declares_what_it_needs(api: Alone) -> None:
    headers = api.get("/docs").headers
    assert headers.get_list("content-security-policy") == [PAGE_POLICY]
    assert headers.get_list("cache-control") == ["no-cache"]
    assert headers["x-content-type-options"] == "nosniff"


def preflight(api: Alone, origin: str, *, method: str = "PUT", headers: str = "authorization") -> httpx.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    return api.http.request("OPTIONS", "/api/v1/who", headers=asked)


def test_pages_of_listed_origins_may_ask_and_read_all_headers_and_no_others() -> None:
    with sample_api(allowed_origins="https://studio.example, http://localhost:5173") as api:
        for origin in ("https://studio.example", "http://localhost:5173"):
            allowed = preflight(api, origin, headers="authorization,idempotency-key,x-min-position")
            assert allowed.status_code == 200
            assert allowed.headers["access-control-allow-origin"] == origin
            assert allowed.headers["access-control-allow-credentials"] == "true"
            answer = get(api, "/who", None, Origin=origin)
            assert answer.headers["access-control-allow-origin"] == origin
            exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
            assert {"retry-after", "ratelimit", "x-ratelimit-remaining"} <= set(exposed)
            assert {name for name in answer.headers if "ratelimit" in name} <= set(exposed)
        for origin in ("https://studio.example.evil", "https://studio.example:444", "http://studio.example", "null"):
            assert preflight(api, origin).status_code == 400
            assert "access-control-allow-origin" not in get(api, "/who", api.token, Origin=origin).headers
        assert preflight(api, "https://studio.example", method="TRACE").status_code == 400
        assert preflight(api, "https://studio.example", headers="x-user-id").status_code == 400


# What is not waited for.


def test_what_takes_too_long_is_given_up_unless_it_is_meant_to_last(api: Alone) -> None:
    answer = get(api, "/never", api.token)
    problem = refused(answer, 504, "TIMED_OUT")
    assert f"{SECONDS_MAX:g} s" in problem["detail"]
    assert problem["error"]["code"] == 5004
    assert int(answer.headers["retry-after"]) >= 1
    assert get(api, "/lasts", api.token).status_code == 200


def test_an_answer_that_stops_in_the_middle_is_broken_off(api: Alone) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
        get(api, "/begins-and-stops", api.token)
    assert get(api, "/who", api.token).status_code == 200


def test_so_many_requests_are_in_hand_and_one_more_is_told_to_come_again() -> None:
    with sample_api(requests_max=1) as api, RawConnection(api.port) as first:
        first.send(head("POST", "/api/v1/who", **authorization(api.token), Content_Length=2) + b"a")

        def second() -> httpx.Response | None:
            answer = get(api, "/who", api.token)
            return answer if answer.status_code == 503 else None

        over = eventually_sync(second, what="the first is in hand")
        assert over is not None
        assert refused(over, 503, "OVERLOADED")["error"]["code"] == 5003
        assert int(over.headers["retry-after"]) >= 1
        assert api.get("/livez").status_code == 200
        first.send(b"b")
        answer = first.answer()
        assert answer is not None
        assert answer.json()["bytes"] == 2
        assert get(api, "/who", api.token).status_code == 200


def test_a_compressed_body_is_not_looked_into(api: Alone) -> None:
    for encoding in ("gzip", "br", "identity"):
        refused(post(api, "/who", api.token, Content_Encoding=encoding), 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_head_has_a_size_that_is_kept_to_the_byte(api: Alone, pieces: int) -> None:
    def asked(filling: int) -> httpx.Response | None:
        request = head("GET", "/api/v1/free", X_Filling="x" * filling)
        size = -(-len(request) // pieces)
        with RawConnection(api.port) as connection:
            for start in range(0, len(request), size):
                connection.send(request[start : start + size])
            return connection.answer()

    around = len(head("GET", "/api/v1/free", X_Filling=""))
    fits, too_large = asked(HEAD_BYTES_MAX - around), asked(HEAD_BYTES_MAX)
    assert fits is not None
    assert fits.status_code == 200
    assert too_large is not None
    refused(too_large, 431, "HEADERS_TOO_LARGE")
    assert PROTECTION.items() <= dict(too_large.headers).items()


def test_a_head_without_end_is_refused_before_it_ends(api: Alone) -> None:
    with RawConnection(api.port) as connection:
        connection.send(head("GET", "/api/v1/free")[:-2] + b"X-Filling: ")
        # More than the system keeps between the two ends: somebody must have stopped taking it.
        assert not all(connection.send(b"x" * HEAD_BYTES_MAX) for _ in range(4_096))


def test_what_is_no_request_is_refused_as_a_problem(api: Alone) -> None:
    with RawConnection(api.port) as connection:
        connection.send(b"\x16\x03\x01 this is no HTTP\r\n\r\n")
        answer = connection.answer()
        assert answer is not None
        refused(answer, 400, "MALFORMED_HTTP")
        assert connection.answer() is None


def test_wrong_settings_are_all_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    secret_file = Path(__file__)
    settings = {
        "DATABASE_URL": NO_DATABASE,
        "PORT": "1",
        "SECRET_FILE": str(secret_file),
        "ALLOWED_ORIGINS": "https://ok.example, https://no.example/path",
        "TRUSTED_PROXIES": "10.0.0.1/8",
        "RATE_LIMIT_WINDOW": "0",
        "REQUESTS_MAX": "0",
        "CONNECTIONS_MAX": "0",
    }
    for name, setting in settings.items():
        monkeypatch.setenv(f"STUDIO_{name}", setting)
    with pytest.raises(SystemExit) as ended:
        read_settings(AccessSettings)
    said = str(ended.value)
    named = {line.split(":")[0].strip() for line in said.splitlines()[1:]}
    assert named == {f"STUDIO_{name}" for name in settings if name not in ("DATABASE_URL", "PORT", "SECRET_FILE")}
    assert "'https://no.example/path' is no origin" in said
    assert "10.0.0.1/8" in said


@pytest.mark.parametrize("origin", ["*", "studio.example", "https://studio.example/", "https://*.example", "null"])
def test_what_is_no_origin_is_no_setting(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    for name, setting in (("DATABASE_URL", NO_DATABASE), ("PORT", "1"), ("SECRET_FILE", __file__)):
        monkeypatch.setenv(f"STUDIO_{name}", setting)
    assert read_settings(AccessSettings).listed_origins() == ()
    monkeypatch.setenv("STUDIO_ALLOWED_ORIGINS", f"https://ok.example,{origin}")
    with pytest.raises(SystemExit, match="STUDIO_ALLOWED_ORIGINS: .*" + re.escape(repr(origin))):
        read_settings(AccessSettings)
