"""A hundred thousand orders as a file from the web server of production, and one that breaks."""

from __future__ import annotations

import csv
import http.client
import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import connections

from accounts.models import User
from tenants.exports import BROKEN
from tenants.models import Tenant
from tests.accounts.clients import Api
from tests.analytics.conftest import open_books
from tests.webhooks.processes import web

MANY = 100_000
ORDERS = """
    INSERT INTO shop_data_order (tenant_id, id, shopify_id, name, currency, total_price,
        total_price_minor, financial_status, payment_gateways, processed_at, day, counts, test,
        version_at, version_triggered_at, version_digest, synced_at)
    SELECT %s, uuidv7(), n, '#' || n, 'INR', n / 100.0, n, 'paid', '[]',
        moment, moment::date, true, false, moment, moment, gen_random_uuid(), moment
    FROM generate_series(1, %s) AS n, LATERAL (
        SELECT '2026-10-01'::timestamptz + interval '1 minute' * (n / 3) AS moment) AS at
"""

SESSION = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
        AND usename LIKE '%%\\_app'
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port(tenant: Tenant) -> Iterator[int]:
    """A web server, and a shop with many orders."""
    open_books(tenant, "kaveri.myshopify.com")
    with connections["owner"].cursor() as cursor:
        cursor.execute(ORDERS, [tenant.id, MANY])
    with web() as port:
        yield port


@contextmanager
def asked(port: int, token: str, query: str) -> Iterator[http.client.HTTPResponse]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        path = f"/api/data/orders/detailed?{query}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        yield answer


def test_a_file_has_as_many_rows_as_its_list_and_says_when_it_broke(port: int, owner: User) -> None:
    token = str(Api().sign_in(owner)["token"])
    with asked(port, token, "limit=1&status=paid") as answer:
        total = json.loads(answer.read())["total"]
    with asked(port, token, "status=paid&format=csv") as answer:
        head, *rows = csv.reader(io.StringIO(answer.read().decode()))

    assert len(rows) == total == MANY
    assert len({row[head.index("Shopify’s id")] for row in rows}) == MANY

    with asked(port, token, "format=csv") as answer, connections["owner"].cursor() as cursor:
        begun = answer.read(1000)
        cursor.execute(SESSION)
        assert cursor.fetchone() == (1,)
        with pytest.raises(http.client.IncompleteRead) as broken:
            answer.read()
        *some, last = (begun + broken.value.partial).decode().splitlines()

    assert last == BROKEN
    assert 0 < len(some) < MANY
