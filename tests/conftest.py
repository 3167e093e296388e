"""What every test may use: a real PostgreSQL, tenants and people.

The tests run on the embedded server or on DATABASE_URL, in a database of their own
(`test_<name>`) whose tables the owner makes and whose rows the application's login writes, as in
production.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase

from accounts.models import User
from tenants.models import Role, Tenant
from tenants.roles import ensure_roles, renew_passwords
from tenants.scope import tenant_scope
from tests.factories import MembershipFactory, TenantFactory, UserFactory
from tests.invariants.statements import watched
from xenofy.embedded_postgres import EmbeddedPostgres

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
ALIASES = ("default", "worker", "staff", "owner")


def pytest_configure() -> None:
    """Hash passwords quickly, and serve static files from where they are kept.

    What is tested is what happens with a password, not bcrypt; and no test needs collected files.
    How long an example of Hypothesis takes says what else the machine does, and nothing of ours.
    """
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    BCryptSHA256PasswordHasher.rounds = 4
    settings.STORAGES["staticfiles"]["BACKEND"] = PLAIN_STATIC_FILES
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test that commits use each of our logins, and run the browser's tests last."""
    # Playwright keeps an event loop running to its end, beside which no other one may run.
    items.sort(key=lambda item: "e2e" in item.path.parts)
    for item in items:
        if {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True))
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction"):
                marker.kwargs.setdefault("databases", list(ALIASES))


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Run the embedded PostgreSQL while tests do; one that ran already goes on."""
    if not settings.EMBEDDED_POSTGRES:
        yield
        return
    embedded = EmbeddedPostgres(settings.VAR_DIR)
    started = embedded.start(say=print)
    yield
    if started:
        for alias in ALIASES:
            connections[alias].close()
        embedded.stop()


@pytest.fixture(scope="session")
def django_db_setup(server: None, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database anew as the owner; every login works in it."""
    name = f"test_{settings.DATABASES['owner']['NAME']}"
    _recreate(name)
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name
    with django_db_blocker.unblock():
        ensure_roles()
        renew_passwords()
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    TransactionTestCase._fixture_teardown = _empty_tables
    yield
    for alias in ALIASES:
        connections[alias].close()


def _recreate(name: str) -> None:
    with _owner_connection(settings.DATABASES["owner"]["NAME"]) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')


def _owner_connection(database: str) -> psycopg.Connection[Any]:
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
    kept = {"django_content_type", "auth_permission"}
    probes = [f"SELECT '{t}' WHERE EXISTS (SELECT FROM \"{t}\")" for t in tables if t not in kept]
    with _owner_connection(connections["owner"].settings_dict["NAME"]) as connection:
        filled = [f'"{table}"' for (table,) in connection.execute(" UNION ALL ".join(probes))]
        if filled:
            connection.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


@pytest.fixture(autouse=True)
def statements_name_the_tenant() -> Iterator[None]:
    """Fail a test whose statements leave the tenant out; see tests/invariants/statements.py."""
    with watched() as found:
        yield
    assert not found, "The tenant is not named in: " + "; ".join(dict.fromkeys(found))


@pytest.fixture
def tenant(db: None) -> Tenant:
    """A merchant's account."""
    return TenantFactory(name="Kaveri Handlooms")


@pytest.fixture
def other_tenant(db: None) -> Tenant:
    """Another merchant's account, of which the first must never see anything."""
    return TenantFactory(name="Bluebird Coffee")


@pytest.fixture
def scope(tenant: Tenant) -> Iterator[Tenant]:
    """Run the test inside the tenant's scope."""
    with tenant_scope(tenant.id):
        yield tenant


@pytest.fixture
def owner(tenant: Tenant) -> User:
    return MembershipFactory(tenant=tenant, role=Role.OWNER).user


@pytest.fixture
def analyst(tenant: Tenant) -> User:
    return MembershipFactory(tenant=tenant, role=Role.ANALYST).user


@pytest.fixture
def viewer(tenant: Tenant) -> User:
    return MembershipFactory(tenant=tenant, role=Role.VIEWER).user


@pytest.fixture
def other_owner(other_tenant: Tenant) -> User:
    return MembershipFactory(tenant=other_tenant, role=Role.OWNER).user


@pytest.fixture
def staff(db: None) -> User:
    return UserFactory(is_staff=True, is_superuser=True)
