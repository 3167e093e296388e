"""Hosts whose clocks disagree, and days of more or fewer hours: nothing is lost or done twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import jwt
import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.tokens import InvalidToken, read_access
from tests.accounts.clients import Api
from tests.analytics.conftest import STORE
from tests.builders import OrderBuilder
from tests.factories import PASSWORD
from tests.shops import Shop
from tests.webhooks.deaths import dies
from tests.webhooks.inboxes import customer, events
from tests.webhooks.processes import wait_until, worker
from webhooks import processing

DAY = timedelta(days=1)
A_DAY_BEHIND = """
from datetime import timedelta
from django.utils import timezone
right = timezone.now
timezone.now = lambda: right() - timedelta(days=1)
"""
Clock = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a function that makes this host's clock wrong."""
    right = timezone.now

    def set_wrong(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + by)

    return set_wrong


def order() -> OrderBuilder:
    placed = OrderBuilder()
    placed.line("100.00")
    return placed


@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("web", [-DAY, DAY], ids=["web behind", "web ahead"])
@pytest.mark.parametrize("its_worker", [-DAY, DAY], ids=["worker behind", "worker ahead"])
def test_clocks_of_web_and_worker_need_not_agree(
    shop: Shop, clock: Clock, web: timedelta, its_worker: timedelta
) -> None:
    body = order().body()
    clock(web)
    shop.deliver("orders/create", body, X_Shopify_Webhook_Id="w-1")

    clock(its_worker)
    assert processing.tenants_with_work(now=timezone.now()) == [shop.connection.tenant_id]
    assert shop.drain() == 1
    shop.deliver("orders/create", body, X_Shopify_Webhook_Id="w-1")
    shop.deliver("orders/create", body, X_Shopify_Webhook_Id="w-2")
    clock(web)
    assert shop.drain() == 1

    assert sum(shop.statuses().values()) == 2
    assert [sale.action for sale in shop.sales()] == ["order"]


@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
def test_a_worker_ahead_that_is_killed_holds_up_nobody(shop: Shop, clock: Clock) -> None:
    shop.deliver("customers/create", customer())
    clock(DAY)
    assert dies("after_claim", shop.drain)

    clock(timedelta(0))

    assert shop.drain() == 1


@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
def test_a_worker_a_day_behind_takes_what_arrives(shop: Shop) -> None:
    shop.deliver("customers/create", customer())

    with worker(changes=A_DAY_BEHIND):
        wait_until(lambda: shop.statuses() == {"done": 1})

    assert [event.attempts for event in events(shop)] == [1]


@pytest.mark.fault(32)
def test_a_leap_second_is_the_one_before_it(shop: Shop) -> None:
    shop.process(("orders/create", order().body() | {"processed_at": "2016-12-31T23:59:60Z"}))

    assert [sale.happened_at for sale in shop.sales()] == [
        datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    ]


@pytest.mark.fault(32)
@pytest.mark.parametrize(
    ("day", "hours", "twice_or_never"),
    [(date(2026, 10, 25), 25, {2: 2}), (date(2026, 3, 29), 23, {2: 0})],
    ids=["25 hours", "23 hours"],
)
def test_each_hour_of_a_day_when_clocks_change_is_counted_once(
    shop: Shop, day: date, hours: int, twice_or_never: dict[int, int]
) -> None:
    shop.process(("shop/update", STORE | {"iana_timezone": "Europe/Berlin"}))
    before = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    for hour in range(36):
        placed = OrderBuilder(1000 + hour, at=(before + timedelta(hours=hour)).isoformat())
        placed.line("1.00")
        shop.deliver("orders/create", placed.body())

    shop.drain()

    rows = shop.sales()
    of_the_day = Counter(sale.hour for sale in rows if sale.day == day)
    assert len(rows) == 36
    assert of_the_day.total() == hours
    assert {hour: of_the_day[hour] for hour in range(24)} == dict.fromkeys(range(24), 1) | (
        twice_or_never
    )


@pytest.mark.fault(32)
@pytest.mark.django_db
@pytest.mark.parametrize(("ahead", "accepted"), [(8, True), (60, False)])
def test_a_token_may_be_a_little_ahead(owner: User, ahead: int, accepted: bool) -> None:
    signed_in = {"email": owner.email, "password": PASSWORD}
    token = Api().post("/auth/login", signed_in).json()["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    headers = {"kid": jwt.get_unverified_header(token)["kid"]}
    claims["iat"] = int(time.time()) + ahead
    token = jwt.encode(claims, settings.JWT_SIGNING_KEYS[0], headers=headers)

    if accepted:
        assert read_access(token).user_id == owner.id
    else:
        with pytest.raises(InvalidToken):
            read_access(token)
