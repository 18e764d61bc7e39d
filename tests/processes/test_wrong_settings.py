"""A process with wrong settings does not start, names each of them, and tells nobody what is secret in them."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from services.studio.process_environment import process_environment
from tests.kit.studio import PROCESSES

APIS = ("command_api", "query_api")
START_SECONDS_MAX = 60


def said_at_start(process: str, *, database_url: str, secret_file: Path) -> str:
    """What a process that must not start says before it ends."""
    environment = process_environment(
        database_url=database_url, kafka_bootstrap="127.0.0.1:1", secret_file=secret_file, port=0, instance="wrong"
    )
    ended = subprocess.run(
        [sys.executable, "-m", f"services.{process}.main"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS_MAX,
    )
    assert ended.returncode == 1
    return ended.stdout + ended.stderr


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("url", ["postgresql://studio:{}@[::1/studio", "host=localhost password='{}", "password {}"])
def test_a_database_url_that_cannot_be_read_is_not_repeated(process: str, url: str, tmp_path: Path) -> None:
    password, secret_file = secrets.token_hex(16), tmp_path / "secret"
    secret_file.write_text(secrets.token_hex(32))
    said = said_at_start(process, database_url=url.format(password), secret_file=secret_file)
    assert "STUDIO_DATABASE_URL" in said
    assert password not in said


@pytest.mark.parametrize("process", APIS)
@pytest.mark.parametrize("kept", [b"", b" \n", b"too-short" + b"x" * 22, b"\xff" * 64, None], ids=repr)
def test_a_secret_that_could_be_guessed_or_read_wrong_is_refused(
    process: str, kept: bytes | None, tmp_path: Path
) -> None:
    secret_file = tmp_path / "secret"
    if kept is not None:
        secret_file.write_bytes(kept)
    said = said_at_start(process, database_url="postgresql://nowhere/none", secret_file=secret_file)
    assert "STUDIO_SECRET_FILE" in said
    assert "too-short" not in said
    assert "xff" not in said


def test_a_text_model_without_its_name_or_on_an_unpriced_budget_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret_file = secrets.token_hex(16), tmp_path / "secret"
    monkeypatch.setenv("STUDIO_TEXT_MODEL_PROVIDER", "anthropic")
    monkeypatch.setenv("STUDIO_TEXT_MODEL_KEY", key)
    said = said_at_start("task_worker", database_url="postgresql://localhost/studio", secret_file=secret_file)
    assert "STUDIO_TEXT_MODEL_NAME is missing" in said
    monkeypatch.setenv("STUDIO_TEXT_MODEL_NAME", "large")
    monkeypatch.setenv("STUDIO_TEXT_MODEL_BUDGET_USD", "5")
    said += said_at_start("task_worker", database_url="postgresql://localhost/studio", secret_file=secret_file)
    assert "STUDIO_TEXT_MODEL_BUDGET_USD can't be kept" in said
    assert key not in said
