"""What every test may use: a real PostgreSQL, tenants and people.

The tests run on the embedded server or on DATABASE_URL, in databases of their own
(tests/databases.py) whose tables the owner makes and whose rows the application's login writes,
as in production.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth.hashers import BCryptSHA256PasswordHasher
from django.db import connections

from accounts.models import User
from shop_data.shopify import transport
from tenants.models import Role, Tenant
from tenants.scope import tenant_scope
from tests.answers import all_described
from tests.databases import ALIASES, WORKER, make_database, running_server
from tests.factories import MembershipFactory, TenantFactory, UserFactory
from tests.invariants.statements import all_named
from xenofy.fakeshop.server import serving
from xenofy.fakeshop.world import World

PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
LONGEST = {"e2e", "soak", "test_page_walk", "test_report_proofs", "test_run"}
SERVER = pytest.StashKey[ExitStack]()


def pytest_configure() -> None:
    """Hash passwords quickly, and serve static files from where they are kept.

    What is tested is what happens with a password, not bcrypt; and no test needs collected files.
    How long an example of Hypothesis takes says what else the machine does, and nothing of ours.
    """
    hypothesis.settings.register_profile("untimed", deadline=None)
    hypothesis.settings.load_profile("untimed")
    BCryptSHA256PasswordHasher.rounds = 4
    settings.SHOPIFY_STAND_IN = "http://127.0.0.1:9"  # where nobody answers: no test leaves us
    settings.MIDDLEWARE.insert(0, "tests.answers.DocumentMiddleware")
    settings.STORAGES["staticfiles"]["BACKEND"] = PLAIN_STATIC_FILES
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test that commits use each of our logins; begin with the files that take longest.

    Where tests run in several processes, those then end at about the same time.
    """
    items.sort(key=lambda item: not LONGEST & {*item.path.parts, item.path.stem})
    for item in items:
        if {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True))
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction"):
                marker.kwargs.setdefault("databases", list(ALIASES))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server before the processes that share it, where tests run in several."""
    if session.config.getoption("dist", "no") != "no" and not WORKER:
        server = session.config.stash[SERVER] = ExitStack()
        server.enter_context(running_server())


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the server when none of those processes needs it any more."""
    session.config.stash.get(SERVER, ExitStack()).close()


@pytest.fixture(scope="session")
def server() -> Iterator[None]:
    """Run the embedded PostgreSQL while tests do."""
    with nullcontext() if WORKER else running_server():
        yield


@pytest.fixture(scope="session")
def django_db_setup(server: None, django_db_blocker: Any) -> Iterator[None]:
    """Make a database anew as the owner; every login works in it."""
    with django_db_blocker.unblock():
        make_database()
    yield
    for alias in ALIASES:
        connections[alias].close()


@pytest.fixture(autouse=True)
def statements_name_the_tenant() -> Iterator[None]:
    """Fail a test whose statements leave the tenant out; see tests/invariants/statements.py."""
    with all_named():
        yield


@pytest.fixture(autouse=True)
def answers_are_described() -> Iterator[None]:
    """Fail a test that gets an answer which the document of the API does not describe."""
    with all_described():
        yield


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


@pytest.fixture
def fakeshop(settings: Any) -> Iterator[World]:
    """A double of Shopify that answers in Shopify's place; its clock stands until it is moved."""
    world = World()
    with serving(world):
        settings.SHOPIFY_STAND_IN = world.url
        yield world
    transport.client().close()
    transport.client.cache_clear()
