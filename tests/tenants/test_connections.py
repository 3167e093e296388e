"""A domain leads to a tenant only once the tenant has proven it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from tenants.connections import claims_of, prove
from tenants.models import Connection
from tests.factories import ConnectionFactory

DOMAIN = "kaveri.myshopify.com"


def claim() -> Connection:
    return ConnectionFactory(domain=DOMAIN, proven_at=None)


@pytest.mark.django_db
def test_claims_are_returned_oldest_first_until_one_is_proven() -> None:
    first, second = claim(), claim()

    assert claims_of(DOMAIN) == [first, second]

    assert prove(second, now=timezone.now())

    assert claims_of(DOMAIN) == [second]


@pytest.mark.django_db
def test_an_unknown_domain_has_no_claims() -> None:
    claim()

    assert claims_of("other.myshopify.com") == []


@pytest.mark.django_db
def test_proving_again_keeps_the_first_moment() -> None:
    connection = claim()
    prove(connection, now=timezone.now())
    connection.refresh_from_db()
    proven_at = connection.proven_at

    assert prove(connection, now=timezone.now())

    connection.refresh_from_db()
    assert connection.proven_at == proven_at


@pytest.mark.django_db
def test_a_proven_domain_cannot_be_proven_by_another_tenant() -> None:
    first, second = claim(), claim()
    prove(first, now=timezone.now())

    assert not prove(second, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_claims_proven_at_the_same_moment_one_wins() -> None:
    claims = [claim() for _ in range(6)]

    def run(connection: Connection) -> bool:
        try:
            return prove(connection, now=timezone.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(run, claims))

    assert won.count(True) == Connection.objects.filter(proven_at__isnull=False).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("domain", ["Kaveri.myshopify.com", "KAVERI.MYSHOPIFY.COM"])
def test_a_domain_that_is_not_lower_case_is_refused_by_the_database(domain: str) -> None:
    with pytest.raises(IntegrityError, match="connection_lower_case"), transaction.atomic():
        ConnectionFactory(domain=domain)


@pytest.mark.django_db
def test_a_tenant_claims_a_domain_once() -> None:
    first = claim()

    with pytest.raises(IntegrityError, match="connection_domain"), transaction.atomic():
        ConnectionFactory(domain=DOMAIN, tenant=first.tenant, proven_at=None)
