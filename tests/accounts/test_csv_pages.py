"""Owners upload CSV exports of Shopify, see what was understood, and let it be imported."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from shop_data.csv_exports import uploads
from shop_data.models import CsvUpload, Order
from tenants import audit
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.shop_data.csv_exports.files import CUSTOMER_COLUMNS, orders_file, written

pytestmark = pytest.mark.django_db
FILES = "/settings/csv/"
Browser = Callable[[User], Client]


def an_export() -> bytes:
    order = OrderBuilder(id=5001, currency="INR")
    order.line("1500.00", 2)
    more = {"Refunded Amount": "100.00"}
    return orders_file(order, **more).replace(b"Receipt Number", b"Wished colour", 1)


def upload(page: Client, *contents: bytes) -> str:
    files = [SimpleUploadedFile(f"orders_{n}.csv", each) for n, each in enumerate(contents)]
    answer = page.post(FILES, {"exports": files})
    assert answer.status_code == 302
    return str(answer["Location"])


def sync(tenant: Tenant) -> None:
    uploads.step(tenant.id, now=timezone.now(), alive=lambda: None)


def test_a_file_is_understood_then_imported(browser: Browser, owner: User, tenant: Tenant) -> None:
    page = browser(owner)
    address = upload(page, an_export())
    assert 'data-live="2"' in page.get(address).text

    sync(tenant)
    seen = page.get(address).text
    assert "1 orders in 1 rows." in seen
    assert "₹3,000.00" in seen
    assert "1 order has been refunded, ₹100.00 in all." in seen
    assert "Wished colour" in seen
    with tenant_scope(tenant.id):
        assert not Order.objects.exists()

    assert 'name="holds_all"' in seen
    page.post(f"{address}confirm/", {"holds_all": "on"})
    sync(tenant)
    assert "1 of 1 said something new." in page.get(address).text
    with tenant_scope(tenant.id):
        assert Order.objects.get().name == "#5001"
        assert CsvUpload.objects.get().holds_all
        assert audit.entries(before=None, limit=1)[0].action == "shop.csv_imported"


def test_what_is_refused_says_its_line(browser: Browser, owner: User, tenant: Tenant) -> None:
    page = browser(owner)
    address = upload(page, an_export().replace(b",3000.00,", b",9999.00,", 1))

    sync(tenant)

    seen = page.get(address).text
    assert "is not what its lines come to" in seen
    assert "Import it" not in seen


def test_several_files_come_at_once(browser: Browser, owner: User, tenant: Tenant) -> None:
    page = browser(owner)

    assert upload(page, an_export(), written(CUSTOMER_COLUMNS, [])) == FILES

    seen = page.get(FILES).text
    assert "orders_0.csv" in seen
    assert "orders_1.csv" in seen


def test_a_file_may_be_forgotten(browser: Browser, owner: User, tenant: Tenant) -> None:
    page = browser(owner)
    address = upload(page, an_export())

    assert "The file is forgotten." in page.post(f"{address}drop/", follow=True).text

    assert "There is nothing to import" in page.post(f"{address}confirm/", follow=True).text
    with tenant_scope(tenant.id):
        assert CsvUpload.objects.get().content is None


def test_nothing_chosen_is_said(browser: Browser, owner: User) -> None:
    answer = browser(owner).post(FILES, {})

    assert answer.status_code == 400
    assert "This field is required." in answer.text


def test_a_year_is_told_by_month(browser: Browser, owner: User, tenant: Tenant) -> None:
    orders = []
    for number in range(70):
        order = OrderBuilder(id=number + 1, at=f"2025-{1 + number % 12:02}-{1 + number % 28:02}")
        order.at += "T10:00:00+00:00"
        order.line("10.00", 1)
        orders.append(order)
    page = browser(owner)
    address = upload(page, orders_file(*orders))

    sync(tenant)

    seen = page.get(address).text
    assert "by month in the shop’s time zone" in seen
    assert "Jan 2025" in seen


def test_others_than_owners_may_not(browser: Browser, analyst: User) -> None:
    page = browser(analyst)

    assert page.get(FILES).status_code == 403
    assert page.post(FILES, {}).status_code == 403
