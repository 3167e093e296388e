"""What must not stand in our source, whoever writes it."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps
from django.db import models

from tests.invariants.source import PACKAGES, ROOT, modules, nodes, strings

OURS = [model for app in PACKAGES[:-1] for model in apps.get_app_config(app).get_models()]
each_model = pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)


def test_the_tenant_is_never_set_for_a_session() -> None:
    """`set_config` does not reach the servers of Citus, and SET outlives the transaction.

    DISCARD forgets what others set on a connection; plans are nobody's.
    """
    forbidden = re.compile(
        r"set_config\s*\(|\bSET\s+(SESSION\s+)?xenofy\.|\bDISCARD\b(?!\s+PLANS\b)|\bSET\s+ROLE\b",
        re.IGNORECASE,
    )

    assert [place for place, text in strings() if forbidden.search(text)] == []


def test_only_the_scope_sets_the_tenant() -> None:
    naming = {place.partition("::")[0] for place, text in strings() if "xenofy.tenant_id" in text}

    assert naming == {"tenants/scope.py", "tenants/harden.py"}  # harden has the policy's text


def test_no_sql_does_what_cannot_be_spread_over_servers() -> None:
    """docs/decisions/0001-tenancy.md has the list; triggers and the like are held by the schema."""
    kinds = r"(OR\s+REPLACE\s+)?(TRIGGER|FUNCTION|PROCEDURE|VIEW|MATERIALIZED)"
    statement = re.compile(
        rf"^\s*(MERGE\s+INTO|CREATE\s+{kinds}|LOCK\s+TABLE|TRUNCATE)\b",
        re.IGNORECASE | re.MULTILINE,
    )
    locks = re.compile(r"pg_(try_)?advisory_\w*lock")

    found = {place for place, text in strings() if statement.search(text)}
    locking = {place for place, text in strings() if locks.search(text)}

    assert found == set()
    assert locking == {"tenants/roles.py::ensure_roles"}  # at the owner's own server only


def test_no_statement_changes_rows_on_its_way_to_others() -> None:
    """A CTE with INSERT, UPDATE or DELETE cannot be spread over servers."""
    changing = re.compile(
        r"\bAS\s*(NOT\s+)?(MATERIALIZED\s*)?\(\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE
    )

    assert changing.search("WITH gone AS MATERIALIZED (DELETE FROM mark RETURNING *)")
    assert [place for place, text in strings() if changing.search(text)] == []


def test_no_migration_works_through_rows_or_sets_the_tenant() -> None:
    """In no tenant's scope, the models of a migration would see no rows."""
    migrations = [
        file for package in PACKAGES for file in (ROOT / package).glob("**/migrations/*.py")
    ]
    forbidden = re.compile(r"\bRunPython\b|set_config\s*\(")

    assert migrations
    assert [str(file) for file in migrations if forbidden.search(file.read_text())] == []


def test_on_conflict_sets_no_moment_of_the_database() -> None:
    setting_now = re.compile(r"DO UPDATE SET.*\bnow\(\)", re.IGNORECASE | re.DOTALL)

    assert [place for place, text in strings() if setting_now.search(text)] == []


def test_signals_are_used_once_for_what_follows_a_migration() -> None:
    importing = {
        place
        for place, node in nodes()
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    }

    assert importing == {"tenants/apps.py::"}


def test_no_model_or_form_overrides_save() -> None:
    found = {
        place
        for place, node in nodes()
        if isinstance(node, ast.FunctionDef) and node.name == "save"
    }

    assert found == set()


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"services", "utils", "helpers", "constants", "misc"}
    names = {path: path.rpartition("/")[2].removesuffix(".py") for path in modules()}

    assert [path for path, name in names.items() if name in empty] == []


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    lengths = {path: (ROOT / path).read_text().count("\n") for path in modules()}

    assert {path: length for path, length in lengths.items() if length > 330} == {}


@each_model
def test_models_leave_the_order_of_rows_to_whoever_asks(model: type[models.Model]) -> None:
    assert model._meta.ordering == []


@each_model
def test_models_say_what_a_row_is(model: type[models.Model]) -> None:
    own = next(cls for cls in model.__mro__ if "__str__" in vars(cls))

    assert own.__module__.partition(".")[0] in PACKAGES
    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")


@each_model
def test_models_have_no_relation_that_makes_a_table_of_its_own(model: type[models.Model]) -> None:
    """A many-to-many or an inherited table would have no tenant."""
    own = [field for field in model._meta.local_many_to_many if field.name not in {
        "groups", "user_permissions"}]  # fmt: skip

    assert own == []
    assert not model._meta.parents
