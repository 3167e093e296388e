"""The demo store's past is the same each time, ends when it should, and repeats no number."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.demo.conftest import ALWAYS, END, ORDERS, Told, read
from xenofy.demo import calendar
from xenofy.demo.history import History

_MOMENT = re.compile(r'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30)"')


def test_the_same_seed_gives_the_same_bytes(told: list[Told]) -> None:
    again = History(seed=3, orders=900, end=END, in_detail=ALWAYS)

    backwards = [again.deliveries(visit) for visit in reversed(again.visits[::3])]

    assert [each.deliveries for each in reversed(told[::3])] == backwards


def test_the_opening_is_the_same_each_time(history: History) -> None:
    again = History(seed=3, orders=900, end=END)

    assert list(again.opening()) == list(history.opening())


def test_another_seed_gives_another_shop(history: History) -> None:
    other = History(seed=4, orders=900, end=END)

    assert other.visits[:20] != history.visits[:20]


def test_a_later_end_leaves_what_happened_before_as_it_was(history: History) -> None:
    longer = History(seed=3, orders=900, end=END + timedelta(hours=6), in_detail=ALWAYS)

    visit = history.visits[0]

    assert longer.deliveries(visit) == history.deliveries(visit)


def test_no_moment_lies_after_the_end(history: History, told: list[Told]) -> None:
    deliveries = [*history.opening(), *(each for one in told for each in one.deliveries)]

    moments = {text for each in deliveries for text in _MOMENT.findall(each.body.decode())}

    assert moments
    assert max(datetime.fromisoformat(text) for text in moments) <= END
    assert max(datetime.fromisoformat(each.headers["triggered-at"]) for each in deliveries) <= END


def test_what_is_told_of_an_order_follows_in_time(told: list[Told]) -> None:
    for one in told:
        updates = [body["updated_at"] for body in one.bodies("orders/create", "orders/updated")]

        assert all(earlier <= later for earlier, later in pairwise(updates))


def test_webhook_ids_are_unique(history: History, told: list[Told]) -> None:
    deliveries = [*history.opening(), *(each for one in told for each in one.deliveries)]

    ids = Counter((each.topic, each.headers["webhook-id"]) for each in deliveries)

    assert ids.most_common(1)[0][1] == 1


def test_numbers_of_a_resource_are_unique(told: list[Told]) -> None:
    found: dict[str, list[int]] = {}
    for one in told:
        body = one.bodies("orders/create", "orders/updated", "orders/paid", "orders/cancelled")[-1]
        for resource, numbers in _numbers(body).items():
            found.setdefault(resource, []).extend(numbers)

    for resource, numbers in found.items():
        assert len(numbers) == len(set(numbers)), resource


def test_every_checkout_has_a_number_of_its_own(told: list[Told]) -> None:
    checkouts = [body["id"] for one in told
                 for body in one.bodies("checkouts/create", "checkouts/update")]  # fmt: skip

    assert len(checkouts) == len(set(checkouts))


def test_months_come_newest_first_and_hold_every_order(history: History) -> None:
    months = history.months()

    assert [month.first for month in months] == sorted(
        (month.first for month in months), reverse=True
    )
    assert len(months) == calendar.MONTHS + 1
    assert sum(len(month.visits) for month in months) == len(history.visits)


def test_older_orders_are_told_in_fewer_steps_and_end_the_same(told: list[Told]) -> None:
    short = History(seed=3, orders=900, end=END)

    for one in told[::7]:
        brief = Told(one.visit, short.deliveries(one.visit))

        assert len(brief.deliveries) <= len(one.deliveries)
        assert brief.bodies(*ORDERS)[-1] == one.bodies(*ORDERS)[-1]
        assert brief.bodies("refunds/create") == one.bodies("refunds/create")


def test_slashes_are_escaped_as_shopify_does(told: list[Told]) -> None:
    body = told[0].deliveries[-1].body

    assert rb"gid:\/\/shopify\/" in body
    assert read(told[0].deliveries[-1])


@pytest.mark.parametrize("end", ["2026-03-31", "2026-12-01", "2028-02-29"])
def test_a_history_begins_with_a_month_two_years_ago(end: str) -> None:
    first = calendar.first_day(datetime.fromisoformat(end).date())

    assert first.day == 1
    assert first <= datetime.fromisoformat(end).date() - timedelta(days=729)


def _numbers(body: dict[str, Any]) -> dict[str, list[int]]:
    refunds = body["refunds"]
    return {
        "order": [body["id"]],
        "name": [body["order_number"]],
        "line": [line["id"] for line in body["line_items"]],
        "shipping": [line["id"] for line in body["shipping_lines"]],
        "fulfillment": [each["id"] for each in body["fulfillments"]],
        "refund": [refund["id"] for refund in refunds],
        "refund part": [
            part["id"]
            for refund in refunds
            for name in ("refund_line_items", "order_adjustments", "transactions")
            for part in refund[name]
        ],
    }
