"""Live traffic: signed, of the demo store alone, to this installation alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from shop_data.models import InventoryLevel, Order
from tenants.models import Tenant, TenantModel, TenantState
from tenants.scope import tenant_scope
from tests.demo.conftest import END
from tests.factories import ConnectionFactory
from webhooks.inbox import store
from webhooks.models import InboxEvent
from webhooks.processing import drain
from xenofy.deliveries import PATH, Answer, Unreachable
from xenofy.demo import live
from xenofy.demo.catching_up import catch_up
from xenofy.demo.happenings import read, written
from xenofy.demo.history import History
from xenofy.demo.live import ForeignAddress, Sender, refuse_foreign
from xenofy.demo.regulars import Regulars
from xenofy.demo.tenant import DemoShop, ensure_demo_tenant
from xenofy.demo.traffic import Message, Traffic
from xenofy.management.commands.demo import Command

URL = "http://127.0.0.1:8000"
NOW = END + timedelta(hours=9)
SETTLED = [InboxEvent.Status.DONE, InboxEvent.Status.SUPERSEDED]


@dataclass
class Wire:
    """Stands for the network: what is sent reaches the views of this process."""

    answers: list[Answer | Unreachable] = field(default_factory=list)  # instead of the view's own
    sent: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)

    def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        self.sent.append((url, body, headers))
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Unreachable):
                raise answer
            return answer
        response = Client().post(
            PATH + headers["X-Shopify-Topic"],
            body,
            content_type="application/json",
            headers={name: value for name, value in headers.items() if name.startswith("X-")},
        )
        return Answer(response.status_code, response.content.decode())


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    wire = Wire()
    monkeypatch.setattr(live, "send", wire.send)
    monkeypatch.setattr(live.time, "sleep", lambda _: None)
    return wire


@pytest.fixture
def shop(db: None) -> DemoShop:
    return ensure_demo_tenant()


@pytest.fixture
def traffic(shop: DemoShop) -> Traffic:
    """Return the traffic of a shop with a history of some weeks."""
    history = History(seed=5, orders=900, end=NOW - timedelta(minutes=5))
    recent = [visit for visit in history.visits if NOW - visit.at < timedelta(days=25)]
    with tenant_scope(shop.tenant_id):
        store([*islice(history.opening(), 190)], now=NOW)  # all products, some stock
        store([each for visit in recent for each in history.deliveries(visit)], now=NOW)
    _work(shop)
    return Traffic(Regulars(shop.tenant_id, 5), history.counter, history.orders_a_day, NOW)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def sender(shop: DemoShop, wire: Wire, said: list[str]) -> Sender:
    return Sender(shop, URL, lambda: NOW, said.append)


def test_hours_of_traffic_are_accepted_and_processed(
    traffic: Traffic, sender: Sender, shop: DemoShop, wire: Wire
) -> None:
    for message in _messages(traffic, count=90):
        sender.send(message)
        _work(shop)

    topics = Counter(headers["X-Shopify-Topic"] for _, _, headers in wire.sent)
    assert {"orders/create", "orders/updated", "fulfillments/create"} <= set(topics)
    assert "inventory_levels/update" in topics
    with tenant_scope(shop.tenant_id):
        assert not InboxEvent.objects.exclude(status__in=SETTLED).exists()


def test_orders_of_live_traffic_have_new_numbers(
    traffic: Traffic, sender: Sender, shop: DemoShop
) -> None:
    with tenant_scope(shop.tenant_id):
        before = Order.objects.count()

    placed = [each for each in _messages(traffic, count=90) if each.topic == "orders/create"]
    for message in placed:
        sender.send(message)
    _work(shop)

    with tenant_scope(shop.tenant_id):
        names = list(Order.objects.values_list("name", flat=True))
    assert placed
    assert len(names) == before + len(placed)


def test_no_other_tenant_gets_anything(
    traffic: Traffic, sender: Sender, shop: DemoShop, other_tenant: Tenant
) -> None:
    ConnectionFactory(tenant=other_tenant)

    for message in _messages(traffic, count=40):
        sender.send(message)

    with tenant_scope(other_tenant.id):
        for model in apps.get_models():
            if issubclass(model, TenantModel) and model is not TenantState:
                assert not model.objects.exists(), model.__name__


def test_traffic_without_any_history_sends_too(shop: DemoShop) -> None:
    history = History(seed=5, orders=900, end=NOW)
    empty = Traffic(Regulars(shop.tenant_id, 5), history.counter, 50.0, NOW)

    assert len(list(_messages(empty, count=30))) == 30


def test_the_rush_after_a_start_is_over_after_some_hours(traffic: Traffic) -> None:
    early = sum(each.topic == "orders/create" for each in _messages(traffic, count=120))
    traffic.started_at -= timedelta(days=1)
    late = sum(each.topic == "orders/create" for each in _messages(traffic, count=120, days=1))

    assert late < early / 2


def test_a_server_that_is_away_gets_the_message_later(
    sender: Sender, wire: Wire, said: list[str]
) -> None:
    wire.answers = [Answer(503, ""), *[Unreachable("Nobody answers.")] * 6, Answer(200, "")]

    sender.send(Message("orders/create", NOW, b"{}"))

    assert len({body for _, body, _ in wire.sent}) == 1
    assert len(wire.sent) == 8
    assert said == ["Nobody answers. Trying again."]


def test_a_refusal_is_told_once(sender: Sender, wire: Wire, said: list[str]) -> None:
    wire.answers = [Answer(401, "The signature is missing or wrong.")] * 2

    for _ in range(2):
        sender.send(Message("orders/create", NOW, b"{}"))

    assert said == [f"{URL} refused orders/create with 401. The signature is missing or wrong."]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:8000/", "https://stats.example.com"]
)
def test_this_installation_may_be_sent_to(url: str) -> None:
    refuse_foreign(url, public_url="https://stats.example.com", port=8000)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9000", "https://example.com", "http://stats.example.com", "https://[::2]"],
)
def test_another_installation_may_not(url: str) -> None:
    with pytest.raises(ForeignAddress, match="not this installation"):
        refuse_foreign(url, public_url="https://stats.example.com", port=8000)


def test_the_command_refuses_another_installation() -> None:
    with pytest.raises(CommandError, match="sends nowhere else"):
        call_command("demo", "--url", "https://example.com")


@pytest.mark.parametrize("wanted", [True, False])
def test_a_setting_decides_whether_new_webhooks_are_sent(
    shop: DemoShop, settings: Any, monkeypatch: pytest.MonkeyPatch, wanted: bool
) -> None:
    settings.DEMO_TRAFFIC = wanted
    senders: list[Sender] = []
    monkeypatch.setattr(Sender, "keep_sending", lambda sender, *_, **__: senders.append(sender))

    Command()._go_on(shop, History(seed=5, orders=900, end=shop.opened_at), URL)

    assert [(sender.shop, sender.url) for sender in senders] == [(shop, URL)] * wanted


def test_days_without_the_demo_are_caught_up(traffic: Traffic, shop: DemoShop) -> None:
    said: list[str] = []
    with tenant_scope(shop.tenant_id):
        before = Order.objects.count()
    traffic.orders_a_day = 3.0

    catch_up(traffic, since=NOW - timedelta(days=4), now=NOW, say=said.append)
    _work(shop)

    with tenant_scope(shop.tenant_id):
        assert 4 <= Order.objects.count() - before <= 25
        assert not InboxEvent.objects.exclude(status__in=SETTLED).exists()
        assert Order.objects.filter(processed_at__gt=NOW).count() == 0
    assert "orders caught up since" in said[0]


def test_an_order_that_somebody_delivered_is_left_alone(
    traffic: Traffic, sender: Sender, shop: DemoShop
) -> None:
    theirs = {
        "id": 820982911946154508,
        "currency": "INR",
        "total_price": "9.00",
        "line_items": [],
        "created_at": "2020-01-01T10:00:00Z",
        "updated_at": "2020-01-01T10:00:00Z",
    }
    sender.send(Message("orders/create", NOW, written(theirs)))
    _work(shop)

    sent = [read(each.body) for each in _messages(traffic, count=40)]

    assert theirs["id"] not in {body.get("id") for body in sent}
    assert theirs["id"] not in {body.get("order_id") for body in sent}


def test_a_pause_begins_with_the_newest_order(traffic: Traffic) -> None:
    newest = traffic.regulars.last_order_at()

    assert newest is not None
    assert timedelta(0) < NOW - newest < timedelta(days=3)


def test_a_short_pause_stays_as_it_is(traffic: Traffic) -> None:
    said: list[str] = []

    catch_up(traffic, since=NOW - timedelta(minutes=30), now=NOW, say=said.append)

    assert said == []


def test_stock_goes_down_by_pieces_and_up_by_deliveries(traffic: Traffic, shop: DemoShop) -> None:
    with tenant_scope(shop.tenant_id):
        before = {(level.inventory_item_id, level.location_id): level.available
                  for level in InventoryLevel.objects.all()}  # fmt: skip

    counts = [read(each.body) for each in _messages(traffic, count=90)
              if each.topic.startswith("inventory")]  # fmt: skip

    assert counts
    for body in counts:
        left = before[body["inventory_item_id"], body["location_id"]]
        assert body["available"] - left in ({24} if left < 3 else {0, -1})


def _messages(traffic: Traffic, *, count: int, days: int = 0) -> Iterator[Message]:
    """Yield what traffic sends, a message every fifteen seconds of the shop's time."""
    now = NOW + timedelta(days=days)
    for _ in range(count):
        now += timedelta(seconds=15)
        yield traffic.next(now, a_minute=4.0)


def _work(shop: DemoShop) -> None:
    """Process what is there; its deliveries came in by our clock and by that of the views."""
    while drain(shop.tenant_id, now=max(NOW, timezone.now())):
        pass
