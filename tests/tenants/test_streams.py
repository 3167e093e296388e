"""A stream keeps its tenant to itself, from the first byte to the last, and says when it broke."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from shop_data.models import Customer
from tenants.models import Tenant
from tenants.scope import NoTenant, tenant_id_or_none, tenant_scope
from tenants.streams import TenantStream
from tests.invariants.rows import make

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.tenants.urls"),
]
ROWS = 5


@pytest.fixture
def web(client: Client, owner: User, tenant: Tenant, other_tenant: Tenant) -> Client:
    """A browser in which the owner of a tenant with some customers is signed in."""
    for each, count in ((tenant, ROWS), (other_tenant, 2)):
        with tenant_scope(each.id):
            for _ in range(count):
                make(Customer)
    client.force_login(owner)
    return client


def announced() -> str:
    """Return the tenant that the connection knows, and whether it is in a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('xenofy.tenant_id', true), '')")
        return str(cursor.fetchone()[0])


def begun(web: Client, fails: int = 0) -> Iterator[bytes]:
    return iter(web.get(f"/probe/kept-stream/{fails}/"))


def test_every_row_is_read_in_the_tenants_scope(web: Client, tenant: Tenant) -> None:
    lines = b"".join(begun(web)).decode().splitlines()

    assert lines == [f"{tenant.id} {tenant.id}"] * ROWS


def test_between_two_steps_nobody_has_the_tenant(web: Client) -> None:
    answer = web.get("/probe/kept-stream/0/")
    next(iter(answer))

    assert connection.in_atomic_block
    assert tenant_id_or_none() is None
    with pytest.raises(NoTenant):
        Customer.objects.count()
    answer.close()


def test_after_the_last_byte_nothing_is_left(web: Client) -> None:
    list(begun(web))

    assert (tenant_id_or_none(), announced(), connection.in_atomic_block) == (None, "", False)


def test_a_reader_who_goes_away_ends_the_transaction(web: Client) -> None:
    answer = web.get("/probe/kept-stream/0/")
    next(iter(answer))
    assert connection.in_atomic_block

    answer.close()

    assert (tenant_id_or_none(), announced(), connection.in_atomic_block) == (None, "", False)


def test_a_stream_that_nobody_reads_opens_nothing(web: Client) -> None:
    answer = web.get("/probe/kept-stream/0/")
    assert not connection.in_atomic_block

    answer.close()

    assert not connection.in_atomic_block


def test_a_failure_on_the_way_is_told_and_logged(
    web: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[bytes] = []
    with caplog.at_level(logging.ERROR), pytest.raises(ZeroDivisionError):
        sent.extend(begun(web, fails=1))
    lines = b"".join(sent).decode().splitlines()

    assert len(lines) == ROWS + 1 and lines[-1] == "incomplete"
    assert "ZeroDivisionError" in caplog.text
    assert (tenant_id_or_none(), announced(), connection.in_atomic_block) == (None, "", False)


def test_the_next_request_has_its_own_tenant(
    web: Client, other_owner: User, other_tenant: Tenant
) -> None:
    list(begun(web))
    web.force_login(other_owner)

    lines = b"".join(begun(web)).decode().splitlines()

    assert lines == [f"{other_tenant.id} {other_tenant.id}"] * 2


def test_streams_of_two_tenants_do_not_meet(
    web: Client, tenant: Tenant, other_tenant: Tenant
) -> None:
    def read(each: Tenant) -> list[bytes]:
        def chunks() -> Iterator[bytes]:
            for customer in Customer.objects.iterator(1):
                yield str(customer.tenant_id).encode()

        try:
            with tenant_scope(each.id):
                answer = TenantStream(chunks, broken=b"")
            return list(answer)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(read, [tenant, other_tenant] * 10))

    assert found == [[str(tenant.id).encode()] * ROWS, [str(other_tenant.id).encode()] * 2] * 10


def test_a_written_file_needs_no_tenant(web: Client) -> None:
    assert b"".join(web.get("/probe/file/")) == str(ROWS).encode()
