"""`studio user` and `studio token` against a running studio."""

import re
import subprocess
import sys
from uuid import uuid4

from services.runtime.access import UserRole, verify
from services.studio.users import FIRST_EMAIL, FIRST_NAME
from tests.kit.studio import Client, Studio
from tests.kit.waiting import eventually_sync


def studio_command(studio: Studio, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs a subcommand."""
    return subprocess.run(
        [sys.executable, "-m", "services.studio.main", *arguments, "--data", str(studio.directory)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_start_makes_a_user_and_shows_the_login_once(studio: Studio) -> None:
    pattern = re.compile(rf"Log in as {re.escape(FIRST_EMAIL)} with the password (\S+),")
    (password,) = eventually_sync(
        lambda: pattern.findall((studio.directory / "up.log").read_text()), what="the first login is shown"
    )
    answer = studio.nobody().post("/auth/login", {"email": FIRST_EMAIL, "password": password})
    assert answer.json()["data"]["token"], answer.text
    for log in (studio.directory / "logs").iterdir():
        assert password not in log.read_text(errors="replace"), log


def test_a_token_is_its_users_with_the_users_role(studio: Studio) -> None:
    name = f"p{uuid4().hex[:12]}"
    assert studio_command(studio, "user", "add", name, f"{name}@example.com").returncode == 0
    for who, role in ((FIRST_NAME, UserRole.ADMIN), (name, UserRole.USER)):
        token = studio_command(studio, "token", "--user", who).stdout.strip()
        user = verify(studio.secret, token, "access").user
        assert (user.name, user.role) == (who, role)
        assert Client(studio, who, token=token).get("/auth/me").json()["data"]["id"] == str(user.id)
    unknown = studio_command(studio, "token", "--user", "nobody-here")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "There is no user nobody-here" in unknown.stderr


def test_an_operator_adds_disables_enables_and_resets(studio: Studio) -> None:
    name = f"p{uuid4().hex[:12]}"
    email = f"{name}@example.com"

    def status(password: str) -> int:
        return studio.nobody().post("/auth/login", {"email": email, "password": password}).status_code

    first = studio_command(studio, "user", "add", name, email).stdout.strip()
    assert status(first) == 200
    again = studio_command(studio, "user", "add", name, email)
    assert (again.returncode, "registered already" in " ".join(again.stderr.split())) == (1, True)
    assert name in studio_command(studio, "user", "list").stdout
    assert studio_command(studio, "user", "disable", name).returncode == 0
    assert status(first) == 401
    assert studio_command(studio, "user", "enable", email).returncode == 0
    assert status(first) == 200
    second = studio_command(studio, "user", "reset", name).stdout.strip()
    assert (status(first), status(second)) == (401, 200)


def test_a_programs_token_ends_with_its_user_for_as_long_as_it_could_be_used(studio: Studio) -> None:
    name = f"p{uuid4().hex[:12]}"
    studio_command(studio, "user", "add", name, f"{name}@example.com")
    token = studio_command(studio, "token", "--user", name).stdout.strip()
    client = Client(studio, name, token=token)
    user_id = client.get("/auth/me").json()["data"]["id"]
    assert studio_command(studio, "user", "disable", name).returncode == 0
    eventually_sync(lambda: client.get("/auth/me").status_code == 401, what="the token counts no more")
    ((until,),) = studio.rows("SELECT expires_at FROM access_revocations WHERE subject = %s", user_id)
    assert until > verify(studio.secret, token, "access").expires_at
