"""The proof line says how its days stand against Shopify, and no more than a check has found."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from analytics.enums import Lens
from analytics.ledger_sums import money_of_window
from analytics.metrics import METRICS
from analytics.periods import Period
from analytics.reports import unchanged
from shop_data.models import Reconciliation, SalesDifference
from shop_data.reconciliation.lines import figures_of_days
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, history
from tests.analytics.pages import seen

FIRST, LAST = date(2026, 9, 24), date(2026, 11, 22)


@pytest.fixture
def told(page: Client, books: Books, now: datetime) -> Books:
    history(books)
    return books


def reconciled(books: Books, now: datetime, *, last: date = LAST, **difference: Any) -> None:
    """Write that days were compared an hour ago, and what differed."""
    unchanged.forget()
    at = now - timedelta(hours=1)
    with tenant_scope(books.connection.tenant_id):
        done = Reconciliation.objects.create(
            state="done", begun_at=at, ended_at=at, first_day=FIRST, last_day=last
        )
        if difference:
            SalesDifference.objects.create(
                of=done, currency="INR", day=date(2026, 11, 3), metric="netSales", **difference
            )


def test_days_that_agree_say_so_with_the_moment(page: Client, told: Books, now: datetime) -> None:
    reconciled(told, now)

    found = seen(page)

    assert found.proof == (
        "Equal to the 61 ledger rows behind it."
        " Agrees with Shopify, checked 23 Nov, 2:12 pm. See the check"
    )
    assert "/data-health/#shopify" in page.get("/").text


def test_days_after_the_check_are_not_claimed(page: Client, told: Books, now: datetime) -> None:
    reconciled(told, now, last=date(2026, 11, 20))

    assert "Agrees with Shopify up to 20 Nov, checked" in seen(page).proof


def test_days_before_the_check_are_unknown(page: Client, told: Books, now: datetime) -> None:
    reconciled(told, now)

    proof = seen(page, "/?start=2026-09-01&end=2026-11-01").proof

    assert "Not yet compared with Shopify." in proof


def test_returns_on_the_day_of_their_order_were_not_compared(
    page: Client, told: Books, now: datetime
) -> None:
    reconciled(told, now)

    assert "Not yet compared with Shopify." in seen(page, "/?lens=order").proof


def test_what_differs_is_named_with_its_day(page: Client, told: Books, now: datetime) -> None:
    reconciled(told, now, ours=100, theirs=2150)

    assert "Net sales: ₹20.50 apart from Shopify on 3 Nov, checked 23 Nov" in seen(page).proof


def test_what_was_healed_agrees(page: Client, told: Books, now: datetime) -> None:
    reconciled(told, now, ours=100, theirs=2150, healed_at=now)

    assert "Agrees with Shopify, checked" in seen(page).proof


def test_both_statements_are_the_same_sums(told: Books, now: datetime) -> None:
    with tenant_scope(told.connection.tenant_id):
        compared = figures_of_days(FIRST, LAST, "INR")
        shown = money_of_window(Period(FIRST, LAST), "INR", lens=Lens.EVENT)

    totals: Counter[str] = Counter()
    for figure, amount in compared.items():
        totals[figure.metric] += amount
    assert totals
    assert totals == {name: METRICS[name].of(shown) for name in totals}
