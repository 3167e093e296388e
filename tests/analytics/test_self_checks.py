"""Each night some days are summed again; what differed is counted, logged and mended."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from analytics.models import SalesDay, SelfCheck
from analytics.self_checks import check_when_due, night_before
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.rollup_oracle import expected, stored
from xenofy.worker import Worker

KOLKATA = ZoneInfo("Asia/Kolkata")
DAY = date(2026, 11, 4)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November in Kolkata."""
    return datetime(2026, 11, day, hour, minute, tzinfo=KOLKATA)


def damage(books: Books) -> None:
    with tenant_scope(books.connection.tenant_id):
        SalesDay.objects.filter(day=DAY, dimension="total").update(gross_sales=1)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (at(5, 3), at(5, 3)),
        (at(5, 2, 59), at(4, 3)),
        (at(5, 23), at(5, 3)),
        (datetime(2026, 11, 4, 21, 30, tzinfo=UTC), at(5, 3)),
    ],
)
def test_nights_begin_at_three_in_the_shop(now: datetime, begins: datetime) -> None:
    assert night_before(now, KOLKATA) == begins


def test_a_check_counts_logs_and_mends_what_drifted(
    books: Books, tenant: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", customer=7))
    damage(books)

    drift = check_when_due(tenant.id, now=at(5, 4))

    assert drift == 1
    (said,) = [each for each in caplog.records if each.name == "analytics.self_checks"]
    assert (said.levelno, said.rollup_drift_rows) == (logging.ERROR, 1)  # type: ignore[attr-defined]
    with tenant_scope(tenant.id):
        assert SelfCheck.objects.get().differing_rows == 1
        assert stored() == expected()


def test_one_check_a_night(books: Books, tenant: Tenant) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"))
    check_when_due(tenant.id, now=at(5, 4))
    damage(books)

    assert check_when_due(tenant.id, now=at(6, 2)) == 0
    assert check_when_due(tenant.id, now=at(6, 3)) == 1


def test_a_check_without_drift_leaves_the_version(books: Books, tenant: Tenant) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00"))

    assert check_when_due(tenant.id, now=at(5, 4)) == 0

    with tenant_scope(tenant.id):
        assert list(SelfCheck.objects.values_list("differing_rows", flat=True)) == [0]


@pytest.mark.django_db(transaction=True)
def test_the_worker_checks_every_tenant_in_turn(
    books: Books, tenant: Tenant, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xenofy.worker.CHECK_EVERY", 0)
    books.take(an_order(1, "2026-11-04T12:00:00"))
    worker = Worker()

    for _ in range(3):  # looks for tenants, then one after the other
        worker.check_round()

    for each in (tenant, other_tenant):
        with tenant_scope(each.id):
            assert SelfCheck.objects.count() == 1
