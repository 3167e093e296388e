"""The chain of audit entries: nothing in it can be changed without being found."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.utils import timezone

from tenants import audit
from tenants.audit import Action
from tenants.models import AuditEntry, Tenant
from tenants.scope import tenant_scope
from xenofy.verification.tenant import verify_tenant

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)


def note(number: int, **more: Any) -> None:
    audit.note(
        Action.INVITED,
        actor_id=UUID(int=1),
        actor="mena@example.com",
        now=AT + timedelta(minutes=number),
        subject=f"p{number}@example.com",
        detail={"role": "viewer", "b": [1, "ü"], "a": None},
        address="2001:0DB8::1",
        **more,
    )


@pytest.fixture
def four(tenant: Tenant) -> Tenant:
    """A tenant with four entries, written in transactions of their own."""
    for number in range(4):
        with tenant_scope(tenant.id):
            note(number)
    return tenant


def tamper(sql: str) -> None:
    """Do as the owner of the database what the application may not."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)


def found(tenant: Tenant) -> list[int]:
    with tenant_scope(tenant.id):
        return [each.entry.number for each in audit.broken()]


def test_entries_are_numbered_and_hold(four: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(other_tenant.id):
        note(1)

    assert (found(four), found(other_tenant)) == ([], [])
    with tenant_scope(four.id):
        assert list(AuditEntry.objects.order_by("at").values_list("number", flat=True)) == [
            1, 2, 3, 4]  # fmt: skip


@pytest.mark.threat(13)
@pytest.mark.parametrize(
    "change",
    [
        "subject = 'other@example.com'",
        "actor = 'other@example.com'",
        "actor_id = NULL",
        "action = 'key.made'",
        "detail = '{}'",
        "at = at + interval '1 microsecond'",
        "ip_address = '192.0.2.1'",
        "sha256 = sha256 || '\\x00'",
        "sha256 = ''",
    ],
)
def test_a_change_of_anything_is_found(four: Tenant, change: str) -> None:
    tamper(f"UPDATE tenants_auditentry SET {change} WHERE number = 2")

    assert found(four)[0] == 2


def test_one_change_is_found_once(four: Tenant) -> None:
    tamper("UPDATE tenants_auditentry SET subject = 'other@example.com' WHERE number = 2")

    assert found(four) == [2]


@pytest.mark.parametrize(("number", "seen_at"), [(1, 2), (2, 3), (3, 4)])
def test_what_is_left_out_is_found(four: Tenant, number: int, seen_at: int) -> None:
    tamper(f"DELETE FROM tenants_auditentry WHERE number = {number}")

    assert found(four) == [seen_at]


def test_numbering_anew_hides_nothing(four: Tenant) -> None:
    tamper("DELETE FROM tenants_auditentry WHERE number = 2")
    tamper("UPDATE tenants_auditentry SET number = number - 1 WHERE number = 3")
    tamper("UPDATE tenants_auditentry SET number = number - 1 WHERE number = 4")

    assert found(four)[0] == 2


def test_what_is_cut_off_at_the_end_changes_the_last_hash(four: Tenant) -> None:
    with tenant_scope(four.id):
        written_down = audit.last_hash()
    tamper("DELETE FROM tenants_auditentry WHERE number = 4")

    assert found(four) == []
    with tenant_scope(four.id):
        assert audit.last_hash() != written_down


def test_entries_that_are_older_than_the_chain_stand_before_it(four: Tenant) -> None:
    tamper("DELETE FROM tenants_auditentry WHERE number > 2")
    tamper("UPDATE tenants_auditentry SET sha256 = ''")
    with tenant_scope(four.id):
        note(5)

        note(6)

    assert found(four) == []
    tamper("UPDATE tenants_auditentry SET sha256 = '' WHERE number = 3")
    assert found(four) == [4]


def test_verify_names_the_entry_and_the_last_hash(four: Tenant) -> None:
    tamper("UPDATE tenants_auditentry SET actor = 'other' WHERE number = 3")

    verified = verify_tenant(four.id, limit=10, progress=lambda *_: None)

    (difference,) = verified.differences.first
    assert difference.metric == "audit entry 3 (member.invited)"
    assert verified.audit.entries == 4
    assert len(verified.audit.last_hash) == 64


def test_of_many_that_write_at_once_each_gets_a_number(tenant: Tenant) -> None:
    together = Barrier(6)

    def write(number: int) -> None:
        try:
            with tenant_scope(tenant.id):
                together.wait()
                note(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))

    assert found(tenant) == []
    with tenant_scope(tenant.id):
        assert AuditEntry.objects.count() == 6


def test_who_reads_a_snapshot_writes_right_after_it(four: Tenant) -> None:
    """Another entry is committed meanwhile, which the snapshot cannot see."""
    with ThreadPoolExecutor(1) as pool, tenant_scope(four.id, snapshot=True):
        AuditEntry.objects.count()
        pool.submit(_write_elsewhere, four.id).result()
        note(5)

    assert found(four) == []
    with tenant_scope(four.id):
        assert AuditEntry.objects.count() == 6


def _write_elsewhere(tenant_id: UUID) -> None:
    try:
        with tenant_scope(tenant_id):
            audit.note(Action.KEY_MADE, actor_id=None, actor="x", now=timezone.now())
    finally:
        connection.close()


def test_what_was_rolled_back_is_not_written(tenant: Tenant) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(tenant.id, snapshot=True):
        note(1)
        raise ZeroDivisionError

    with tenant_scope(tenant.id):
        assert not AuditEntry.objects.exists()
