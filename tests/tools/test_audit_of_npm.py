"""npm's own audit of a lock with an old package in it, asked of a registry that speaks the protocol of the real one."""

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from services.studio.ports import free_ports
from tools.audit import Granted, audit, npm_report

SECONDS_MAX = 60.0
ADVISORY = "GHSA-aaaa-bbbb-cccc"
SAID = f"salt 1.0.0: {ADVISORY}, of versions <1.1.0"


class _Registry(BaseHTTPRequestHandler):
    """Knows one vulnerability, and answers to nothing else."""

    asked: dict[str, Any]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.update(json.loads(gzip.decompress(body) if self.headers["Content-Encoding"] == "gzip" else body))
        advisory = {
            "id": 1, "url": f"https://github.com/advisories/{ADVISORY}", "title": "Too much salt", "severity": "high",
            "vulnerable_versions": "<1.1.0",
        }  # fmt: skip
        self._answer(200, {name: [advisory] for name in self.asked if name == "salt"})

    def do_GET(self) -> None:
        self._answer(404, {})

    def log_message(self, *_: Any, **__: Any) -> None:
        pass

    def _answer(self, status: int, body: object) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What npm asks of its registry, which is ours while the test runs."""
    told: dict[str, Any] = {}
    handler = type("Registry", (_Registry,), {"asked": told})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
        yield told
        server.shutdown()
        thread.join()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Two packages: an old one, and one that comes with it."""
    needed = {"salt": "1.0.0"}
    packages = {
        "": {"name": "kitchen", "version": "1.0.0", "dependencies": needed},
        "node_modules/salt": {"version": "1.0.0", "dependencies": {"sea": "2.0.0"}},
        "node_modules/sea": {"version": "2.0.0"},
    }
    (tmp_path / "package.json").write_text(json.dumps(packages[""]))
    lock = tmp_path / "package-lock.json"
    lock.write_text(json.dumps({"name": "kitchen", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}))
    return lock


def test_an_old_package_is_found(asked: dict[str, Any], lock: Path) -> None:
    verdict = audit(lock, npm_report, [], SECONDS_MAX)
    assert asked == {"salt": ["1.0.0"], "sea": ["2.0.0"]}
    assert verdict.failures == (SAID,)
    assert verdict.remarks == ("package-lock.json: 2 packages audited.",)


def test_an_exception_lets_it_pass(asked: dict[str, Any], lock: Path) -> None:
    granted = Granted(package="salt", id=ADVISORY, reason="We do not taste it.", until=date(2026, 6, 1))
    verdict = audit(lock, npm_report, [granted], SECONDS_MAX)
    assert asked
    assert verdict.failures == ()
    assert verdict.remarks[0] == f"salt 1.0.0: {ADVISORY}, let pass until 2026-06-01: We do not taste it."


def test_a_registry_that_is_away_is_said_and_nothing_fails(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = free_ports(1)
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{port}/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    verdict = audit(lock, npm_report, [], SECONDS_MAX)
    assert verdict.failures == ()
    (remark,) = verdict.remarks
    assert remark.startswith("package-lock.json: NOT AUDITED: ")


def test_a_registry_that_does_not_answer_is_not_waited_for(lock: Path) -> None:
    verdict = audit(lock, npm_report, [], 0.001)
    assert verdict.failures == ()
    assert verdict.remarks == ("package-lock.json: NOT AUDITED: no answer in 0.001 s",)
