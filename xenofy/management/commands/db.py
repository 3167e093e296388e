"""`manage.py db start|stop|status`: the embedded PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from xenofy.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError


class Command(BaseCommand):
    help = "Start or stop the embedded PostgreSQL, or say whether it runs."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if not settings.EMBEDDED_POSTGRES:
            raise CommandError("DATABASE_URL is set, so Xenofy does not run a PostgreSQL itself.")
        server = EmbeddedPostgres(settings.VAR_DIR)
        try:
            self.stdout.write(getattr(self, f"_{action}")(server))
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error

    def _start(self, server: EmbeddedPostgres) -> str:
        started = server.start(say=self.stdout.write)
        return "Started." if started else "It runs already."

    def _stop(self, server: EmbeddedPostgres) -> str:
        return "Stopped." if server.stop() else "It was not running."

    def _status(self, server: EmbeddedPostgres) -> str:
        state = "running" if server.is_running() else "stopped"
        places = {"Data": server.data, "Socket": server.socket, "Log": server.log}
        lines = [f"{name + ':':8}{place}" for name, place in places.items()]
        return "\n".join([f"PostgreSQL is {state}.", *lines])
