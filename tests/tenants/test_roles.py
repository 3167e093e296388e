"""The logins: made where the owner may, asked for where it may not, and refused when unsafe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connections

from tenants.roles import (
    RolesMissing,
    ensure_roles,
    refuse_unsafe_role,
    renew_passwords,
    role_names,
)

pytestmark = pytest.mark.django_db(transaction=True)
LOGINS = ("default", "worker", "staff")
LIMITED = "xenofy_limited_owner"


def owner(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def fresh_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Configure logins that do not exist yet."""
    names = [f"xenofy_fresh_{kind}" for kind in ("app", "worker", "staff")]
    _drop(*names)
    for alias, name in zip(LOGINS, names, strict=True):
        connections[alias].close()
        monkeypatch.setitem(connections[alias].settings_dict, "USER", name)
        monkeypatch.setitem(connections[alias].settings_dict, "PASSWORD", f"it's {name}")
    yield names
    for alias in LOGINS:
        connections[alias].close()
    _drop(*names)


def _drop(*names: str) -> None:
    for name in names:
        if owner("SELECT 1 FROM pg_roles WHERE rolname = %s", name):
            owner(f'DROP OWNED BY "{name}"')
            owner(f'DROP ROLE "{name}"')


@pytest.fixture
def administrator() -> Iterator[Callable[[str], Any]]:
    """Log the owner in as a role that may not create roles; give the way of one that may."""
    _drop(LIMITED)
    owner(f"CREATE ROLE {LIMITED} LOGIN PASSWORD 'limited'")
    login = connections["owner"].settings_dict
    whole = {key: login[key] for key in ("USER", "PASSWORD")}
    connections["owner"].close()
    login |= {"USER": LIMITED, "PASSWORD": "limited"}
    with psycopg.connect(
        host=login["HOST"],
        port=login["PORT"] or 5432,
        dbname=login["NAME"],
        user=whole["USER"],
        password=whole["PASSWORD"],
        autocommit=True,
    ) as connection:
        yield connection.execute
    connections["owner"].close()
    login |= whole
    _drop(LIMITED)


# ── creating ──────────────────────────────────────────────────────────────────────────────────


def test_logins_are_made_that_can_log_in_and_do_nothing_else(fresh_names: list[str]) -> None:
    assert ensure_roles() == fresh_names

    for alias in LOGINS:
        connections[alias].ensure_connection()
        refuse_unsafe_role(alias)
    assert owner(
        "SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s) AND rolcanlogin AND NOT"
        " (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        fresh_names,
    ) == [(3,)]


def test_only_the_worker_is_a_member_of_another_login(fresh_names: list[str]) -> None:
    ensure_roles()

    members = owner(
        "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members"
        " WHERE member::regrole::text = ANY(%s)",
        fresh_names,
    )

    assert members == [("xenofy_fresh_worker", "xenofy_fresh_app")]


def test_making_them_again_makes_nothing(fresh_names: list[str]) -> None:
    ensure_roles()

    assert ensure_roles() == []


def test_a_membership_that_is_gone_is_given_again(fresh_names: list[str]) -> None:
    ensure_roles()
    owner('REVOKE "xenofy_fresh_app" FROM "xenofy_fresh_worker"')

    ensure_roles()

    assert owner("SELECT pg_has_role('xenofy_fresh_worker', 'xenofy_fresh_app', 'USAGE')") == [
        (True,)
    ]


def test_hosts_that_start_together_make_them_once(fresh_names: list[str]) -> None:
    def start(_: int) -> list[str]:
        try:
            return ensure_roles()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(start, range(6)))

    assert sorted(made) == [[], [], [], [], [], fresh_names]


def test_setup_stops_with_the_statements_where_the_owner_may_not_create_roles(
    fresh_names: list[str], administrator: Callable[[str], Any]
) -> None:
    with pytest.raises(CommandError) as stopped:
        call_command("setup", stdout=StringIO())

    text = str(stopped.value)
    assert "may not create roles" in text
    assert "Ask an administrator of the database to run this, then start again" in text
    for name in fresh_names:
        assert f'CREATE ROLE "{name}" LOGIN NOSUPERUSER NOBYPASSRLS' in text
    assert 'GRANT "xenofy_fresh_app" TO "xenofy_fresh_worker";' in text


def test_what_is_printed_for_the_administrator_is_all_that_is_missing(
    fresh_names: list[str], administrator: Callable[[str], Any]
) -> None:
    with pytest.raises(RolesMissing) as missing:
        ensure_roles()

    administrator(missing.value.sql)

    assert ensure_roles() == []
    for alias in LOGINS:
        connections[alias].ensure_connection()


# ── passwords ─────────────────────────────────────────────────────────────────────────────────


def test_a_password_that_no_longer_fits_is_renewed(fresh_names: list[str]) -> None:
    ensure_roles()
    connections["default"].settings_dict["PASSWORD"] = "follows from another SECRET_KEY"
    with pytest.raises(OperationalError):
        connections["default"].ensure_connection()

    renew_passwords()

    connections["default"].ensure_connection()


def test_an_owner_that_may_not_set_passwords_is_told_what_to_ask_for(
    administrator: Callable[[str], Any],
) -> None:
    with pytest.raises(RolesMissing) as missing:
        renew_passwords()

    assert f'ALTER ROLE "{role_names()["app"]}" PASSWORD ' in missing.value.sql


def test_setup_stops_with_the_statements_where_the_owner_may_not_set_passwords(
    administrator: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    login = connections["default"].settings_dict
    connections["default"].close()
    monkeypatch.setitem(login, "PASSWORD", "follows from another SECRET_KEY")
    monkeypatch.setattr("xenofy.management.commands.setup.call_command", lambda *_, **__: None)

    with pytest.raises(CommandError, match="ALTER ROLE"):
        call_command("setup", stdout=StringIO())


# ── refusing ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def login_as(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Make a role with the given attributes and let the web log in as it."""
    login = connections["default"].settings_dict
    usual = {key: login[key] for key in ("USER", "PASSWORD")}
    _drop("xenofy_unsafe")

    def log_in(attributes: str, *grants: str) -> None:
        owner(f"CREATE ROLE xenofy_unsafe LOGIN PASSWORD 'unsafe' {attributes}")
        for grant in grants:
            owner(grant)
        connections["default"].close()
        login.update(USER="xenofy_unsafe", PASSWORD="unsafe")

    yield log_in
    connections["default"].close()
    login.update(usual)
    _drop("xenofy_unsafe")


@pytest.mark.parametrize("attributes, grants, words", [
    ("SUPERUSER", [], "is a superuser"),
    ("BYPASSRLS", [], "bypasses row-level security"),
    ("CREATEROLE", [], "may make itself a member of other roles"),
    ("", ["GRANT {owner} TO xenofy_unsafe"], "owns tenant tables"),
    ("NOINHERIT", ["GRANT {owner} TO xenofy_unsafe"], "owns tenant tables"),
])  # fmt: skip
def test_an_unsafe_login_is_refused(
    attributes: str, grants: list[str], words: str, login_as: Any
) -> None:
    name = f'"{connections["owner"].settings_dict["USER"]}"'
    login_as(attributes, *(grant.format(owner=name) for grant in grants))

    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        refuse_unsafe_role("default")

    assert "one tenant could read another's rows" in str(refused.value)
    assert "DATABASE_APP_URL" in str(refused.value)


def test_the_owners_login_itself_is_refused() -> None:
    login = connections["default"].settings_dict
    usual = {key: login[key] for key in ("USER", "PASSWORD")}
    whole = connections["owner"].settings_dict
    connections["default"].close()
    login.update(USER=whole["USER"], PASSWORD=whole["PASSWORD"])
    try:
        with pytest.raises(ImproperlyConfigured, match="owns tenant tables"):
            refuse_unsafe_role("default")
    finally:
        connections["default"].close()
        login.update(usual)


@pytest.mark.parametrize("alias", LOGINS)
def test_our_own_logins_are_not_refused(alias: str) -> None:
    refuse_unsafe_role(alias)


@pytest.mark.threat(2)
@pytest.mark.parametrize("command", ["web", "worker", "setup"])
def test_no_process_starts_with_an_unsafe_login(
    command: str, login_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Migrating would give the rights of the usual login to this one.
    monkeypatch.setattr("xenofy.management.commands.setup.call_command", lambda *_, **__: None)
    login_as("BYPASSRLS", f'GRANT "{role_names()["app"]}" TO xenofy_unsafe')

    with pytest.raises(ImproperlyConfigured, match="bypasses row-level security"):
        call_command(command, stdout=StringIO())
