"""Bodies that do not say where they should whom they are about, and name a forgotten one still."""

from __future__ import annotations

import json
import time

import pytest

from shop_data.models import CustomerFile
from tenants.scope import tenant_scope
from tests.privacy.canaries import found_in_database
from tests.privacy.life import (
    CANARIES,
    DATA,
    EMAIL,
    ID,
    PERSON,
    PLACE,
    REDACT,
    T,
    carry_out,
    requests,
    tenant_of,
)
from tests.shops import Delivered, Shop

pytestmark = pytest.mark.django_db

UNREADABLE: list[Delivered] = [
    ("customers/update", {**PERSON, "id": f"x{ID}", "updated_at": T.format(7)}),
    ("customers/update", {**PERSON, "id": None, "updated_at": T.format(7)}),
    ("orders/create", {"id": f"of {EMAIL}"}),
    ("fulfillments/create", {"id": 71, "email": EMAIL, "destination": PLACE}),
    ("customer.tags_added", {"customerId": "", "tags": [EMAIL]}),
]
GROSS = 5.0  # seconds of CPU, far above what it takes
TOPICS = [topic for topic, _ in UNREADABLE]


@pytest.mark.parametrize("told", UNREADABLE, ids=TOPICS)
@pytest.mark.parametrize("comes_later", [False, True])
def test_a_body_that_says_nowhere_whose_it_is_goes_where_it_names_them(
    shop: Shop, told: Delivered, comes_later: bool
) -> None:
    shop.process(("customers/create", {**PERSON, "updated_at": T.format(1)}))
    for each in (REDACT, told) if comes_later else (told, REDACT):
        shop.process(each)
        carry_out(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []


@pytest.mark.parametrize("said", ["/?mail={}&x=1", "Ask {}.", "{}", "<{}>", "x@y z {}"])
def test_an_address_is_found_whatever_stands_around_it(shop: Shop, said: str) -> None:
    shop.process(REDACT)
    carry_out(shop)

    shop.process(("themes/publish", {"note": said.format(EMAIL)}))

    assert found_in_database(tenant_of(shop), CANARIES) == []


@pytest.mark.fault(18)
@pytest.mark.parametrize("endless", [b"x", b"[", b"@", b"a@", b"1", b"a\\u0061"])
def test_words_without_an_end_hold_up_nobody(shop: Shop, endless: bytes) -> None:
    shop.process(REDACT)
    shop.deliver("products/update", b'{"title": "%b"}' % (endless * 100_000))
    shop.deliver("products/update", b'{"title": %b' % (endless * 100_000))
    begun = time.process_time()

    assert shop.drain() == 2

    assert time.process_time() - begun < GROSS


def test_a_body_that_names_somebody_else_stays(shop: Shop) -> None:
    other = {"id": "x9", "email": "somebody@else.example"}
    shop.process(("customers/create", {**PERSON, "updated_at": T.format(1)}))
    shop.process(("customers/update", other), REDACT)
    carry_out(shop)
    shop.process(("customers/update", {**other, "note": "again"}))

    assert found_in_database(tenant_of(shop), ["somebody@else.example"])
    assert shop.statuses()["quarantined"] == 2


HOSTILE = {
    "an exponent": b"1E+1000000",
    "many digits": b"9" * 5_000,
    "no number": b"NaN",
    "half a character": b'"\\ud83d"',
    "depth": b"[" * 100_000,
}


@pytest.mark.fault(19)
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_body_about_them_holds_the_file_is_written(shop: Shop, value: bytes) -> None:
    shop.process(("customers/create", {**PERSON, "updated_at": T.format(1)}))
    shop.deliver("themes/publish", b'{"by": "%b", "it": %b}' % (EMAIL.encode(), value))
    shop.drain()
    shop.process(DATA)

    carry_out(shop)

    assert [request.status for request in requests(shop)] == ["done"]
    with tenant_scope(tenant_of(shop)):
        found = json.loads(CustomerFile.objects.get().content, parse_constant=pytest.fail)
    assert EMAIL in json.dumps(found["deliveries"])
    assert "themes/publish" in {each["topic"] for each in found["deliveries"]}
