"""`manage.py setup`: make the database ready for this version of Xenofy."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

from tenants.roles import RolesMissing, ensure_roles, refuse_unsafe_role, renew_passwords
from xenofy.database import wait_for_database
from xenofy.demo.tenant import ensure_demo_tenant


class Command(BaseCommand):
    help = "Create the database logins, migrate, and collect the static files; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._make_ready()
        except RolesMissing as error:
            raise CommandError(
                f"{error} Ask an administrator of the database to run this, then start again:\n\n"
                f"{error.sql}"
            ) from error

    def _make_ready(self) -> None:
        wait_for_database("owner", say=self._say)
        self._create_roles()
        self._say("Bringing the tables up to date")
        call_command("migrate", database="owner", interactive=False, verbosity=0)
        self._check_logins()
        if settings.DEMO:
            ensure_demo_tenant()
        call_command("collectstatic", interactive=False, verbosity=0)
        self._say("Database and static files are ready")

    def _create_roles(self) -> None:
        created = ensure_roles()
        if created:
            self._say(f"Created the database logins {', '.join(created)}")

    def _check_logins(self) -> None:
        """Log in once as each role; a password that no longer fits is set anew."""
        for alias in (DEFAULT_DB_ALIAS, "worker", "staff"):
            try:
                connections[alias].ensure_connection()
            except OperationalError:
                renew_passwords()
            wait_for_database(alias, say=self._say)
            refuse_unsafe_role(alias)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
