"""How the shop stands against Shopify: the part of data health, as a page and as JSON."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from shop_data.models import Reconciliation, SalesDifference
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.factories import ConnectionFactory
from tests.shops import Shop
from tests.xenofy.test_data_health import PAGE, REPORT, signed_in

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 4, 3, 4, tzinfo=UTC)


def done(tenant: Tenant, **values: Any) -> Reconciliation:
    """Write a reconciliation that came to its end."""
    with tenant_scope(tenant.id):
        given = {
            "state": "done", "begun_at": AT, "ended_at": AT + timedelta(minutes=3),
            "first_day": date(2026, 10, 1), "last_day": date(2026, 11, 3),
            "referee": "shopifyql", "counts": {"orders": [120, 119]}, "read": 1, **values,
        }  # fmt: skip
        found: Reconciliation = Reconciliation.objects.create(**given)
        return found


def differing(tenant: Tenant, of: Reconciliation, **values: Any) -> None:
    with tenant_scope(tenant.id):
        SalesDifference.objects.create(**{
            "of": of, "day": date(2026, 11, 2), "metric": "netSales", "currency": "EUR",
            "ours": 1000, "theirs": 3050, "orders": [["77", "#1003"]], "order_count": 1, **values,
        })  # fmt: skip


def report(user: User) -> Any:
    api = Api()
    return api.get(REPORT, api.sign_in(user)["token"]).json()["reconciliation"]


def test_before_the_first_comparison_nothing_is_said_to_agree(owner: User) -> None:
    found = report(owner)

    assert (found["agrees"], found["checkedAt"], found["differences"]) == (None, None, [])
    page = signed_in(owner).get(PAGE).text
    assert "Not compared with Shopify yet." in page
    assert "{#" not in page


def test_what_was_healed_is_history_and_agrees(tenant: Tenant, owner: User) -> None:
    differing(tenant, done(tenant), healed_at=AT)

    found, page = report(owner), signed_in(owner).get(PAGE).text

    assert (found["agrees"], found["checkedAt"]) == (True, "2026-11-04T03:07:00.000Z")
    assert found["counts"] == [{"resource": "orders", "shopify": 120, "xenofy": 119}]
    [one] = found["differences"]
    assert (one["xenofy"], one["shopify"]) == (10.0, 30.5)
    assert one["orders"] == [{"shopifyId": "77", "name": "#1003"}]
    assert "All figures of 1 Oct – 3 Nov agree with Shopify" in page
    assert "#1003" in page and "/orders/77/" not in page  # it is not here


def test_what_is_open_is_said_first(tenant: Tenant, owner: User) -> None:
    of = done(tenant)
    differing(tenant, of, orders=[], order_count=0)
    differing(tenant, of, metric="totalSales", healed_at=AT)

    found, page = report(owner), signed_in(owner).get(PAGE).text

    assert found["agrees"] is False
    assert "1 figure of 1 Oct – 3 Nov differ" in page
    assert "The whole day" in page


def test_why_it_failed_stands_there_and_the_one_before_still_counts(
    tenant: Tenant, owner: User
) -> None:
    done(tenant)
    why = "What Shopify collected of orders was not whole 3 times."
    done(tenant, state="failed", begun_at=AT + timedelta(days=1), trouble=why)

    found = report(owner)

    assert (found["trouble"], found["agrees"]) == (why, True)
    assert why in signed_in(owner).get(PAGE).text


def test_another_shop_sees_none_of_it(tenant: Tenant, other_owner: User) -> None:
    differing(tenant, done(tenant))

    assert report(other_owner)["agrees"] is None


def test_a_report_is_uploaded_on_the_page(tenant: Tenant, owner: User, viewer: User) -> None:
    def upload(user: User, content: bytes) -> Any:
        file = SimpleUploadedFile("sales.csv", content, content_type="text/csv")
        return signed_in(user).post(f"{PAGE}report/", {"report": file}, follow=True)

    Shop(ConnectionFactory(tenant=tenant)).process(("shop/update", {"id": 1, "currency": "EUR"}))

    assert upload(viewer, b"").status_code == 403
    assert "no report of sales by day" in upload(owner, b"Product\nx\n").text
    said = upload(owner, b"Day,Net sales\n2026-11-03,12.50\n").text
    assert "1 figure of 3 Nov" in said
    assert report(owner)["differences"][0]["shopify"] == 12.5
