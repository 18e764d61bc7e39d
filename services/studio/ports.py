"""Loopback ports: find free ones, and say who holds one that is taken."""

import random
import socket
from collections.abc import Collection
from typing import Final

import psutil

from services.studio.errors import StudioError

LOOPBACK: Final = "127.0.0.1"
CANDIDATE_PORTS: Final = range(20_000, 32_768)


def free_port(*, but: Collection[int] = ()) -> int:
    """A loopback TCP port that nobody listened on a moment ago, and none of those that are spoken for already."""
    return free_ports(1, but=but)[0]


def free_ports(count: int, *, but: Collection[int] = ()) -> list[int]:
    """`count` different loopback TCP ports that nobody listened on a moment ago; see `free_port`."""
    # Drawn from below the range that systems give to outgoing connections: a port from there, as `bind` to port 0
    # returns, may be some connection's own by the time the server listens.
    candidates = iter(random.sample(CANDIDATE_PORTS, len(CANDIDATE_PORTS)))
    return [next(port for port in candidates if port not in but and is_port_free(port)) for _ in range(count)]


def is_port_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do: without it a port with connections in TIME_WAIT looks taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def require_free_port(port: int, *, purpose: str, option: str) -> None:
    """Raise a StudioError that names the port, its holder and the option to choose another, if it is taken."""
    if is_port_free(port):
        return
    holder = port_holder(port)
    by_whom = f" by {holder}" if holder else ""
    raise StudioError(
        f"Port {port}, wanted for {purpose}, is already taken{by_whom}.",
        remedy=f"End that program, or choose another port with {option}.",
    )


def port_holder(port: int) -> str | None:
    """Name and pid of the process that listens on a port, or None if the system does not tell."""
    try:
        connections = psutil.net_connections(kind="tcp")
        pids = [
            one.pid
            for one in connections
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid
        ]
        return f"{psutil.Process(pids[0]).name()} (pid {pids[0]})" if pids else None
    except psutil.Error:
        # macOS lets only root see other users' connections; a process may also end while we look.
        return None
