"""A PostgreSQL of its own for tests that stop the server or fill its disk.

It has the tables and logins of the tests' database. For root, and for those who may become root
without a password (as in most places that run tests), its disk is a small one in memory.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from xenofy.embedded_postgres import EmbeddedPostgres

DISK = 192  # megabytes
FILLER = "filler"
AS_ROOT = ["sudo", "--non-interactive"] if os.geteuid() else []
LOGINS = {"": "owner", "APP_": "default", "WORKER_": "worker"}


@dataclass
class PrivateServer:
    """A running server; `directory` is its disk, `is_small` whether that can be filled."""

    directory: Path
    is_small: bool
    server: EmbeddedPostgres = field(init=False)

    def __post_init__(self) -> None:
        self.server = EmbeddedPostgres(self.directory)

    @property
    def data(self) -> Path:
        return self.server.data

    def start(self) -> None:
        self.server.start(say=lambda _: None)

    def crash(self) -> None:
        """Let the server end at once, without writing anything that is not written."""
        self.server._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def fill(self, *, but: int) -> None:
        """Fill the disk but for so many bytes."""
        with (self.directory / FILLER).open("wb") as filler:
            while (free := shutil.disk_usage(self.directory).free) > but:
                filler.write(b"\0" * min(2**20, free - but))
                filler.flush()

    def make_room(self) -> None:
        (self.directory / FILLER).unlink()

    def session(self) -> psycopg.Connection[Any]:
        """Return a session of the owner, who sees every tenant's rows."""
        return psycopg.connect(
            host=str(self.server.socket), dbname="xenofy", user="xenofy",
            password=self.server.password, autocommit=True,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        """Return what sends a process to this server instead of the tests'."""
        return {f"DATABASE_{kind}URL": self._url(alias) for kind, alias in LOGINS.items()}

    def _url(self, alias: str) -> str:
        given = connections[alias].settings_dict
        user, password = given["USER"], given["PASSWORD"]
        if alias == "owner":
            user, password = "xenofy", self.server.password
        return f"postgres://{user}:{password}@/xenofy?host={self.server.socket}&port=5432"


@contextmanager
def private_server() -> Iterator[PrivateServer]:
    directory = Path(tempfile.mkdtemp(prefix="xenofy-test-"))
    is_small = _mount(directory)
    directory.chmod(0o755)  # else root's data would lie elsewhere
    private = PrivateServer(directory, is_small)
    try:
        private.start()
        _copy_tables(private)
        yield private
    finally:
        private.server.stop()
        if is_small:
            subprocess.run([*AS_ROOT, "umount", "--lazy", directory], check=True)
        shutil.rmtree(directory)


def _mount(directory: Path) -> bool:
    """Put a small disk there; tell whether that is allowed."""
    options = f"size={DISK}m,mode=755,uid={os.geteuid()},gid={os.getegid()}"
    command = [*AS_ROOT, "mount", "-t", "tmpfs", "-o", options, "tmpfs", directory]
    with suppress(FileNotFoundError):  # no sudo
        return subprocess.run(command, check=False).returncode == 0
    return False


def _copy_tables(private: PrivateServer) -> None:
    with private.session() as session:
        for alias in ("default", "worker", "staff"):
            login = connections[alias].settings_dict
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            session.execute(create.format(sql.Identifier(login["USER"]), login["PASSWORD"]))
        app, worker = (connections[alias].settings_dict["USER"] for alias in ("default", "worker"))
        session.execute(sql.SQL("GRANT {} TO {}").format(*map(sql.Identifier, (app, worker))))
    _restore(private, _dumped(private, "--schema-only"))
    _restore(private, _dumped(private, "--data-only", "--table=django_migrations"))


def _dumped(private: PrivateServer, *what: str) -> bytes:
    given = connections["owner"].settings_dict
    return subprocess.run(
        [private.server._programs() / "pg_dump", "--no-owner", *what, "-h", given["HOST"],
         "-p", given["PORT"] or "5432", "-U", given["USER"], given["NAME"]],
        env={**os.environ, "PGPASSWORD": given["PASSWORD"]}, capture_output=True, check=True,
    ).stdout  # fmt: skip


def _restore(private: PrivateServer, dump: bytes) -> None:
    subprocess.run(
        [private.server._programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1",
         "-h", private.server.socket, "-U", "xenofy", "xenofy"],
        env={**os.environ, "PGPASSWORD": private.server.password}, input=dump, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
