"""The supervisor's care for its children."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tests.platforms import reads_proc
from xenofy.supervisor import Child, Supervisor

LIMIT = 30.0
PARENT = """
import os, subprocess, sys, time
own = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "a") as names:
    names.write(f"{os.getpid()} {own.pid}\\n")
time.sleep(600)
"""


@reads_proc
def test_what_a_killed_child_had_started_ends_before_it_is_started_again(tmp_path: Path) -> None:
    names = tmp_path / "names"
    child = Child("web server", [sys.executable, "-c", PARENT, str(names)])
    supervisor = Supervisor(directory=tmp_path, children=[child], say=lambda _: None)

    try:
        killed, left = _started(supervisor, names, 1)
        os.kill(killed, signal.SIGKILL)
        _, last = _started(supervisor, names, 2)
        assert _ends(left)
    finally:
        supervisor._end_all()
    assert _ends(last)


def _started(supervisor: Supervisor, names: Path, count: int) -> tuple[int, int]:
    """Look after the child until it was started so often; return its id and its own child's."""
    until = time.monotonic() + LIMIT
    lines: list[str] = []
    while len(lines) < count:
        assert time.monotonic() < until, lines
        supervisor._look_after(supervisor.children[0])
        time.sleep(0.05)
        lines = names.read_text().splitlines() if names.exists() else []
    process, own = lines[-1].split()
    return int(process), int(own)


def _ends(process: int) -> bool:
    """Tell whether the process is gone, or only waits to be reaped, within a few seconds."""
    until = time.monotonic() + 5
    while _runs(process):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _runs(process: int) -> bool:
    """Tell whether the process lives; one that only waits to be reaped does not."""
    try:
        os.kill(process, 0)
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2]
    except (ProcessLookupError, FileNotFoundError):
        return False
