"""The page and the report of data health, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tenants.models import Tenant
from tenants.scope import tenant_scope
from tests.accounts.clients import Api
from tests.factories import ConnectionFactory
from tests.shops import Shop
from tests.webhooks.inboxes import customer, events
from webhooks import retention
from webhooks.models import DeliveryCount, InboxEvent, TopicBreaker
from xenofy.data_health.moments import moment
from xenofy.data_health.page import seconds

PAGE = "/data-health/"
REPORT = "/api/data/reports/data-health"
BAD = b'{"note": "<script>alert(1)</script>", "mail": "mena@example.com", \xff'


@pytest.fixture
def shop(tenant: Tenant) -> Shop:
    """A shop with deliveries that are done, superseded, in quarantine and waiting."""
    shop = Shop(ConnectionFactory(tenant=tenant, domain="kaveri.myshopify.com"))
    for day in (2, 1):
        shop.process(("customers/update", customer(updated_at=f"2026-03-0{day}T10:00:00Z")))
    shop.process(("orders/create", BAD))
    shop.deliver("products/update", {"id": 1})
    return shop


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def report(user: User) -> Any:
    api = Api()
    answer = api.get(REPORT, api.sign_in(user)["token"])
    assert answer.status_code == 200
    return answer.json()


def test_the_report_accounts_for_every_delivery(shop: Shop, owner: User) -> None:
    found = report(owner)

    assert found["accounting"] == {
        "accepted": 4, "done": 1, "superseded": 1, "quarantined": 1, "pending": 1}  # fmt: skip
    assert [each["topic"] for each in found["topics"]] == [
        "customers/update", "orders/create", "products/update"]  # fmt: skip
    assert found["topics"][2]["pending"] == 1
    assert found["lag"]["deliveries"] == 2
    assert found["lag"]["p50Milliseconds"] <= found["lag"]["p95Milliseconds"]
    assert found["oldestWaitingAt"]
    assert [each["id"] for each in found["quarantine"]] == [str(events(shop)[2].id)]
    assert found["bodies"] == {"retentionDays": 90, "keptSince": None}


def test_the_report_is_of_this_shop_only(shop: Shop, other_owner: User) -> None:
    found = report(other_owner)

    assert found["accounting"]["accepted"] == 0
    assert (found["topics"], found["quarantine"]) == ([], [])


def test_reasons_are_for_those_who_may_see_people(shop: Shop, owner: User, viewer: User) -> None:
    assert report(owner)["quarantine"][0]["reason"]
    assert report(viewer)["quarantine"][0]["reason"] is None


def test_the_page_says_the_same(shop: Shop, owner: User) -> None:
    page = signed_in(owner).get(PAGE)

    assert page.status_code == 200
    assert "4 accepted = 1 done + 1 superseded + 1 in quarantine + 1 waiting" in page.text
    assert "In quarantine: 1" in page.text
    assert f"/data-health/deliveries/{events(shop)[2].id}/" in page.text


def test_a_topic_that_is_kept_back_stands_on_top(shop: Shop, owner: User) -> None:
    with tenant_scope(shop.connection.tenant_id):
        TopicBreaker.objects.create(topic="orders/paid", state="open", reason="boom")

    assert "every delivery fails: orders/paid" in signed_in(owner).get(PAGE).text
    assert report(owner)["waitingTopics"][0]["state"] == "open"


def test_the_owner_opens_downloads_and_puts_back(shop: Shop, owner: User) -> None:
    client, event = signed_in(owner), events(shop)[2]
    address = f"/data-health/deliveries/{event.id}/"

    page = client.get(address).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert client.get(f"{address}body").content == BAD

    answer = client.post("/data-health/retry/", {"ids": str(event.id)}, follow=True)
    assert "1 put back" in answer.text
    assert shop.statuses()["quarantined"] == 0


def test_moments_are_said_and_meant_in_the_shops_time(shop: Shop, owner: User) -> None:
    zone = ZoneInfo("Asia/Kolkata")  # 5:30 before UTC: what was received is later by its clock
    shop.process(("shop/update", {"id": 1, "iana_timezone": zone.key, "currency": "INR"}))
    event, client = events(shop)[2], signed_in(owner)
    received = event.received_at.astimezone(zone)
    tried = moment(event.processed_at, zone, now=timezone.now())

    tries = client.get(f"/data-health/deliveries/{event.id}/").text
    before = client.post(
        "/data-health/retry/", {"until": f"{received:%Y-%m-%dT%H:%M}"}, follow=True
    )

    assert f'Quarantined<span class="sub">{tried}</span>' in tries
    assert "0 put back" in before.text


def test_all_are_put_back_by_one_button(shop: Shop, owner: User) -> None:
    assert "1 put back" in signed_in(owner).post("/data-health/retry/", follow=True).text


def test_chosen_rows_a_topic_or_a_span_are_put_back(shop: Shop, owner: User) -> None:
    client, waiting = signed_in(owner), shop.statuses()

    def asked(**form: Any) -> str:
        return client.post("/data-health/retry/", form, follow=True).text

    assert "0 put back" in asked(chosen="1")
    assert "0 put back" in asked(topic="products/update", status="quarantined")
    assert "0 put back" in asked(status="every", until="2026-01-01T00:00")
    assert "Nothing was put back" in asked(since="2026-01-02T00:00", until="2026-01-01T00:00")
    assert shop.statuses() == waiting
    assert "1 put back" in asked(chosen="1", ids=str(events(shop)[2].id))
    assert "2 put back" in asked(topic="customers/update", status="every")


def test_viewers_see_the_page_and_no_body(shop: Shop, viewer: User, other_owner: User) -> None:
    address = f"/data-health/deliveries/{events(shop)[2].id}/"
    client = signed_in(viewer)
    assert client.get(PAGE).status_code == 200
    assert "Put all back" not in client.get(PAGE).text
    assert client.get(address).status_code == 403
    assert client.get(f"{address}body").status_code == 403
    assert client.post("/data-health/retry/").status_code == 403
    assert signed_in(other_owner).get(address).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_a_pruned_body_is_said(shop: Shop, owner: User) -> None:
    event = events(shop)[2]
    with tenant_scope(shop.connection.tenant_id):
        retention.blank([event.id], now=timezone.now())

    page = signed_in(owner).get(f"/data-health/deliveries/{event.id}/").text
    assert "pruned on" in page
    assert "Download" not in page
    assert "The body was pruned." in signed_in(owner).get(PAGE).text


def test_the_report_costs_the_same_whatever_was_accepted(shop: Shop, owner: User) -> None:
    client = signed_in(owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        return len(captured)

    before = queries()
    for number in range(30):
        shop.deliver("customers/create", customer(number))
    shop.drain()

    assert queries() == before <= 25


def settle_many() -> None:
    """Write so many settled deliveries that an index with all of them is far larger."""
    now = timezone.now()
    InboxEvent.objects.bulk_create(
        InboxEvent(topic="x", webhook_id=str(number), domain="x", headers={}, body=b"", digest=b"",
                   status="done", next_attempt_at=now, received_at=now)
        for number in range(3000)
    )  # fmt: skip


def test_no_settled_row_is_read_for_the_counts(shop: Shop) -> None:
    with tenant_scope(shop.connection.tenant_id), connection.cursor() as cursor:
        settle_many()
        cursor.execute("SET LOCAL enable_seqscan = off")
        waiting = InboxEvent.objects.filter(status="pending").values("topic").explain()
        counted = DeliveryCount.objects.filter(day__gte="2026-01-01").explain()

    assert "inbox_event_pending" in waiting
    assert "Index Cond: " in counted and "Seq Scan" not in counted


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [(None, "—"), (40, "40 ms"), (1250, "1.2 s"), (180_000, "3 min")],
)
def test_stretches_of_time_in_words(milliseconds: int | None, text: str) -> None:
    assert seconds(milliseconds) == text


def test_a_late_backlog_is_the_verdict(shop: Shop, owner: User) -> None:
    with tenant_scope(shop.connection.tenant_id):
        InboxEvent.objects.filter(status="pending").update(
            received_at=timezone.now() - timedelta(minutes=6)
        )

    assert "Deliveries are processed late" in signed_in(owner).get(PAGE).text


def test_what_is_not_known_is_named_on_page_and_report(shop: Shop, owner: User) -> None:
    shop.deliver("themes/publish", {"id": 1}, X_Shopify_API_Version="2027-01")
    shop.drain()

    found = report(owner)
    page = signed_in(owner).get(PAGE).content.decode()

    assert [each["topic"] for each in found["topics"] if not each["isKnown"]] == ["themes/publish"]
    assert [each["apiVersion"] for each in found["unknownVersions"]] == ["2027-01"]
    assert "themes/publish <span" in page and "In API version 2027-01, not tried yet" in page


def test_a_shop_that_uninstalled_xenofy_says_so(shop: Shop, owner: User) -> None:
    shop.process(("app/uninstalled", {"id": 1, "myshopify_domain": "kaveri.myshopify.com"}))

    assert report(owner)["uninstalledAt"].endswith("Z")
    assert "Uninstalled from the shop since" in signed_in(owner).get(PAGE).content.decode()
