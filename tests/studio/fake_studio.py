"""`studio up` with stand-in processes: the real supervisor, the real embedded PostgreSQL, no broker unless asked for.

Usage: python -m tests.studio.fake_studio DATA COMMAND_PORT QUERY_PORT KIND[,KIND…] [--kafka]
"""

import sys
from pathlib import Path

from services.studio.errors import StudioError
from services.studio.process_plan import ProcessKind
from services.studio.restart_policy import RestartPolicy
from services.studio.supervisor import Parts, UpOptions, run_supervisor


def main() -> None:
    """Run until stopped; errors for the user go to standard error, as the command line does."""
    data, command_port, query_port, kinds = sys.argv[1:5]
    options = UpOptions(
        Path(data),
        command_port=int(command_port),
        query_port=int(query_port),
        kafka_bootstrap=None if "--kafka" in sys.argv else "127.0.0.1:1",
    )
    parts = Parts(
        kinds=[_kind(name) for name in kinds.split(",")],
        migrate=lambda _url: None,
        reader_login=lambda url, _: url,
        first_login=lambda *_: None,
        restart_policy=lambda: RestartPolicy(first_delay_seconds=0.01, delay_seconds_max=0.05),
    )
    try:
        run_supervisor(options, parts=parts)
    except StudioError as error:
        sys.exit(str(error))


def _kind(name: str) -> ProcessKind:
    in_background = name.endswith("worker")
    return ProcessKind(name, "tests.studio.fake_process", frozenset({"database"}), in_background=in_background)


if __name__ == "__main__":
    main()
