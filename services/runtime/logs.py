"""One structlog chain for our records and those of libraries: an event name plus fields, JSON or console.

Bind `correlation_id`, `command_id`, `scope_id`, `lane`, `position` with `structlog.contextvars` around a unit of work.
"""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor


def configure_logs(process: str, instance: str, log_format: Literal["json", "console"], level: str) -> None:
    """Sends every record of the process to standard output, once, in one format."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # Access lines repeat what the metrics count; one line a request is most of a busy API's cost.
    logging.getLogger("uvicorn.access").disabled = True
    # What it says of its own start and stop, each process says in one line of its own.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # Of every pipeline that the server refused it says that its end was refused too.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process, instance=instance)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
