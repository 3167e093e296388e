"""The demo store looks like a shop: loose bounds on what its figures will show."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.demo.conftest import END, ORDERS, Told, tell
from xenofy.demo import calendar
from xenofy.demo.history import History

Body = dict[str, Any]


@pytest.fixture(scope="module")
def full() -> History:
    """Return a history of the size that people see; only its visits are made here."""
    return History(seed=7, orders=30_000, end=END)


@pytest.fixture(scope="module")
def by_day(full: History) -> Counter[date]:
    return Counter(calendar.day_of(visit.at) for visit in full.visits)


@pytest.fixture(scope="module")
def placed(told: list[Told]) -> list[Body]:
    return [body for one in told for body in one.bodies("orders/create")]


@pytest.fixture(scope="module")
def settled(told: list[Told]) -> list[Body]:
    """Return each order that is old enough to be over, as it stands at the end."""
    long_ago = END - timedelta(days=60)
    return [one.bodies(*ORDERS)[-1] for one in told if one.visit.at < long_ago]


def test_there_are_as_many_orders_as_asked_for(full: History) -> None:
    assert len(full.visits) == pytest.approx(30_000, rel=0.03)


def test_the_shop_grows(by_day: Counter[date]) -> None:
    before = _orders_in(by_day, date(2025, 2, 1), date(2025, 4, 30))
    after = _orders_in(by_day, date(2026, 2, 1), date(2026, 4, 30))

    assert 1.2 < after / before < 2.0


@pytest.mark.parametrize("year", [2025, 2026])
def test_diwali_lifts_the_days_before_and_quiets_the_days_after(
    by_day: Counter[date], year: int
) -> None:
    diwali = calendar.DIWALI[year]

    before = _orders_in(by_day, diwali - timedelta(days=11), diwali - timedelta(days=1)) / 11
    after = _orders_in(by_day, diwali, diwali + timedelta(days=9)) / 10

    assert before > 1.6 * after


def test_weekends_are_busier(full: History) -> None:
    by_weekday = Counter(calendar.day_of(visit.at).weekday() for visit in full.visits)

    assert by_weekday[5] + by_weekday[6] > 1.1 * (by_weekday[1] + by_weekday[2])


def test_evenings_are_busiest(full: History) -> None:
    by_hour = Counter(visit.at.astimezone(calendar.ZONE).hour for visit in full.visits)

    assert max(by_hour, key=lambda hour: by_hour[hour]) in {20, 21, 22}
    assert sum(by_hour[hour] for hour in range(6)) < 0.06 * len(full.visits)


def test_buyers_come_back(full: History) -> None:
    orders = Counter(visit.customer for visit in full.visits if visit.customer is not None)
    lately = [visit for visit in full.visits if visit.at > END - timedelta(days=180)]

    assert 0.22 < sum(count > 1 for count in orders.values()) / len(orders) < 0.45
    assert 0.35 < sum(visit.nth > 1 for visit in lately) / len(lately) < 0.55


def test_the_month_after_the_first_order_brings_more_back_than_later_ones(full: History) -> None:
    first = {visit.customer: visit.at for visit in full.visits if visit.nth == 1}
    months = Counter(
        (visit.at - first[visit.customer]).days // 30 for visit in full.visits if visit.nth > 1
    )

    assert months[0] > months[3] > months[9]


def test_some_buyers_are_guests(full: History) -> None:
    assert 0.05 < sum(visit.nth == 0 for visit in full.visits) / len(full.visits) < 0.13


def test_baskets_are_of_a_handloom_shop(placed: list[Body]) -> None:
    totals = [Decimal(body["total_price"]) for body in placed]
    lines = [len(body["line_items"]) for body in placed]

    assert 1_500 < sum(totals) / len(totals) < 3_000
    assert 1.2 < sum(lines) / len(lines) < 1.8
    assert min(totals) >= 0


def test_few_products_make_most_of_the_units(placed: list[Body]) -> None:
    units: Counter[int] = Counter()
    for body in placed:
        for line in body["line_items"]:
            units[line["product_id"]] += line["quantity"]

    best = sum(count for _, count in units.most_common(10))

    assert 0.4 < best / units.total() < 0.75
    assert len(units) > 90


def test_every_way_to_buy_and_to_pay_occurs(placed: list[Body]) -> None:
    assert {body["source_name"] for body in placed} >= {"web", "pos", "instagram"}
    assert {name for body in placed for name in body["payment_gateway_names"]} >= {
        *("upi", "card", "cash", "gift_card"),
        "Cash on Delivery (COD)",
    }


def test_some_orders_go_abroad_and_are_seen_in_another_currency(placed: list[Body]) -> None:
    abroad = [body for body in placed if body["presentment_currency"] != "INR"]

    assert 0.01 < len(abroad) / len(placed) < 0.08
    assert all(body["total_tax"] == "0.00" for body in abroad)


def test_discounts_come_as_codes_and_by_themselves(placed: list[Body]) -> None:
    kinds = Counter(item.get("code") or item["title"]
                    for body in placed for item in body["discount_applications"])  # fmt: skip

    assert {"DIWALI15", "WELCOME10", "End of season", "Any three, 10% off"} <= set(kinds)
    with_discount = sum(bool(body["discount_applications"]) for body in placed)
    assert 0.12 < with_discount / len(placed) < 0.4


def test_the_diwali_code_is_used_before_diwali_only(placed: list[Body]) -> None:
    for body in placed:
        if any(code["code"] == "DIWALI15" for code in body["discount_codes"]):
            day = date.fromisoformat(body["created_at"][:10])

            assert 1 <= (calendar.DIWALI[day.year] - day).days <= 11


def test_a_few_orders_are_refunded_cancelled_and_edited(
    settled: list[Body], told: list[Told]
) -> None:
    refunded = sum(bool(body["refunds"]) for body in settled)
    cancelled = sum(body["cancelled_at"] is not None for body in settled)
    edited = sum(bool(one.bodies("orders/edited")) for one in told)

    assert 0.03 < refunded / len(settled) < 0.12
    assert 0.02 < cancelled / len(settled) < 0.08
    assert 0.005 < edited / len(told) < 0.04


def test_what_is_over_is_sent_or_cancelled(settled: list[Body]) -> None:
    for body in settled:
        assert body["test"] or body["cancelled_at"] or body["fulfillment_status"] == "fulfilled"


def test_checkouts_are_left_standing_as_often_as_in_other_shops(told: list[Told]) -> None:
    checkouts = [body for one in told
                 for body in one.bodies("checkouts/create", "checkouts/update")]  # fmt: skip
    completed = sum(body["completed_at"] is not None for body in checkouts)

    assert 0.45 < completed / len(checkouts) < 0.75


def test_there_are_few_deliveries_an_order() -> None:
    history = History(seed=3, orders=900, end=END)
    count = sum(len(one.deliveries) for one in tell(history, history.visits[::3]))

    assert count / len(history.visits[::3]) < 3.5


def test_nobody_has_an_address_that_could_be_real(told: list[Told]) -> None:
    mails = {body["email"] for one in told for body in one.bodies("orders/create") if body["email"]}

    assert all(mail.endswith(("@example.com", "@example.net", "@example.org")) for mail in mails)
    assert all(mail.isascii() for mail in mails)


def _orders_in(by_day: Counter[date], first: date, last: date) -> int:
    return sum(count for day, count in by_day.items() if first <= day <= last)
