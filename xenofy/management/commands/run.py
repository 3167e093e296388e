"""`manage.py run`: everything that Xenofy is, in one terminal; `make run` calls it."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from xenofy.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from xenofy.supervised import end_with_parent
from xenofy.supervisor import Child, Supervisor, manage


class Command(BaseCommand):
    help = "Start database, web server, worker and demo, and end them together on Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start anew when code changes")

    def handle(self, *args: Any, reload: bool, **options: Any) -> None:
        begun = time.monotonic()
        end_with_parent()
        lock = self._only_one()
        self._refuse_busy_port()
        self.stdout.write(f"Xenofy {settings.VERSION}")
        started_database = self._start_database()
        try:
            call_command("setup", stdout=self.stdout)
            connections.close_all()
            supervisor = Supervisor(settings.BASE_DIR, _children(reload=reload), self.stdout.write)
            supervisor.run(
                address=f"http://{_reachable(settings.HOST)}:{settings.PORT}",
                on_ready=lambda: self._announce(time.monotonic() - begun),
            )
        finally:
            connections.close_all()
            if started_database:
                EmbeddedPostgres(settings.VAR_DIR).stop()
            lock.close()
        self.stdout.write("Xenofy has ended.")

    def _only_one(self) -> IO[str]:
        """Hold the installation's lock; refuse a second run with the address of the first."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        lock = (settings.VAR_DIR / "run.lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandError(
                f"Xenofy runs here already: {lock.read().strip()}. Stop it there with Ctrl-C, or"
                " start a second one with XENOFY_VAR set to another directory and another PORT."
            ) from None
        lock.truncate(0)
        lock.write(f"{settings.PUBLIC_URL} (process {os.getpid()})")
        lock.flush()
        return lock

    def _refuse_busy_port(self) -> None:
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} of {settings.HOST} cannot be used ({error.strerror})."
                    f" Choose another, for example: PORT={settings.PORT + 1} make run"
                ) from error

    def _start_database(self) -> bool:
        if not settings.EMBEDDED_POSTGRES:
            return False
        try:
            return EmbeddedPostgres(settings.VAR_DIR).start(say=self.stdout.write)
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error

    def _announce(self, seconds: float) -> None:
        lines = ["", f"Xenofy serves {settings.PUBLIC_URL} (ready after {seconds:.1f} s)"]
        if settings.DEMO:
            lines.append(f"  Demo store, no account needed: {settings.PUBLIC_URL}/demo/")
        lines.append(f"  Connect your own shop:         {settings.PUBLIC_URL}/register/")
        lines.append("  Stop with Ctrl-C.")
        self.stdout.write("\n".join([*lines, ""]))


def _children(*, reload: bool) -> list[Child]:
    web = manage("runserver", f"{settings.HOST}:{settings.PORT}") if reload else manage("web")
    worker = manage("worker", "--reload") if reload else manage("worker")
    sync = manage("sync", "--reload") if reload else manage("sync")
    children = [Child("web server", web), Child("worker", worker), Child("sync", sync)]
    children.append(Child("second sync", sync))  # so that no shop waits for another's import
    if settings.DEMO:
        children.append(Child("demo store", manage("demo"), once=True))
    return children


def _reachable(host: str) -> str:
    """Return a name under which a server that listens on `host` answers from here."""
    return "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104
