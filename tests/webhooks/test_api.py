"""GET /api/webhooks/events and POST /api/webhooks/retry, over HTTP."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from tenants.scope import tenant_scope
from tests.accounts.clients import Api, assert_error
from tests.shops import Shop
from tests.webhooks.inboxes import customer, events
from webhooks import retention

URL = "/api/webhooks/events"
RETRY = "/api/webhooks/retry"
BAD = b'{ "id": 1, \xff "note": "a\\/b" }'


class Caller:
    """Somebody with a token."""

    def __init__(self, user: User) -> None:
        self.api = Api()
        self.token = self.api.sign_in(user)["token"]

    def get(self, path: str) -> Any:
        return self.api.get(path, self.token)

    def post(self, body: Any) -> Any:
        return self.api.post(RETRY, body, self.token)


@pytest.fixture
def caller(owner: User) -> Caller:
    return Caller(owner)


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """A shop with a delivery that was written, one in quarantine and one that waits."""
    shop.deliver("customers/create", customer(), X_Shopify_Webhook_Id="w-1")
    shop.deliver("customers/update", BAD, X_Shopify_Webhook_Id="w-2", X_Shopify_Event_Id="e-2")
    shop.drain()
    shop.deliver("customers/update", customer(2), X_Shopify_Webhook_Id="w-3")
    return shop


def test_the_inbox_is_listed_newest_first(filled: Shop, caller: Caller) -> None:
    answer = caller.get(URL)

    body = answer.json()
    assert answer.status_code == 200
    assert (body["total"], body["page"], body["limit"]) == (3, 1, 50)
    assert [event["webhookId"] for event in body["events"]] == ["w-3", "w-2", "w-1"]
    assert [event["status"] for event in body["events"]] == ["pending", "quarantined", "done"]
    second = body["events"][1]
    assert (second["topic"], second["eventId"], second["attempts"]) == (
        "customers/update",
        "e-2",
        1,
    )
    assert second["lastError"]
    assert second["receivedAt"].endswith("Z") and second["processedAt"].endswith("Z")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("status=quarantined", ["w-2"]), ("topic=customers/update", ["w-3", "w-2"]),
     ("status=pending&topic=customers/create", []), ("limit=1&page=2", ["w-2"]),
     ("until=2026-01-01T00:00:00Z", []), ("sort=receivedAt", ["w-1", "w-2", "w-3"]),
     ("since=2026-01-01T00:00:00Z&status=done", ["w-1"])],
)  # fmt: skip
def test_it_can_be_narrowed(filled: Shop, caller: Caller, query: str, found: list[str]) -> None:
    body = caller.get(f"{URL}?{query}").json()

    assert [event["webhookId"] for event in body["events"]] == found
    assert body["total"] == (3 if "limit" in query else len(found))


def test_pages_name_their_neighbours(filled: Shop, caller: Caller) -> None:
    link = caller.get(f"{URL}?limit=1&page=2")["Link"]

    assert 'page=1>; rel="prev"' in link and 'page=3>; rel="last"' in link
    (following,) = re.findall(r'<http://testserver([^>]*)>; rel="next"', link)
    assert [each["webhookId"] for each in caller.get(following).json()["events"]] == ["w-1"]


def test_the_inbox_is_a_file_without_bodies(filled: Shop, caller: Caller) -> None:
    answer = caller.get(f"{URL}?status=quarantined&format=jsonl")

    (line,) = [json.loads(line) for line in b"".join(answer).splitlines()]
    listed = caller.get(f"{URL}?status=quarantined").json()["events"][0]
    assert line == {key: listed[key] for key in line} and line["lastError"]
    assert "no-store" in answer["Cache-Control"] and "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("status=lost", "status"), ("page=0", "page"), ("limit=251", "limit"), ("limit=x", "limit"),
     ("since=yesterday", "since"), ("statos=done", "statos"), ("page=1&page=2", "page"),
     ("since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z", "until")],
)  # fmt: skip
def test_what_is_not_understood_is_refused(
    shop: Shop, caller: Caller, query: str, field: str
) -> None:
    answer = caller.get(f"{URL}?{query}")

    assert_error(answer, 400, "VALIDATION_ERROR")
    assert list(answer.json()["fields"]) == [field]


def test_one_delivery_has_its_tries_and_its_body(filled: Shop, caller: Caller) -> None:
    event = events(filled)[1]

    detail = caller.get(f"{URL}/{event.id}").json()
    body = caller.get(f"{URL}/{event.id}/body")

    assert [each["outcome"] for each in detail["tries"]] == ["quarantined"]
    assert body.content == BAD
    assert body["Content-Type"] == "application/octet-stream"
    assert body["Content-Disposition"].startswith("attachment")
    assert body["X-Content-Type-Options"] == "nosniff"


def test_another_shops_delivery_is_not_there(filled: Shop, other_owner: User) -> None:
    caller, event = Caller(other_owner), events(filled)[1]

    assert_error(caller.get(f"{URL}/{event.id}"), 404, "NOT_FOUND")
    assert_error(caller.get(f"{URL}/{event.id}/body"), 404, "NOT_FOUND")
    assert caller.post({"ids": [str(event.id)]}).json()["queued"] == 0
    assert caller.get(URL).json() == {"total": 0, "page": 1, "limit": 50, "events": []}


def test_viewers_and_strangers_may_not(filled: Shop, viewer: User) -> None:
    caller = Caller(viewer)
    assert_error(caller.get(URL), 403, "FORBIDDEN")
    assert_error(caller.post({}), 403, "FORBIDDEN")
    assert_error(Api().get(URL), 401, "NOT_AUTHENTICATED")
    assert_error(Api().post(RETRY), 401, "NOT_AUTHENTICATED")
    assert filled.statuses() == {"done": 1, "quarantined": 1, "pending": 1}


def test_analysts_may(filled: Shop, analyst: User) -> None:
    caller = Caller(analyst)

    assert caller.get(URL).json()["total"] == 3
    assert caller.post({}).json()["queued"] == 1


def test_retry_puts_back_what_is_in_quarantine(filled: Shop, caller: Caller, owner: User) -> None:
    assert caller.post({}).json() == {"queued": 1, "pruned": 0, "more": False}
    assert caller.post({}).json()["queued"] == 0
    assert filled.statuses() == {"done": 1, "pending": 2}

    (event,) = [each for each in events(filled) if each.webhook_id == "w-2"]
    assert event.tries[-1]["reason"] == f"Put back by {owner.email}."


def test_retry_takes_ids_topic_status_and_span(filled: Shop, caller: Caller) -> None:
    first = events(filled)[0]

    assert caller.post({"ids": [str(first.id)]}).json()["queued"] == 1
    assert caller.post({"topic": "orders/create"}).json()["queued"] == 0
    assert caller.post({"until": "2026-01-01T00:00:00Z"}).json()["queued"] == 0
    dry = {"status": "quarantined", "topic": "customers/update", "dryRun": True}
    assert caller.post(dry).json()["queued"] == 1
    assert filled.statuses() == {"pending": 2, "quarantined": 1}


def test_retry_takes_everything_when_told_so(filled: Shop, caller: Caller) -> None:
    assert caller.post({"status": "every"}).json() == {"queued": 2, "pruned": 0, "more": False}
    assert caller.post({"status": "every"}).json()["queued"] == 0
    assert filled.statuses() == {"pending": 3}


def test_retry_says_what_cannot_be_put_back(filled: Shop, caller: Caller) -> None:
    with tenant_scope(filled.connection.tenant_id):
        retention.blank([events(filled)[1].id], now=timezone.now())

    assert caller.post({}).json() == {"queued": 0, "pruned": 1, "more": False}
    assert_error(caller.get(f"{URL}/{events(filled)[1].id}/body"), 404, "NOT_FOUND")


@pytest.mark.parametrize("body", [{"ids": ["x"]}, {"topics": ["a"]}, {"status": "lost"}])
def test_retry_refuses_what_it_does_not_understand(shop: Shop, caller: Caller, body: Any) -> None:
    assert_error(caller.post(body), 400, "VALIDATION_ERROR")
    assert_error(caller.post([body]), 400, "BAD_REQUEST")


def test_a_list_costs_the_same_whatever_it_holds(filled: Shop, caller: Caller) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(URL).status_code == 200
        return len(captured)

    queries()  # the first one counts the client's requests anew
    before = queries()
    for number in range(20):
        filled.process(("customers/update", customer(number)))

    assert queries() == before
