"""A private installation in a temporary directory: own PostgreSQL, web server and workers.

Everything is a process of its own that may be killed; `tend` starts again what has ended, as a
supervisor would.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from xenofy.embedded_postgres import EmbeddedPostgres

PROJECT = Path(__file__).resolve().parent.parent
START_LIMIT = 120  # seconds
WORKER_FAILPOINTS = (
    *("after_claim", "after_marks", "after_writer", "after_upsert", "after_commit"),
    *("after_marks_taken", "after_expand", "before_rollup_commit", "after_rollup_commit"),
)


def prepare_environment() -> Path:
    """Point this process, before Django is set up, at a fresh installation; return its directory.

    The directory is open to others, so that for root too all data lies below it.
    """
    directory = Path(tempfile.mkdtemp(prefix="xenofy-"))
    directory.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ |= {
        "XENOFY_VAR": str(directory),
        "XENOFY_ENV": "local",
        "XENOFY_DEMO": "false",
        "DATABASE_URL": "",
        "DEBUG": "false",
        "PORT": str(port),
        "LOG_LEVEL": "INFO",
        "XENOFY_SUPERVISOR": str(os.getpid()),
        "DJANGO_SETTINGS_MODULE": "xenofy.settings",
    }
    return directory


@dataclass
class Installation:
    """What runs in the private directory."""

    directory: Path
    workers: int = 2
    server: EmbeddedPostgres = field(init=False)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = EmbeddedPostgres(self.directory)

    @property
    def port(self) -> int:
        return int(os.environ["PORT"])

    @property
    def log(self) -> Path:
        return self.directory / "processes.log"

    # ── life ──────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        """Start the database, prepare it, then start all processes and wait for the web server."""
        self.start_database()
        self.tend()
        self.wait_until_it_serves()

    def start_database(self) -> None:
        """Start the database and make its tables."""
        self.server.start(say=lambda _: None)
        subprocess.run([*_manage("setup")], cwd=PROJECT, stdout=subprocess.DEVNULL, check=True)

    def tend(self) -> list[str]:
        """Start what does not run; return the names of the processes that had ended."""
        ended = []
        for name in ["web", *(f"worker {number}" for number in range(1, self.workers + 1))]:
            process = self.processes.get(name)
            if process is None or process.poll() is not None:
                ended += [name] if process else []
                self._start(name)
        return ended

    def stop(self) -> None:
        """End everything and remove the directory."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                _kill_group(process)
        self.server.stop()
        shutil.rmtree(self.directory)

    def wait_until_it_serves(self) -> None:
        until = time.monotonic() + START_LIMIT
        while time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise SystemExit(f"The web server did not come up:\n{self.last_words()}")

    def listens(self) -> bool:
        """Tell whether the web server takes connections: what is down need not be killed."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def last_words(self, lines: int = 30) -> str:
        """Return the last lines of our processes, then those of the database's log."""
        logs = [log for log in (self.log, self.server.log) if log.exists()]
        return "\n".join(
            line for log in logs for line in log.read_text(errors="replace").splitlines()[-lines:]
        )

    def database(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection of the owner, who sees the rows of every tenant."""
        return psycopg.connect(
            host=str(self.server.socket), port=5432, dbname="xenofy", user="xenofy",
            password=self.server.password, connect_timeout=5, autocommit=True,
        )  # fmt: skip

    def _start(self, name: str, *, failpoint: str = "") -> None:
        with self.log.open("ab") as log:
            self.processes[name] = subprocess.Popen(
                _manage(name.partition(" ")[0]),
                cwd=PROJECT,
                env={**os.environ, "XENOFY_FAILPOINT": failpoint},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    # ── death ─────────────────────────────────────────────────────────────────────────────────

    def kill(self, victim: str, draw: random.Random) -> str:
        """Kill one of `VICTIMS` with SIGKILL and start it again; return what was done."""
        done: str = getattr(self, f"_kill_{victim}")(draw)
        return done

    def _kill_worker(self, draw: random.Random) -> str:
        """Kill a worker, at any moment or by letting its successor die at a named point."""
        name = f"worker {draw.randrange(self.workers) + 1}"
        _kill_group(self.processes[name])
        if draw.random() < 0.5:
            self._start(name)
            return f"{name} killed"
        failpoint = f"{draw.choice(WORKER_FAILPOINTS)}:kill:{draw.randrange(1, 4)}"
        self._start(name, failpoint=failpoint)
        return f"{name} killed, the next one dies at {failpoint}"

    def _kill_web(self, draw: random.Random) -> str:
        """Kill the web server with all its processes, or one of those that serve."""
        process = self.processes["web"]
        serving = [pid for pid in _children(process.pid) if pid != process.pid]
        if serving and draw.random() < 0.5:
            os.kill(draw.choice(serving), signal.SIGKILL)
            return "one process of the web server killed"
        _kill_group(process)
        self._start("web")
        return "web server killed"

    def _kill_database(self, draw: random.Random) -> str:
        """Kill one of PostgreSQL's processes, or the server itself."""
        postmaster = int((self.server.data / "postmaster.pid").read_text().split()[0])
        children = [pid for pid in _children(postmaster) if self._is_of_database(pid)]
        if children and draw.random() < 0.5:
            os.kill(draw.choice(children), signal.SIGKILL)
            return "one process of the database killed"
        if self._is_of_database(postmaster):
            os.kill(postmaster, signal.SIGKILL)
        self.server.start(say=lambda _: None)
        return "database server killed"

    def _is_of_database(self, pid: int) -> bool:
        """Tell whether a process works on our data: a number may be another's by now."""
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.server.data
        except OSError:
            return False


VICTIMS = ("worker", "web", "database")


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with all that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _children(pid: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            yield int(status.parent.name)


def machine(installation: Installation) -> str:
    """Return what everything is measured on."""
    with installation.database() as connection:
        found: Any = connection.execute(
            "SELECT current_setting('server_version'), current_setting('synchronous_commit'),"
            " current_setting('fsync')"
        ).fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, PostgreSQL {found[0]}"
        f" (synchronous_commit={found[1]}, fsync={found[2]}), Python {platform.python_version()}"
    )
