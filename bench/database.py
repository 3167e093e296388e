"""The database of the benchmarks, beside that of the installation."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from tenants.roles import ensure_roles

ALIASES = ("default", "worker", "staff", "owner")


def use_database(name: str, *, fresh: bool) -> None:
    """Point every login at the database `name`, made anew with current tables when `fresh`."""
    full_name = f"bench_{name}"
    with owner_connection(settings.DATABASES["owner"]["NAME"]) as connection:
        present = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [full_name]
        ).fetchone()
        if present and fresh:
            connection.execute(f'DROP DATABASE "{full_name}" WITH (FORCE)')
        if fresh or not present:
            connection.execute(f'CREATE DATABASE "{full_name}"')
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = full_name
        settings.DATABASES[alias]["NAME"] = full_name
    ensure_roles()
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def owner_connection(database: str | None = None) -> psycopg.Connection[Any]:
    """Return an autocommitting connection of the owner."""
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or 5432,
        dbname=database or owner["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        autocommit=True,
    )
