"""What runs now: the content of `run.json`, by which the other commands find a running installation."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from services.studio.process_identity import ProcessIdentity

ProcessState: TypeAlias = Literal["waiting", "starting", "ready", "restarting", "gave up", "stopped"]


class RunningProcess(BaseModel):
    """One process or embedded server: `port` is where it listens, `restarts` counts since the supervisor began."""

    model_config = ConfigDict(frozen=True)

    name: str
    instance: str
    port: int
    state: ProcessState
    restarts: int
    identity: ProcessIdentity | None


class RunState(BaseModel):
    """A running installation. Servers of the user's own appear in the addresses, not among the processes."""

    model_config = ConfigDict(frozen=True)

    supervisor: ProcessIdentity
    started_at: datetime
    database_url: str
    kafka_bootstrap: str
    command_port: int
    query_port: int
    processes: list[RunningProcess]
