"""The second layer alone: PostgreSQL keeps tenants apart where no manager helps.

Everything here goes past the managers: raw SQL, `unscoped`, a session that tries to free itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, connections, transaction
from django.utils import timezone

from shop_data.models import Customer, Order, RollupMark, Sale
from tenants.models import AuditEntry, Tenant, TenantModel
from tenants.roles import role_names
from tenants.scope import tenant_scope
from tests.invariants.rows import MODELS, columns, is_single, make
from xenofy.common.identifiers import uuid7

pytestmark = pytest.mark.django_db
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
changeable = pytest.mark.parametrize(
    "model", [m for m in MODELS if m is not AuditEntry], ids=lambda model: model._meta.label
)

MINE, OTHER = uuid7(), uuid7()


@contextmanager
def refused(words: str) -> Iterator[None]:
    """Expect the database to refuse what is inside with these words."""
    with pytest.raises(Error, match=words), transaction.atomic():
        yield


def sql(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]


def both(model: type[TenantModel]) -> tuple[Any, Any]:
    """Return a row of each tenant."""
    with tenant_scope(MINE):
        mine = make(model)
    with tenant_scope(OTHER):
        return mine, make(model)


@each_model
def test_raw_sql_in_a_scope_reads_own_rows_only(model: type[TenantModel]) -> None:
    mine, other = both(model)
    table = model._meta.db_table

    with tenant_scope(MINE):
        assert sql(f'SELECT tenant_id, id FROM "{table}"') == [(MINE, mine.pk)]
        assert sql(f'SELECT 1 FROM "{table}" WHERE id = %s', other.pk) == []
        assert sql(f'SELECT 1 FROM "{table}" WHERE tenant_id = %s', OTHER) == []


@pytest.mark.threat(3)
@each_model
def test_no_row_is_read_outside_a_scope(model: type[TenantModel]) -> None:
    both(model)

    assert sql(f'SELECT 1 FROM "{model._meta.db_table}"') == []
    assert not model.unscoped.exists()


@each_model
def test_unscoped_reads_own_rows_only(model: type[TenantModel]) -> None:
    mine, _ = both(model)

    with tenant_scope(MINE):
        assert [row.pk for row in model.unscoped.all()] == [mine.pk]


@changeable
def test_raw_sql_in_a_scope_changes_own_rows_only(model: type[TenantModel]) -> None:
    _, other = both(model)
    table = model._meta.db_table

    with tenant_scope(MINE):
        assert sql(f'UPDATE "{table}" SET id = id WHERE tenant_id = %s', OTHER) == [(0,)]
        assert sql(f'UPDATE "{table}" SET id = id') == [(1,)]
        assert sql(f'DELETE FROM "{table}" WHERE id = %s', other.pk) == [(0,)]
        assert sql(f'DELETE FROM "{table}"') == [(1,)]
    with tenant_scope(OTHER):
        assert sql(f'SELECT id FROM "{table}"') == [(other.pk,)]


@changeable
def test_a_row_cannot_be_moved_to_another_tenant(model: type[TenantModel]) -> None:
    both(model)

    with tenant_scope(MINE), refused("row-level security"):
        sql(f'UPDATE "{model._meta.db_table}" SET tenant_id = %s', OTHER)


@each_model
def test_a_row_cannot_be_written_for_another_tenant(model: type[TenantModel]) -> None:
    with tenant_scope(OTHER):
        row = make(model)
        values = {**columns(row), "id": uuid7()}
        if is_single(model):
            model.unscoped.all().delete()

    with tenant_scope(MINE), refused("row-level security"):
        model.unscoped.bulk_create([model(**values)])


@each_model
def test_no_row_is_written_outside_a_scope(model: type[TenantModel]) -> None:
    with tenant_scope(MINE):
        values = {**columns(make(model)), "id": uuid7()}

    with refused("row-level security"):
        model.unscoped.bulk_create([model(**values)])
    assert model is AuditEntry or model.unscoped.all().delete()[0] == 0


@changeable
def test_upsert_cannot_reach_another_tenants_row(model: type[TenantModel]) -> None:
    _, other = both(model)
    table = model._meta.db_table
    names = ", ".join(f'"{name}"' for name in columns(other))

    with tenant_scope(MINE):
        (copied,) = sql(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE id = %s'
            " ON CONFLICT (tenant_id, id) DO UPDATE SET id = excluded.id",
            other.pk,
        )

    assert copied == (0,)


def test_a_function_of_the_session_never_sees_another_tenants_row() -> None:
    """A cheap function in WHERE would be called first, were the policy no security barrier."""
    both(Customer)
    sql("CREATE TEMP TABLE seen (id uuid) ON COMMIT DROP")
    sql(
        "CREATE FUNCTION pg_temp.leak(uuid) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
        " $$ BEGIN INSERT INTO seen VALUES ($1); RETURN true; END $$"
    )

    with tenant_scope(MINE):
        sql("SELECT 1 FROM shop_data_customer WHERE pg_temp.leak(tenant_id)")

        assert sql("SELECT DISTINCT id FROM seen") == [(MINE,)]


def test_an_error_tells_nothing_of_another_tenants_rows() -> None:
    """Two tenants hold the same Shopify id: a unique constraint must not say so."""
    with tenant_scope(OTHER):
        other = make(Order)

    with tenant_scope(MINE):
        make(Order, shopify_id=other.shopify_id, id=other.pk)

        assert Order.objects.count() == 1


def test_statistics_of_columns_are_hidden() -> None:
    both(Order)

    assert sql("SELECT 1 FROM pg_stats WHERE tablename = 'shop_data_order'") == []


@pytest.mark.parametrize("statement", [
    "ALTER TABLE shop_data_order DISABLE ROW LEVEL SECURITY",
    "DROP POLICY same_tenant ON shop_data_order",
    "CREATE POLICY all_mine ON shop_data_order USING (true)",
    "TRUNCATE shop_data_order",
    "DROP TABLE shop_data_order",
    "SET ROLE {owner}",
    "SET ROLE {worker}",
    "SET ROLE {staff}",
    "SET SESSION AUTHORIZATION {owner}",
    "ALTER ROLE {app} BYPASSRLS",
    "GRANT {owner} TO {app}",
    "CREATE FUNCTION public.peek() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE VIEW public.peek AS SELECT * FROM shop_data_order",
    "COPY shop_data_order TO PROGRAM 'true'",
])  # fmt: skip
def test_the_application_cannot_free_itself(statement: str) -> None:
    logins = {**role_names(), "owner": connections["owner"].settings_dict["USER"]}
    names = {kind: f'"{name}"' for kind, name in logins.items()}

    with tenant_scope(MINE), refused("denied|must be owner|not allowed|permission|may not|only"):
        sql(statement.format(**names))


def test_switching_row_security_off_is_an_error_and_no_way_round() -> None:
    both(Order)

    with tenant_scope(MINE):
        sql("SET LOCAL row_security = off")

        with refused("row-level security"):
            sql("SELECT 1 FROM shop_data_order")


@pytest.mark.threat(13)
def test_audit_entries_are_only_ever_appended() -> None:
    with tenant_scope(MINE):
        make(AuditEntry)

        with refused("permission denied"):
            AuditEntry.objects.update(action="nothing")
        with refused("permission denied"):
            AuditEntry.objects.get().save()
        AuditEntry.objects.all().delete()
        sql("DELETE FROM tenants_auditentry")

        assert AuditEntry.objects.count() == 1


def test_audit_entries_go_with_an_erased_shop_alone() -> None:
    Tenant.objects.create(id=MINE, name="Erased shop", erased_at=timezone.now())
    for tenant_id in (MINE, OTHER):
        with tenant_scope(tenant_id):
            make(AuditEntry)
            sql("DELETE FROM tenants_auditentry")

    with tenant_scope(MINE):
        assert not AuditEntry.objects.exists()
    with tenant_scope(OTHER):
        assert AuditEntry.objects.count() == 1


def test_ledger_and_marks_of_two_tenants_may_be_the_same_but_for_the_tenant() -> None:
    for model in (Sale, RollupMark):
        with tenant_scope(MINE):
            mine = make(model)
        with tenant_scope(OTHER):
            order = {"order_id": make(Order).pk} if model is Sale else {}
            model.objects.create(**{**columns(mine), "tenant_id": OTHER, **order})

            assert model.objects.count() == 1
