"""The client against a Shopify that is slow, busy, broken, or says no."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import httpx
import pytest

from shop_data.models import ApiBudget
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.errors import (
    AccessDenied,
    NotConnected,
    ReauthRequired,
    Refused,
    Unreachable,
)
from tenants.models import Connection, ConnectionState, Tenant
from tenants.scope import tenant_scope
from tests.shopify_answers import TOKEN, Shopify, answer, costs

QUERY = "query Shop { shop { id } }"
MUTATION = "mutation Begin { begin { userErrors { message } } }"
SHOP = {"shop": {"id": "gid://shopify/Shop/1"}}
THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
HTML = httpx.Response(200, html="<html>Bad gateway</html>")


@pytest.fixture
def admin(shopify: Shopify, connected: Connection) -> AdminClient:
    return admin_client(connected.tenant_id)


def budget(connection: Connection) -> ApiBudget:
    with tenant_scope(connection.tenant_id):
        return ApiBudget.objects.get()


def test_a_document_goes_to_the_shop_with_its_token(shopify: Shopify, admin: AdminClient) -> None:
    shopify.answers = [answer(SHOP)]

    assert admin.run(QUERY, {"first": 5}) == SHOP

    request = shopify.requests[0]
    assert str(request.url) == "https://kaveri.myshopify.com/admin/api/2026-07/graphql.json"
    assert request.headers["X-Shopify-Access-Token"] == TOKEN
    assert shopify.asked == [{"query": QUERY, "variables": {"first": 5}}]


def test_decimals_come_exact(shopify: Shopify, admin: AdminClient) -> None:
    shopify.answers = [httpx.Response(200, content=b'{"data": {"amount": 0.10}}')]

    assert admin.run(QUERY) == {"amount": Decimal("0.10")}


@pytest.mark.fault(41)
@pytest.mark.parametrize(
    "trouble",
    [
        answer(status=500),
        answer(status=520),
        answer(status=429, **{"Retry-After": "2"}),
        answer(status=302, Location="https://elsewhere.example.com/"),
        HTML,
        httpx.ReadTimeout("too long"),
        httpx.ConnectError("no way"),
        answer(errors=[{"message": "!", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]),
        answer(errors=[THROTTLED], cost=costs(500, None, 100)),
    ],
    ids="500 520 429 302 html timeout unreachable error throttled".split(),
)
def test_a_query_is_asked_again_after_trouble(
    shopify: Shopify, admin: AdminClient, trouble: httpx.Response | Exception
) -> None:
    shopify.answers = [trouble, answer(SHOP)]

    assert admin.run(QUERY) == SHOP
    assert len(shopify.waits) == 1 and shopify.waits[0] >= 0.5
    assert {request.url.host for request in shopify.requests} == {"kaveri.myshopify.com"}


@pytest.mark.parametrize(
    ("header", "seconds"), [("2.0", 2.0), ("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 1.0)]
)
def test_shopify_says_how_long_to_wait(
    shopify: Shopify, admin: AdminClient, header: str, seconds: float
) -> None:
    shopify.answers = [answer(status=429, **{"Retry-After": header}), answer(SHOP)]

    admin.run(QUERY)

    assert shopify.waits == [seconds]


@pytest.mark.fault(41)
def test_trouble_that_does_not_end_is_told_after_a_while(
    shopify: Shopify, admin: AdminClient
) -> None:
    shopify.answers = [HTML]

    with pytest.raises(Unreachable):
        admin.run(QUERY)

    assert len(shopify.requests) == 6
    assert shopify.waits == sorted(shopify.waits) and sum(shopify.waits) <= 60


@pytest.mark.fault(41)
@pytest.mark.parametrize("trouble", [HTML, answer(status=502), httpx.ReadTimeout("too long")])
def test_a_mutation_of_which_nothing_is_known_is_not_sent_twice(
    shopify: Shopify, admin: AdminClient, trouble: httpx.Response | Exception
) -> None:
    shopify.answers = [trouble]

    with pytest.raises(Unreachable):
        admin.run(MUTATION)

    assert len(shopify.requests) == 1


def test_a_throttled_document_waits_for_the_points_that_it_lacks(
    shopify: Shopify, admin: AdminClient
) -> None:
    shopify.answers = [answer(errors=[THROTTLED], cost=costs(900, None, 300)), answer(SHOP)]

    admin.run(MUTATION)

    assert shopify.waits[0] == pytest.approx(6.0, abs=0.2)  # (900 - 300) / 100 points a second


def test_a_fresh_shop_begins_with_half_of_its_points(
    shopify: Shopify, admin: AdminClient, connected: Connection
) -> None:
    shopify.answers = [answer(SHOP)]

    admin.run(QUERY)

    assert 1000 <= budget(connected).available < 1100


def test_what_shopify_says_is_left_counts(
    shopify: Shopify, admin: AdminClient, connected: Connection
) -> None:
    shopify.answers = [answer(SHOP, cost=costs(40, 12, 19_988, maximum=20_000))]

    admin.run(QUERY)

    left = budget(connected)
    assert (left.available, left.maximum, left.restore_rate) == (19_988, 20_000, 1000)


def test_a_call_waits_until_there_are_points_for_it(
    shopify: Shopify, admin: AdminClient, connected: Connection
) -> None:
    shopify.answers = [answer(SHOP, cost=costs(800, 800, 10)), answer(SHOP)]
    admin.run(QUERY)

    with pytest.raises(Unreachable):
        AdminClient(admin.connection_id, admin.tenant_id, admin.domain, patience=1.0).run(QUERY)

    assert len(shopify.requests) == 1


def test_fields_that_may_not_be_read_are_named_with_the_scope(
    shopify: Shopify, admin: AdminClient
) -> None:
    denied = {
        "message": "Access denied for orders field.",
        "path": ["orders"],
        "extensions": {
            "code": "ACCESS_DENIED",
            "requiredAccess": "`read_orders` access scope.",
        },
    }
    shopify.answers = [answer({**SHOP, "orders": None}, errors=[denied])]

    with pytest.raises(AccessDenied) as caught:
        admin.run(QUERY)

    assert (caught.value.denied, caught.value.scopes) == (("orders",), ("read_orders",))
    assert caught.value.data == {**SHOP, "orders": None}


def test_errors_of_a_document_and_of_a_mutation_are_refusals(
    shopify: Shopify, admin: AdminClient
) -> None:
    shopify.answers = [
        answer(errors=[{"message": "Field 'x' doesn't exist"}]),
        answer({"begin": {"userErrors": [{"message": "Already running", "code": "INVALID"}]}}),
    ]

    with pytest.raises(Refused, match="Field 'x' doesn't exist"):
        admin.run(QUERY)
    with pytest.raises(Refused, match="Already running") as caught:
        admin.run(MUTATION)
    assert caught.value.errors[0]["code"] == "INVALID"


@pytest.mark.fault(42)
def test_a_revoked_token_asks_the_merchant_to_connect_again(
    shopify: Shopify, admin: AdminClient, connected: Connection
) -> None:
    shopify.answers = [answer(errors="[API] Invalid API key or access token", status=401)]

    with pytest.raises(ReauthRequired, match="Connect the shop again"):
        admin.run(QUERY)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.REAUTH_REQUIRED
    with pytest.raises(ReauthRequired):
        admin_client(connected.tenant_id)


def test_who_has_no_shop_or_no_token_is_told(tenant: Tenant, shopify: Shopify) -> None:
    with pytest.raises(NotConnected):
        admin_client(uuid4())


def test_another_version_that_answers_raises_the_alarm_once(
    shopify: Shopify,
    admin: AdminClient,
    connected: Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    shopify.answers = [answer(SHOP, **{"X-Shopify-API-Version": "2026-10"})]

    admin.run(QUERY)
    admin.run(QUERY)

    alarms = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [vars(record)["answered"] for record in alarms] == ["2026-10"]
    assert budget(connected).answered_version == "2026-10"
