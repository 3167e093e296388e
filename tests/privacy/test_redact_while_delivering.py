"""shop/redact while deliveries come and workers write: nothing of the shop is left."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from django.db import connections
from django.utils import timezone

from tenants.erasure import erased_tenants
from tenants.models import Connection
from tests.builders import OrderBuilder
from tests.privacy.life import T, tenant_of
from tests.privacy.test_redact_shop import LAST_MONTH, WEEK_AGO, ago, ask, erase, rows_of
from tests.shops import Shop
from tests.webhooks.processes import wait_until
from xenofy import worker

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS, WORKERS = 3, 2


class Traffic:
    """Senders that go on until they are refused, and workers, each in a thread."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.over = threading.Event()
        self.answers: list[list[int]] = [[] for _ in range(SENDERS)]

    def send(self, sender: int) -> None:
        """Deliver orders late, as Shopify may, until the shop is closed."""
        shop, answers = Shop(self.shop.connection), self.answers[sender]
        while 401 not in answers and not self.over.is_set():
            order = OrderBuilder(id=sender * 10_000 + len(answers) + 1, at=T.format(2))
            order.line("10.00")
            body = json.dumps(order.body()).encode()
            when = {"X_Shopify_Triggered_At": ago(LAST_MONTH)}
            answers.append(shop.post("orders/create", body, **when).status_code)

    def work(self) -> None:
        """Do what a worker does."""
        it = worker.Worker()
        while not self.over.is_set():
            it.drain_round()
            it.privacy_round()
            it.refresh_round()


def in_threads(threads: ThreadPoolExecutor, work: Callable[[], None]) -> Future[None]:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    return threads.submit(run)


@pytest.mark.fault(44)
def test_a_shop_is_erased_while_deliveries_come(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PRIVACY_EVERY", 0.0)
    gone = {"id": 1, "myshopify_domain": shop.connection.domain}
    shop.deliver("app/uninstalled", gone, X_Shopify_Triggered_At=ago(WEEK_AGO))
    Connection.objects.update(updated_at=timezone.now() - LAST_MONTH)
    traffic = Traffic(shop)

    with ThreadPoolExecutor(SENDERS + WORKERS) as threads:
        try:
            workers = [in_threads(threads, traffic.work) for _ in range(WORKERS)]
            senders = [in_threads(threads, lambda n=n: traffic.send(n)) for n in range(SENDERS)]
            wait_until(lambda: min(map(len, traffic.answers)) > 2 and shop.sales() != [])
            ask(shop)
            wait(senders, timeout=60)
        finally:
            traffic.over.set()
        assert [each.result() for each in (*senders, *workers)] == [None] * (SENDERS + WORKERS)
    erase(shop)

    for answers in traffic.answers:
        assert set(answers[:-1]) == {200} and answers[-1] == 401
    assert rows_of(tenant_of(shop)) == {}
    assert erased_tenants() == {tenant_of(shop)}
