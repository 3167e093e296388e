"""One statement as a tenant's whole transaction: bound by the policies, and leaving no trace."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from shop_data.models import RollupMark
from tenants.models import Tenant
from tenants.scope import WrongTenant, run_for_tenant, tenant_scope
from xenofy.common.identifiers import uuid7

MARK = "INSERT INTO shop_data_rollupmark (tenant_id, id, day) VALUES ($1, $2, '2026-03-02')"
committing = pytest.mark.django_db(transaction=True)


def marks(tenant: Tenant) -> int:
    with tenant_scope(tenant.id):
        return RollupMark.objects.count()


def told() -> str:
    """Return what PostgreSQL believes the tenant to be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('xenofy.tenant_id', true), '')")
        return str(cursor.fetchone()[0])


@committing
def test_the_statement_is_committed_in_one_message(tenant: Tenant) -> None:
    with CaptureQueriesContext(connection) as sent:
        run_for_tenant(tenant.id, MARK, [tenant.id, uuid7()])

    assert len(sent.captured_queries) == 1
    assert told() == ""
    assert marks(tenant) == 1


@committing
def test_another_tenants_row_is_refused_and_nobody_stays_set(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        run_for_tenant(tenant.id, MARK, [other_tenant.id, uuid7()])

    assert told() == ""
    assert (marks(tenant), marks(other_tenant)) == (0, 0)


def test_the_scope_around_it_goes_on(scope: Tenant) -> None:
    run_for_tenant(scope.id, MARK, [scope.id, uuid7()])

    assert told() == str(scope.id)
    assert RollupMark.objects.count() == 1


def test_another_tenants_scope_is_refused(scope: Tenant) -> None:
    other = uuid7()

    with pytest.raises(WrongTenant):
        run_for_tenant(other, MARK, [other, uuid7()])
