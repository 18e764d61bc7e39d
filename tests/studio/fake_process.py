"""A stand-in for one of our processes: serves its probes, logs a line, stops at SIGTERM. Behaviour by module name.

`STUDIO_INSTANCE` beginning with `dying` exits at once, with `stubborn` ignores SIGTERM and starts a child.
"""

import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """GET /readyz is ready; GET /environment tells what we were given."""

    def do_GET(self) -> None:
        settings = {name: value for name, value in os.environ.items() if name.startswith("STUDIO_")}
        body = settings if self.path == "/environment" else {"status": "ready", "waiting_for": []}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Keep the log to our own line."""


def main() -> None:
    """Serve until SIGTERM."""
    instance = os.environ["STUDIO_INSTANCE"]
    if instance.startswith("dying"):
        sys.exit(3)
    if instance.startswith("stubborn"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    else:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    sys.stdout.write(json.dumps({"event": "fake.started", "level": "info", "instance": instance}) + "\n")
    sys.stdout.flush()
    ThreadingHTTPServer((os.environ["STUDIO_HOST"], int(os.environ["STUDIO_PORT"])), Handler).serve_forever()


if __name__ == "__main__":
    main()
