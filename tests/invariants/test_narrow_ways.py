"""What must look across tenants does so through a login of its own and sees no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth import authenticate
from django.db import Error, connections, transaction

from analytics.models import SelfCheck
from analytics.rollups import tenants_with_marks
from shop_data.models import (
    ApiBudget,
    Customer,
    Errand,
    Order,
    PrivacyRequest,
    Rederivation,
    RollupMark,
)
from tenants.connections import claims_of
from tenants.harden import control_models
from tenants.models import AuditEntry, Tenant, TenantModel
from tenants.scope import tenant_scope
from tests.factories import PASSWORD, ConnectionFactory, MembershipFactory, TenantFactory
from tests.invariants.rows import MODELS, make
from webhooks.models import InboxEvent, TopicBreaker
from webhooks.processing import tenants_with_work

pytestmark = pytest.mark.django_db(transaction=True)
WORK = {
    *(InboxEvent, TopicBreaker, RollupMark, Rederivation, PrivacyRequest, SelfCheck),
    *(ApiBudget, Errand),
}


@contextmanager
def refused(alias: str, words: str) -> Iterator[None]:
    with pytest.raises(Error, match=words), transaction.atomic(using=alias):
        yield


def sql(alias: str, statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall()) if cursor.description else [(cursor.rowcount,)]


@pytest.fixture
def two_tenants(tenant: Tenant, other_tenant: Tenant) -> tuple[Tenant, Tenant]:
    for each in (tenant, other_tenant):
        with tenant_scope(each.id):
            for model in (*WORK, Order, AuditEntry):
                make(model)
    return tenant, other_tenant


@pytest.fixture
def rows_everywhere(tenant: Tenant, other_tenant: Tenant) -> set[UUID]:
    """Return two tenants, each with a row of every model."""
    for each in (tenant, other_tenant):
        with tenant_scope(each.id):
            for model in MODELS:
                make(model)
    return {tenant.id, other_tenant.id}


def tenants_seen(alias: str, model: type[TenantModel]) -> set[UUID]:
    return {tenant for (tenant,) in sql(alias, f'SELECT tenant_id FROM "{model._meta.db_table}"')}


# ── the worker ────────────────────────────────────────────────────────────────────────────────


def test_the_worker_finds_work_of_all_tenants(two_tenants: tuple[Tenant, Tenant]) -> None:
    with tenant_scope(two_tenants[0].id):
        due = InboxEvent.objects.get().next_attempt_at.replace(year=2030)

    ids = {tenant.id for tenant in two_tenants}
    assert set(tenants_with_work(now=due)) == ids
    assert set(tenants_with_marks()) == ids


def test_the_worker_reads_across_tenants_what_is_work_and_nothing_else(
    rows_everywhere: set[UUID],
) -> None:
    seen = {model for model in MODELS if tenants_seen("worker", model)}

    assert seen == WORK == {model for model in MODELS if model.worker_sees_all}
    for model in WORK:
        assert tenants_seen("worker", model) == rows_everywhere


@pytest.mark.parametrize("model", sorted(WORK, key=str))
def test_the_worker_changes_nothing_across_tenants(
    model: type[TenantModel], two_tenants: tuple[Tenant, Tenant]
) -> None:
    table = model._meta.db_table

    assert sql("worker", f'DELETE FROM "{table}"') == [(0,)]
    assert sql("worker", f'UPDATE "{table}" SET id = id') == [(0,)]
    with refused("worker", "row-level security"):
        sql(
            "worker",
            "INSERT INTO shop_data_rollupmark (tenant_id, id, day) VALUES (%s, %s, '2026-01-01')",
            two_tenants[0].id,
            two_tenants[1].id,
        )


@pytest.mark.parametrize("model", sorted(WORK, key=str))
def test_the_application_does_not_have_the_workers_view(
    model: type[TenantModel], two_tenants: tuple[Tenant, Tenant]
) -> None:
    assert sql("default", f'SELECT 1 FROM "{model._meta.db_table}"') == []


# ── staff ─────────────────────────────────────────────────────────────────────────────────────


def test_staff_read_every_tenant_and_change_none(rows_everywhere: set[UUID]) -> None:
    for model in MODELS:
        assert tenants_seen("staff", model) == rows_everywhere
        for statement in (
            "UPDATE {} SET id = id",
            "DELETE FROM {}",
            "INSERT INTO {} DEFAULT VALUES",
        ):
            with refused("staff", "permission denied"):
                sql("staff", statement.format(f'"{model._meta.db_table}"'))


def test_staff_cannot_become_another_login() -> None:
    for alias in ("default", "worker", "owner"):
        with refused("staff", "permission denied"):
            sql("staff", f'SET ROLE "{connections[alias].settings_dict["USER"]}"')


# ── before a tenant is known ──────────────────────────────────────────────────────────────────


def test_login_and_the_way_from_a_domain_to_its_tenant_need_no_scope() -> None:
    membership = MembershipFactory()
    connection = ConnectionFactory(tenant=membership.tenant)

    user = authenticate(username=membership.user.email, password=PASSWORD)

    assert user == membership.user
    assert [claim.tenant_id for claim in claims_of(connection.domain)] == [membership.tenant_id]


def test_control_tables_do_not_lead_into_tenant_tables() -> None:
    """A foreign key from there could join its way past the tenant."""
    for model in control_models():
        for field in model._meta.get_fields():
            target = field.related_model
            assert not (isinstance(target, type) and issubclass(target, TenantModel)), field


def test_tenant_tables_lead_to_no_control_table_but_the_tenant() -> None:
    for model in MODELS:
        for field in model._meta.get_fields():
            target = field.related_model
            is_ours = isinstance(target, type) and issubclass(target, TenantModel)
            assert target is None or target is Tenant or is_ours, field


def test_customers_of_two_tenants_with_one_e_mail_stay_apart() -> None:
    first, second = TenantFactory(), TenantFactory()
    for tenant in (first, second):
        with tenant_scope(tenant.id):
            make(Customer, email="same@example.com")

    with tenant_scope(first.id):
        assert Customer.objects.get(email="same@example.com").tenant_id == first.id
