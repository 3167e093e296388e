"""RFM cells, named groups and segments, counted again in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from analytics.models import CustomerTotal
from tenants.scope import tenant_scope
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import ask

NEW_SINCE = datetime(2026, 10, 24, 18, 30, tzinfo=UTC)  # the 30th day, today being the 23rd
BANDS = (1, 2, 3, 5, 10)
Kept = tuple[int, int, datetime, datetime]  # orders, net sales, first and last order

pytestmark = pytest.mark.usefixtures("now")


def buy(books: Books) -> None:
    """Let 24 people order from once to twelve times over ten months; two never order."""
    orders = []
    start = datetime(2026, 1, 10, 12)
    for who in range(1, 25):
        for time in range((1, 1, 1, 2, 3, 4, 6, 12)[who % 8]):
            at = start + timedelta(days=who * 13 % 290 + time * 2, minutes=who)
            price = str(who * 37 % 11 * 50 + 10)
            orders.append(an_order(len(orders) + 1, at.isoformat(), price, customer=who))
    books.take(*orders)
    for who, created in ((91, "2026-01-01T00:00:00Z"), (92, "2026-11-20T00:00:00Z")):
        books.tell(("customers/create", {"id": who, "created_at": created, "updated_at": created}))
    books.refresh()


def kept(books: Books) -> dict[int, Kept]:
    with tenant_scope(books.connection.tenant_id):
        return {
            each.customer_shopify_id: (each.orders, each.net_sales, each.first_at, each.last_at)
            for each in CustomerTotal.objects.all()
        }


def limits(values: Sequence[Any]) -> list[Any]:
    ranked = sorted(values)
    return [ranked[math.ceil(len(ranked) * fifth / 5) - 1] for fifth in range(1, 5)]


def fifths(people: dict[int, Kept], of: Callable[[Kept], Any]) -> dict[int, int]:
    ends = limits([of(each) for each in people.values()])
    return {who: 1 + sum(of(each) > end for end in ends) for who, each in people.items()}


def scores(people: dict[int, Kept]) -> dict[int, tuple[int, int, int]]:
    recency = fifths(people, lambda each: each[3])
    money = fifths(people, lambda each: each[1])
    bands = {who: sum(each[0] >= least for least in BANDS) for who, each in people.items()}
    return {who: (recency[who], bands[who], money[who]) for who in people}


def name_of(recency: int, frequency: int, money: int) -> str:
    strength = frequency + money
    if strength >= 8:
        return "Champions" if recency == 5 else "Loyal" if recency > 2 else "Previously loyal"
    if strength >= 5:
        return {3: "Needs attention"}.get(recency, "Active" if recency > 3 else "At risk")
    return ["Dormant", "Almost lost", "Promising", "Promising", "New"][recency - 1]


def told(body: dict[str, Any], key: str) -> dict[str, int]:
    return {row[key]: row["customers"] for row in body["rows"] if row["customers"]}


def test_cells_are_those_of_the_totals(token: str, books: Books) -> None:
    buy(books)
    people = kept(books)

    body = ask(token, "rfm", "").json()

    cells = Counter(f"{recency}{band}" for recency, band, _ in scores(people).values())
    assert told(body, "key") == cells
    assert len(body["rows"]) == 25
    money = [limit * 100 for limit in body["thresholds"]["money"]]
    assert money == limits([each[1] for each in people.values()])


def test_groups_are_all_customers_each_once(token: str, books: Books) -> None:
    buy(books)
    people = kept(books)

    body = ask(token, "rfm", "of=groups").json()

    groups = Counter(name_of(*each) for each in scores(people).values())
    assert told(body, "name") == {**groups, "Prospects": 2}
    assert len(groups) >= 7  # else the shop says little about the rules
    assert body["totals"]["customers"] == 26 == len(people) + 2
    net = sum(each[1] for each in people.values())
    assert sum(row["netSales"] for row in body["rows"]) * 100 == net
    assert sum(row["share"] for row in body["rows"]) == pytest.approx(1, abs=1e-5)


def segment_of(each: Kept, ends: list[int]) -> str:
    if each[2] >= NEW_SINCE:
        return "new"
    return "highValue" if each[1] > ends[-1] else "lowValue" if each[1] < ends[0] else "regular"


def test_segments_are_all_customers_each_once(token: str, books: Books) -> None:
    buy(books)
    people = kept(books)
    ends = limits([each[1] for each in people.values()])

    body = ask(token, "segments", "").json()

    found = Counter(segment_of(each, ends) for each in people.values())
    found.update(["lowValue", "new"])  # those who never ordered
    assert told(body, "key") == found
    assert min(found.values()) > 0 and len(found) == 4
    assert {key: body["totals"][key] for key in found} == found
    assert body["totals"]["customers"] == 26
    assert body["thresholds"]["newSince"] == "2026-10-25"
    assert body["thresholds"]["highValue"] * 100 == ends[-1]


@pytest.mark.parametrize("report", ["rfm", "segments"])
def test_shop_without_orders_has_prospects_only(token: str, books: Books, report: str) -> None:
    created = {"id": 91, "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
    books.tell(("customers/create", created))

    body = ask(token, report, "of=groups" if report == "rfm" else "").json()

    only = {"Prospects": 1} if report == "rfm" else {"Low value": 1}
    assert told(body, "name") == only


def test_equal_customers_are_regular_and_of_one_group(token: str, books: Books) -> None:
    books.take(*(an_order(n, "2026-03-01T12:00:00", "50", customer=n) for n in range(1, 6)))

    assert told(ask(token, "segments", "").json(), "key") == {"regular": 5}
    assert told(ask(token, "rfm", "of=groups").json(), "key") == {"dormant": 5}
