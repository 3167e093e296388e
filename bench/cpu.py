"""CPU seconds that the processes of the database have used, those that have ended included.

On a machine that does other work as well they say more than a wall clock. Reads Linux's /proc.
"""

from __future__ import annotations

import os
from pathlib import Path

from xenofy.embedded_postgres import EmbeddedPostgres

_TICKS = os.sysconf("SC_CLK_TCK")  # per second


def database_seconds() -> float:
    """Return the seconds that the server and its processes have used since it was started."""
    server = EmbeddedPostgres(Path(os.environ["XENOFY_VAR"]))
    first = (server.data / "postmaster.pid").read_text().split()[0]
    _, own, ended = _used(first)
    running = [_used(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return (own + ended + sum(used for parent, used, _ in running if parent == first)) / _TICKS


def _used(process: str) -> tuple[str, int, int]:
    """Return the parent of a process, what it has used, and what its children that ended have."""
    try:
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it has just ended
        return "", 0, 0
    user, system, children_user, children_system = map(int, told[11:15])
    return told[1], user + system, children_user + children_system
