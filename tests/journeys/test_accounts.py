"""Users: from registration to the end of a session, over both APIs with two of every process."""

from concurrent.futures import ThreadPoolExecutor
from hmac import digest
from random import choice
from typing import Any
from uuid import uuid4

import httpx
import jwt
import psycopg
import pytest

from services.runtime.access import AUDIENCE
from tests.kit.studio import API, Client, Studio
from tests.kit.waiting import eventually_sync

PASSWORD = "correct horse"


class Person:
    """Somebody who registers: what they type, and the tokens that they get."""

    def __init__(self, studio: Studio, name: str | None = None) -> None:
        self.studio = studio
        self.name = name or f"p{uuid4().hex[:12]}"
        self.email = f"{self.name}@example.com".lower()
        self.tokens: dict[str, Any] = {}

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """A write without a token."""
        return self.studio.nobody().post(path, body, headers={name.replace("_", "-"): v for name, v in headers.items()})

    def registers(self, **changes: str) -> httpx.Response:
        """What the registration is answered with."""
        body = {"username": self.name, "email": self.email, "password": PASSWORD} | changes
        return self._kept(self.post("/auth/register", body))

    def logs_in(self, password: str = PASSWORD) -> httpx.Response:
        """What the login is answered with."""
        return self._kept(self.post("/auth/login", {"email": self.email, "password": password}))

    def refreshes(self, token: str | None = None) -> httpx.Response:
        """What a refresh is answered with."""
        return self._kept(self.post("/auth/refresh", {"refreshToken": token or self.tokens["refreshToken"]}))

    @property
    def client(self) -> Client:
        """A client with the access token."""
        return Client(self.studio, self.name, token=self.tokens["token"])

    @property
    def id(self) -> str:
        """The user's id."""
        return str(self.tokens["userId"])

    def _kept(self, response: httpx.Response) -> httpx.Response:
        if response.status_code == 200:
            self.tokens = response.json()["data"]
        return response


@pytest.fixture
def person(studio: Studio) -> Person:
    """Somebody who has registered."""
    person = Person(studio)
    assert person.registers().status_code == 200
    return person


def number(response: httpx.Response) -> tuple[int, int]:
    """Status and number of a refusal."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    return response.status_code, response.json()["error"]["code"]


def test_director_ac1_registration_gives_tokens_and_a_profile(studio: Studio) -> None:
    person = Person(studio)
    answer = person.registers()
    body = answer.json()
    assert (answer.status_code, body["code"], body["message"]) == (200, 200, "注册成功")
    assert set(body["data"]) == {"userId", "token", "refreshToken", "expiresIn"}
    assert body["data"]["token"] != body["data"]["refreshToken"]
    me = person.client.get("/auth/me").json()["data"]
    assert (me["id"], me["username"], me["email"], me["avatar"]) == (person.id, person.name, person.email, None)
    assert me["createdAt"]


def test_director_ac2_addresses_and_names_are_unique_whatever_their_case(studio: Studio, person: Person) -> None:
    again = Person(studio).registers(email=person.email.upper())
    assert (*number(again), again.json()["error"]["field"]) == (400, 1000, "email")
    assert again.json()["message"] == "邮箱已被注册"
    again = Person(studio).registers(username=person.name)
    assert (*number(again), again.json()["error"]["field"]) == (400, 1000, "username")


def test_director_ac2_of_ten_at_once_one_succeeds(studio: Studio) -> None:
    people = [Person(studio) for _ in range(10)]
    email = f"{uuid4().hex}@example.com"
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda person: person.registers(email=email), people))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 9
    assert {number(answer) for answer in answers if answer.is_error} == {(400, 1000)}
    assert studio.rows("SELECT count(*) FROM users WHERE email = %s", email) == [(1,)]
    registered = "SELECT count(*) FROM domain_events WHERE event_type = 'User.Registered' AND payload ->> 'email' = %s"
    assert studio.rows(registered, email) == [(1,)]


def test_director_ac3_login_takes_a_form_or_json_and_does_not_tell_what_was_wrong(
    studio: Studio, person: Person
) -> None:
    form = f"grant_type=password&username={person.email}&password={PASSWORD.replace(' ', '+')}"
    by_form = studio.nobody().write(
        "POST", "/auth/login", raw=form.encode(), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    by_json = person.logs_in()
    for answer in (by_form, by_json):
        assert (answer.status_code, answer.json()["data"]["expiresIn"]) == (200, 3600), answer.text
        assert answer.json()["token_type"] == "bearer"
        assert answer.json()["access_token"] == answer.json()["data"]["token"]
    wrong, unknown = person.logs_in("wrong"), Person(studio).logs_in()
    assert number(wrong) == number(unknown) == (401, 2000)
    passing = ("correlation_id", "timestamp")
    wrong_body, unknown_body = ({k: v for k, v in a.json().items() if k not in passing} for a in (wrong, unknown))
    assert wrong_body == unknown_body
    assert wrong.headers["www-authenticate"] == "Bearer"


def test_director_ac4_tokens_that_do_not_count(studio: Studio, person: Person) -> None:
    claims = jwt.decode(person.tokens["token"], studio.secret, algorithms=["HS256"], audience=AUDIENCE)
    expired = jwt.encode(claims | {"exp": claims["iat"] - 10}, studio.secret, algorithm="HS256")
    for token, expected in ((expired, 2002), ("garbled", 2001), (None, 2001), (person.tokens["refreshToken"], 2001)):
        assert number(Client(studio, person.name, token=token).get("/auth/me")) == (401, expected)


def test_director_ac5_a_refresh_token_that_comes_twice_ends_its_login(studio: Studio, person: Person) -> None:
    first = person.tokens["refreshToken"]
    assert person.refreshes().status_code == 200
    newest = dict(person.tokens)
    assert number(person.refreshes(first)) == (401, 2001)
    assert number(person.refreshes(newest["refreshToken"])) == (401, 2001)
    _is_out(studio, person, newest["token"])


def test_two_refreshes_at_once_are_one_too_many(person: Person) -> None:
    token = person.tokens["refreshToken"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: person.refreshes(token), range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 401]


def test_director_ac6_passwords_stay_where_they_are(studio: Studio) -> None:
    person = Person(studio)
    assert number(person.registers(password="p" * 100)) == (400, 1000)
    assert number(person.registers(password="short")) == (400, 1000)
    secret = f"secret-{uuid4()}"
    assert person.registers(password=secret).status_code == 200
    ((stored,),) = studio.rows("SELECT password_hash FROM users WHERE id = %s", person.id)
    assert stored.startswith("$argon2id$")
    everywhere = "\n".join(
        str(row)
        for table in ("domain_events", "outbox_messages", "command_inbox")
        for row in studio.rows(f"SELECT to_jsonb(t)::text FROM {table} AS t")
    )
    assert person.name in everywhere
    assert secret not in everywhere
    assert stored not in everywhere
    for log in (studio.directory / "logs").iterdir():
        assert secret not in log.read_text(errors="replace"), log


def test_director_ac9_a_header_with_another_users_id_has_no_effect(studio: Studio, person: Person) -> None:
    stranger = Person(studio)
    stranger.registers()
    answer = person.client.get("/auth/me", headers={"X-User-ID": stranger.id, "X-Username": stranger.name})
    assert answer.json()["data"]["id"] == person.id


def test_what_is_wrong_with_a_registration_is_named(studio: Studio) -> None:
    person = Person(studio)
    for changes, expected, field in (
        ({"username": "ab"}, 1000, "username"),
        ({"username": "a" * 21}, 1000, "username"),
        ({"email": "no address"}, 1000, "email"),
        ({"nickname": "x"}, 1000, "nickname"),
    ):
        answer = person.registers(**changes)
        assert (*number(answer), answer.json()["error"]["field"]) == (400, expected, field), answer.text
        assert PASSWORD not in answer.text
    missing = person.post("/auth/register", {"username": person.name, "email": person.email})
    assert (*number(missing), missing.json()["error"]["field"]) == (400, 1001, "password")
    unreadable = studio.nobody().write("POST", "/auth/register", raw=b"{")
    assert number(unreadable) == (400, 1002)


def test_a_registration_sent_again_with_its_key_makes_one_user(studio: Studio) -> None:
    person = Person(studio)
    body = {"username": person.name, "email": person.email, "password": PASSWORD}
    key = str(uuid4())
    first, second = (person.post("/auth/register", body, Idempotency_Key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200), second.text
    assert first.json()["data"]["userId"] == second.json()["data"]["userId"]
    assert second.headers["idempotent-replayed"] == "true"
    other = person.post("/auth/register", body | {"password": "another one"}, Idempotency_Key=key)
    assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert studio.rows("SELECT count(*) FROM users WHERE email = %s", person.email) == [(1,)]


def test_after_some_failures_a_login_has_to_wait_whoever_it_is(studio: Studio, person: Person) -> None:
    for somebody in (person, Person(studio)):
        answers = [somebody.logs_in("wrong") for _ in range(8)]
        statuses = [answer.status_code for answer in answers]
        assert statuses[:5] == [401] * 5
        assert 429 in statuses
        waits = next(answer for answer in answers if answer.status_code == 429)
        assert number(waits) == (429, 4290)
        assert int(waits.headers["retry-after"]) >= 1


def test_while_a_login_has_to_wait_the_right_password_does_not_help(studio: Studio, person: Person) -> None:
    person.logs_in("wrong")
    subject = digest(studio.secret, b"login " + person.email.encode(), "sha256").hex()
    with psycopg.connect(studio.database_url) as connection:
        connection.execute("UPDATE failed_logins SET failures = 20 WHERE subject = %s", [subject])
    waits = person.logs_in()
    assert number(waits) == (429, 4290)
    assert 800 < int(waits.headers["retry-after"]) <= 900


def test_logging_out_ends_the_session_and_its_streams_and_no_other(studio: Studio, person: Person) -> None:
    other = Person(studio, person.name)
    other.logs_in()
    with person.client.stream() as mine, other.client.stream() as theirs:
        assert person.post("/auth/logout", {"refreshToken": person.tokens["refreshToken"]}).status_code == 200
        last = mine.until(lambda frame: frame.event == "bye")[-1]
        assert last.data == {"reason": "revoked", "reconnect_after_ms": None}
        assert not [frame for frame in theirs.frames if frame.event == "bye"]
    _is_out(studio, person, person.tokens["token"])
    assert number(person.refreshes()) == (401, 2001)
    assert other.client.get("/auth/me").status_code == 200


def test_a_new_password_ends_every_other_session(studio: Studio, person: Person) -> None:
    other = Person(studio, person.name)
    other.logs_in()
    change = {"currentPassword": PASSWORD, "newPassword": "another horse"}
    wrong = person.client.post("/auth/password", change | {"currentPassword": "wrong"})
    assert number(wrong) == (401, 2000)
    assert person.client.post("/auth/password", change).status_code == 200
    _is_out(studio, other, other.tokens["token"])
    assert number(other.refreshes()) == (401, 2001)
    assert person.client.get("/auth/me").status_code == 200
    assert person.refreshes().status_code == 200
    assert number(other.logs_in()) == (401, 2000)
    assert other.logs_in("another horse").status_code == 200


def test_a_disabled_user_is_out_until_enabled(studio: Studio, person: Person, admin: Client) -> None:
    session = person.tokens["token"]
    with person.client.stream() as stream:
        assert admin.post(f"/users/{person.id}/disable", {"reason": "left"}).status_code == 200
        stream.until(lambda frame: frame.event == "bye")
    _is_out(studio, person, session, 2004)
    assert number(person.refreshes()) == (401, 2004)
    assert number(person.logs_in()) == (401, 2004)
    assert admin.post(f"/users/{person.id}/enable").status_code == 200
    assert number(Client(studio, person.name, token=session).get("/auth/me"))[0] == 401
    assert person.logs_in().status_code == 200
    eventually_sync(lambda: person.client.get("/auth/me").status_code == 200, what="the user is in again")


def test_an_admin_adds_lists_resets_and_sees_what_was_done(studio: Studio, admin: Client) -> None:
    name = f"p{uuid4().hex[:12]}"
    made = admin.post("/users", {"username": name, "email": f"{name}@example.com"}).json()["data"]
    person = Person(studio, name)
    assert person.logs_in(made["password"]).status_code == 200
    person.client.new_novel()
    listed, admins, others = (
        [user["id"] for user in admin.get(f"/users?pageSize=100{role}").json()["data"]["items"]]
        for role in ("", "&isAdmin=true", "&isAdmin=false")
    )
    assert [made["id"] in ids for ids in (listed, admins, others)] == [True, False, True]
    reset = admin.post(f"/users/{made['id']}/reset-password").json()["data"]
    assert number(person.logs_in(made["password"])) == (401, 2000)
    assert person.logs_in(reset["password"]).status_code == 200
    actions = admin.get(f"/users/{made['id']}/actions").json()["data"]
    done = [action["eventType"] for action in actions["items"]]
    assert done[::-1] == [
        "User.Registered", "User.LoggedIn", "Novel.Created", "User.PasswordChanged", "User.LoggedIn",
    ]  # fmt: skip
    assert actions["items"][-1]["actorId"] == str(admin.id)
    for response in (person.client.get("/users"), person.client.get(f"/users/{made['id']}/actions")):
        assert number(response) == (403, 2003)
    assert number(person.client.post("/users", {"username": "abc", "email": "abc@example.com"})) == (403, 2003)


def test_a_profile_is_its_users_own(studio: Studio, person: Person) -> None:
    stranger = Person(studio)
    stranger.registers()
    new_name = f"n{uuid4().hex[:12]}"
    changed = person.client.write(
        "PUT", f"/users/{person.id}", {"username": new_name, "avatarUrl": "https://example.com/a.png"}
    )
    assert changed.status_code == 200, changed.text
    me = person.client.get(f"/users/{person.id}").json()["data"]
    assert (me["username"], me["avatar"], me["isActive"]) == (new_name, "https://example.com/a.png", True)
    assert number(person.client.write("PUT", f"/users/{person.id}", {})) == (400, 1000)
    assert number(person.client.write("PUT", f"/users/{person.id}", {"username": stranger.name})) == (400, 1000)
    assert number(stranger.client.write("PUT", f"/users/{person.id}", {"username": "mine"})) == (403, 2003)
    assert number(stranger.client.get(f"/users/{person.id}")) == (403, 2003)
    assert number(stranger.client.get(f"/users/{uuid4()}")) == (403, 2003)


def test_a_provider_key_is_sealed_and_only_its_presence_is_told(studio: Studio, person: Person) -> None:
    key = f"key-{uuid4()}"
    path = f"/users/{person.id}/api-keys"
    answer = person.client.write("PUT", path, {"glmApiKey": key})
    assert answer.json()["data"]["has_glm_api_key"] is True
    assert person.client.get(f"{path}/status").json()["data"] == {
        "has_glm_api_key": True, "has_tuzi_api_key": False, "has_gemini_api_key": False, "has_doubao_api_key": False,
    }  # fmt: skip
    ((sealed,),) = studio.rows("SELECT ciphertext FROM user_api_keys WHERE user_id = %s", person.id)
    assert key.encode() not in bytes(sealed)
    everything = str(studio.rows("SELECT payload, metadata FROM domain_events")) + str(
        studio.rows("SELECT payload, result FROM command_inbox")
    )
    assert key not in everything
    person.client.write("PUT", path, {"glm_api_key": ""})
    assert person.client.get(f"{path}/status").json()["data"]["has_glm_api_key"] is False


def test_a_page_of_ours_acts_by_cookie_and_no_other_page_does(studio: Studio, person: Person) -> None:
    ours, theirs = "http://localhost:5173", "http://evil.example"
    url = choice(studio.command_urls)
    with httpx.Client(base_url=url + API) as browser:
        login = {"email": person.email, "password": PASSWORD}
        answer = browser.post("/auth/login", json=login, headers={"Origin": ours})
        for cookie in answer.headers.get_list("set-cookie"):
            assert "HttpOnly" in cookie
            assert "samesite=strict" in cookie.lower()
        assert browser.post("/novels", json={"title": "Salt"}, headers={"Origin": theirs}).status_code == 401
        assert browser.post("/novels", json={"title": "Salt"}).status_code == 401
        assert browser.post("/novels", json={"title": "Salt"}, headers={"Origin": ours}).status_code == 201
        assert browser.post("/auth/refresh", headers={"Origin": theirs}).status_code == 401
        assert browser.post("/auth/refresh", headers={"Origin": ours}).status_code == 200
        assert browser.post("/auth/logout", headers={"Origin": ours}).status_code == 200
        assert not dict(browser.cookies)
    assert "set-cookie" not in person.logs_in().headers


def test_a_token_for_nobody_finds_no_profile(studio: Studio) -> None:
    assert number(studio.user().get("/auth/me")) == (401, 2000)


@pytest.fixture
def admin(studio: Studio) -> Client:
    """An admin."""
    return studio.admin()


def _is_out(studio: Studio, person: Person, token: str, expected: int = 2001) -> None:
    """Every process knows within seconds that the token does not count any more."""
    reads = [("GET", url, "/auth/me") for url in studio.query_urls]
    writes = [("PUT", url, f"/users/{person.id}") for url in studio.command_urls]

    def everywhere() -> bool:
        for method, url, path in reads + writes:
            answer = studio.http.request(method, url + API + path, headers={"Authorization": f"Bearer {token}"})
            if answer.status_code != 401 or number(answer) != (401, expected):
                return False
        return True

    eventually_sync(everywhere, what="the token counts nowhere", seconds=5)
