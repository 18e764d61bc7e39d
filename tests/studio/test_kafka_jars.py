"""Downloading pinned jars, from a repository on this machine that can also misbehave."""

import gc
import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from services.studio import kafka_download
from services.studio.errors import StudioError
from services.studio.kafka_jars import ensure_jars, read_lock_file
from services.studio.ports import LOOPBACK, free_port

# The Maven library leaves the connections of failed downloads open until they are collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

COORDINATES = ("org.example:first:1.0", "org.example:second:2.0")


class Repository:
    """A Maven repository with two jars; `served` counts requests for each file."""

    def __init__(self, directory: Path) -> None:
        self.files = {name: name.encode() * 1000 for name in ("first-1.0.jar", "second-2.0.jar")}
        self.lock_file = directory / "jars.lock"
        self.served: Counter[str] = Counter()
        pins = zip(COORDINATES, self.files.values(), strict=True)
        lines = [f"{coordinate} sha256:{hashlib.sha256(body).hexdigest()} {len(body)}" for coordinate, body in pins]
        self.lock_file.write_text("# a comment\n" + "\n".join(lines) + "\n")
        self._server = ThreadingHTTPServer((LOOPBACK, 0), self._handler())
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def serve(self) -> None:
        """Answer requests until closed."""
        self._server.serve_forever(poll_interval=0.01)

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        repository = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.rpartition("/")[2]
                body = repository.files.get(name)
                repository.served[name] += 1
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        return Handler


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    """A running repository, named as the mirror to use; one attempt for each download."""
    made = Repository(tmp_path)
    monkeypatch.setenv(kafka_download.MIRROR_VARIABLE, made.url)
    monkeypatch.setattr(kafka_download, "DOWNLOAD_ATTEMPTS", 1)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made
    made.close()
    thread.join()
    gc.collect()  # here, not in somebody else's test


def test_the_jars_are_downloaded_once_and_checked(repository: Repository, tmp_path: Path) -> None:
    jars = ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    assert [jar.name for jar in jars] == ["first-1.0.jar", "second-2.0.jar"]
    assert [jar.read_bytes() for jar in jars] == list(repository.files.values())
    ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    assert repository.served["first-1.0.jar"] == 1


def test_a_jar_that_is_not_the_pinned_one_is_refused_and_thrown_away(repository: Repository, tmp_path: Path) -> None:
    repository.files["second-2.0.jar"] = b"x" * len(repository.files["second-2.0.jar"])
    with pytest.raises(StudioError, match=r"org\.example:second:2\.0 is not the pinned one"):
        ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    assert not (tmp_path / "jars" / "second-2.0.jar").exists()
    assert list((tmp_path / "jars").glob(".download-*")) == []


def test_a_damaged_jar_is_downloaded_again(repository: Repository, tmp_path: Path) -> None:
    first, _ = ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    good = first.read_bytes()
    first.write_bytes(good[:-1] + b"!")
    ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    assert first.read_bytes() == good


def test_starts_at_the_same_time_download_once(repository: Repository, tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=ensure_jars, args=(tmp_path / "jars",), kwargs={"lock_file": repository.lock_file})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert repository.served["first-1.0.jar"] == 1


def test_a_repository_that_lacks_a_jar_gives_a_sentence_with_the_way_out(
    repository: Repository, tmp_path: Path
) -> None:
    del repository.files["first-1.0.jar"]
    with pytest.raises(StudioError, match="--kafka-bootstrap"):
        ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)


def test_a_repository_that_is_away_gives_a_sentence(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kafka_download.MIRROR_VARIABLE, f"http://{LOOPBACK}:{free_port()}")
    with pytest.raises(StudioError, match="could not be downloaded"):
        ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)


def test_a_cancelled_download_ends_soon(repository: Repository, tmp_path: Path) -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(StudioError, match="cancelled"):
        ensure_jars(tmp_path / "jars", lock_file=repository.lock_file, cancelled=cancelled)


def test_what_a_killed_download_left_is_cleared_away(repository: Repository, tmp_path: Path) -> None:
    left = tmp_path / "jars" / ".download-killed"
    left.mkdir(parents=True)
    ensure_jars(tmp_path / "jars", lock_file=repository.lock_file)
    assert not left.exists()


def test_every_pinned_jar_has_a_coordinate_and_a_checksum() -> None:
    pinned = read_lock_file()
    assert len({jar.file_name for jar in pinned}) == len(pinned) > 30
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in pinned)
    assert "org.apache.kafka:kafka_2.13:4.1.0" in {jar.coordinate for jar in pinned}
