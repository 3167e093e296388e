"""The databases of the tests: one server, and on it a database for each process of pytest."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from tenants.roles import ensure_roles, renew_passwords
from xenofy.embedded_postgres import EmbeddedPostgres

ALIASES = ("default", "worker", "staff", "owner")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "" where one process runs all tests
KEPT = {"django_content_type", "auth_permission"}  # what migrating fills
OURS = ("accounts", "analytics", "shop_data", "tenants", "webhooks", "xenofy")
_IMPORT = re.compile(rf"^(?:import|from) ((?:{'|'.join(OURS)})\.\S+)", re.M)
_MADE_BY = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
_LOCK = 0x74657374  # of the processes that make roles and databases at the same time


@contextmanager
def running_server() -> Iterator[None]:
    """Run the embedded PostgreSQL; one that ran already goes on afterwards."""
    if not settings.EMBEDDED_POSTGRES:
        yield
        return
    embedded = EmbeddedPostgres(settings.VAR_DIR)
    started = embedded.start(say=print)
    yield
    if started:
        _close_all()
        embedded.stop()


def make_database() -> None:
    """Make this process's database anew as the owner; let every login work in it.

    It is a copy of one that the migrations made: thousands of statements run once for all
    processes and, until a migration changes, for all runs. Roles belong to the whole server: one
    process at a time looks after them.
    """
    name = settings.DATABASES["owner"]["NAME"]
    own = "_".join(filter(None, ("test", name, WORKER)))
    template = f"test_{name}_migrated"
    with owner_connection(name) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        if connection.execute(_MADE_BY, [template]).fetchone() != (made_by := _digest(),):
            _make_template(connection, template)
            connection.execute(f"COMMENT ON DATABASE \"{template}\" IS '{made_by}'")
        _make(connection, own, f'TEMPLATE "{template}"')
        # What a test commits need not outlive the machine: no test waits for the disk.
        connection.execute(f'ALTER DATABASE "{own}" SET synchronous_commit = off')
        _let_logins_in(own)
    _migrate()  # nothing is left to migrate, but each time it hardens what is there
    TransactionTestCase._fixture_teardown = _empty_tables


def _make_template(connection: psycopg.Connection[Any], name: str) -> None:
    _make(connection, name)
    _let_logins_in(name)
    _migrate()
    _close_all()


def _make(connection: psycopg.Connection[Any], name: str, how: str = "") -> None:
    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    connection.execute(f'CREATE DATABASE "{name}" {how}')


def _let_logins_in(name: str) -> None:
    _go_to(name)
    ensure_roles()
    renew_passwords()


def _migrate() -> None:
    call_command("migrate", database="owner", interactive=False, verbosity=0)


def _digest() -> str:
    """Return what tells one state of the migrations, and of what they import, from another."""
    files = {path for app in OURS for path in settings.BASE_DIR.glob(f"{app}/migrations/*.py")}
    for name in {name for path in files for name in _IMPORT.findall(path.read_text())}:
        files.add(Path(str(import_module(name).__file__)))
    digest = hashlib.sha256(django.__version__.encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _go_to(name: str) -> None:
    _close_all()
    for alias in ALIASES:
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


def _close_all() -> None:
    for alias in ALIASES:
        connections[alias].close()


def owner_connection(database: str) -> psycopg.Connection[Any]:
    """Return a connection of the owner beside all others, which commits each statement."""
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or 5432,
        dbname=database,
        user=owner["USER"],
        password=owner["PASSWORD"],
        autocommit=True,
    )


def _empty_tables(self: TransactionTestCase) -> None:
    """Empty what a committing test filled, as the owner: no other login may truncate."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    probes = [f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\")" for t in tables if t not in KEPT]
    with owner_connection(connections["owner"].settings_dict["NAME"]) as connection:
        connection.execute("SET lock_timeout = '1min'")  # rather an error than a hang
        filled = [f'"{table}"' for (table,) in connection.execute(" UNION ALL ".join(probes))]
        if filled:
            connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")
