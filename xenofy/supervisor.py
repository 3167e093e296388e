"""Web server, worker and demo under one roof: started, watched and ended together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

FIRST_REST = 1.0  # seconds before a process that ended is started again; doubles up to
LONGEST_REST = 30.0
GRACE = 15.0  # seconds for all processes to finish what they are doing
SETTLED = 60.0  # seconds after which a process counts as healthy again
PAUSE = 0.1


@dataclass
class Child:
    """One process; `once` means that it may end by itself when all went well."""

    name: str
    command: Sequence[str]
    once: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    next_start: float = 0.0
    rest: float = FIRST_REST
    finished: bool = False


@dataclass
class Supervisor:
    """Runs the children until it is asked to stop."""

    directory: Path
    children: list[Child]
    say: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self, *, address: str, on_ready: Callable[[], None]) -> None:
        """Start all, call `on_ready` once `address` answers, and watch until `stop` is called."""
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: self.stopping.set())
        announced = False
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    self._look_after(child)
                if not announced and _answers(f"{address}/health"):
                    on_ready()
                    announced = True
                self.stopping.wait(PAUSE)
        finally:
            self._end_all()

    def _look_after(self, child: Child) -> None:
        """Start a child that does not run, unless it is done or has to rest first."""
        if child.finished or time.monotonic() < child.next_start:
            return
        if child.process is None:
            self._start(child)
            return
        code = child.process.poll()
        if code is None:
            if time.monotonic() - child.started_at > SETTLED:
                child.rest = FIRST_REST
        elif child.once and code == 0:
            child.finished = True
        else:
            self._put_to_rest(child, code)

    def _start(self, child: Child) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, who ends the others in turn.
        child.process = subprocess.Popen(
            child.command,
            cwd=self.directory,
            env={**os.environ, "XENOFY_SUPERVISOR": str(os.getpid())},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        child.started_at = time.monotonic()

    def _put_to_rest(self, child: Child, code: int) -> None:
        self.say(f"The {child.name} ended unexpectedly ({_ending(code)});"
                 f" starting it again in {child.rest:.0f} s.")  # fmt: skip
        if child.process is not None:
            _end_group(child.process)  # its own children would keep the port and their connections
        child.process = None
        child.next_start = time.monotonic() + child.rest
        child.rest = min(child.rest * 2, LONGEST_REST)

    def _end_all(self) -> None:
        """Ask every child to end, and end those that take too long."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + GRACE
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
            _end_group(process)
            process.wait()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and all that it started; it leads a group of its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def manage(*arguments: str) -> list[str]:
    """Return the command line of one of our own commands."""
    return [sys.executable, "manage.py", *arguments]


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _answers(url: str) -> bool:
    """Tell whether a web server is there, whatever it says (it may not know this host name)."""
    try:
        with urlopen(url, timeout=2):  # noqa: S310 - our own address
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
