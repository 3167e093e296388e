"""customers/redact: the person is nowhere any more, and every sum is what it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analytics import api_urls
from analytics.models import CustomerTotal
from shop_data.models import AbandonedCart, Customer, Order, Redaction
from shop_data.privacy.pseudonyms import CUSTOMER, Pseudonyms
from shop_data.privacy.withholding import forgotten_among
from tenants.models import Tenant, TenantModel
from tenants.scope import tenant_scope
from tests.privacy.canaries import found_in_database, found_in_files
from tests.privacy.life import (
    CANARIES,
    DATA,
    EMAIL,
    ID,
    MERGE,
    ORDER,
    PERSON,
    REDACT,
    T,
    body_of,
    carry_out,
    order,
    requests,
    stories,
    tenant_of,
    told,
)
from tests.shops import Shop
from webhooks import replay
from xenofy import privacy
from xenofy.common.log import LineFormatter
from xenofy.verification.tenant import verify_tenant

pytestmark = pytest.mark.django_db


def sums(shop: Shop) -> dict[str, Counter[Any]]:
    """Return every rollup, without whose total is whose and without the rows' ids."""
    unsaid = {"id", "tenant_id", "customer_shopify_id"}
    with tenant_scope(tenant_of(shop)):
        return {
            model._meta.label: Counter(
                tuple(
                    sorted((name, str(value)) for name, value in row.items() if name not in unsaid)
                )
                for row in model.objects.values()
            )
            for model in apps.get_app_config("analytics").get_models()
            if issubclass(model, TenantModel)
        }


def differences(shop: Shop) -> int:
    return verify_tenant(tenant_of(shop), limit=10, progress=lambda *_: None).differences.total


def redact(shop: Shop) -> None:
    shop.process(REDACT)
    carry_out(shop)


@pytest.fixture
def known(shop: Shop) -> Shop:
    """A shop that knows the person, has quarantined something of theirs and given their data."""
    told(shop)
    shop.process(DATA)
    carry_out(shop)
    return shop


@pytest.mark.threat(15)
def test_the_person_is_nowhere_and_the_sums_stay(
    known: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    before = sums(known)
    assert found_in_database(tenant_of(known), CANARIES)

    redact(known)

    assert found_in_database(tenant_of(known), CANARIES) == []
    assert found_in_files(CANARIES) == []
    lines = "\n".join(LineFormatter().format(record) for record in caplog.records).lower()
    assert [each for each in CANARIES if each in lines] == []
    assert sums(known) == before
    assert differences(known) == 0
    assert [request.status for request in requests(known)] == ["done", "done"]


def test_orders_keep_what_was_bought_and_where_to(known: Shop) -> None:
    redact(known)

    with tenant_scope(tenant_of(known)):
        row = Order.objects.get(shopify_id=ORDER)
        lines = list(row.items.order_by("position").values_list("title", "product_shopify_id"))
        (address,) = row.addresses.filter(type="shipping")
        others = Order.objects.get(shopify_id=9001)
        numbers = set(
            Order.objects.filter(shopify_id__in=[ORDER, ORDER + 5])
            .values_list("customer_shopify_id", flat=True)
        )  # fmt: skip
        who = Customer.objects.get(id=row.customer_id)
    assert (row.email, row.note) == (None, None)
    assert (str(who), who.shopify_id) == ("Forgotten customer", row.customer_shopify_id)
    assert (who.email, who.city, who.country_code) == (None, None, "DE")
    assert lines == [("Silk shawl", 7001), (None, None)] or lines[1] == (None, None)
    assert (address.country_code, address.province_code, address.city) == ("DE", "BY", None)
    assert len(numbers) == 1 and ID not in numbers
    assert others.email == "mena@example.com"


def figures(body: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield where each number of an answer stands, without places in lists, and the number."""
    if isinstance(body, dict):
        for name in body.keys() - {"dataVersion"}:
            yield from figures(body[name], f"{path}/{name}")
    elif isinstance(body, list):
        for value in body:
            yield from figures(value, path)
    elif isinstance(body, int | float):
        yield path, body


def all_figures(owner: User) -> dict[str, Counter[tuple[str, Any]]]:
    """Return the numbers of every answer about data, without those that lead from a figure to its
    rows, and the feed, from which lines go."""
    client = Client()
    client.force_login(owner)
    paths = [f"/api/data/{each.pattern}" for each in api_urls.urlpatterns]
    paths = [path for path in paths if not path.endswith(("/events", "/proof"))]
    days = {"startDate": "2026-03-01", "endDate": "2026-03-31"}
    answers = {path: client.get(path, days if "/reports/" in path else {}) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: Counter(figures(answer.json())) for path, answer in answers.items()}


def test_every_figure_of_every_answer_stays(known: Shop, owner: User) -> None:
    before = all_figures(owner)

    redact(known)

    of_domains = ("/byEmail/domains/customers", 1)  # a domain can be one person's
    before["/api/data/customers/stats"][of_domains] -= 1
    assert all_figures(owner) == before


def test_whether_a_checkout_had_a_contact_is_still_counted(known: Shop) -> None:
    redact(known)

    with tenant_scope(tenant_of(known)):
        carts = list(AbandonedCart.objects.values_list("email", "token", "recovery_url"))
    assert carts == [("forgotten", None, None)] * 2


@pytest.mark.parametrize("late", [False, True])
def test_a_checkout_with_a_phone_number_alone_gets_no_address(known: Shop, late: bool) -> None:
    """Before the request, or after it."""
    cart = {"id": 39, "customer": PERSON, "phone": PERSON["phone"], "email": None,
            "created_at": T.format(3), "updated_at": T.format(3)}  # fmt: skip
    if late:
        redact(known)
    known.process(("checkouts/create", cart))
    redact(known)

    with tenant_scope(tenant_of(known)):
        found = AbandonedCart.objects.get(shopify_id=39)
    assert (found.email, found.phone) == (None, "forgotten")


@pytest.mark.parametrize("again", ["the request", "everything stored", "everything of Shopify's"])
def test_nothing_brings_them_back(known: Shop, again: str) -> None:
    redact(known)
    before = sums(known)

    if again == "the request":
        redact(known)
    elif again == "everything stored":
        everything = replay.Selection(statuses=replay.EVERY_STATUS)
        with tenant_scope(tenant_of(known)):
            replay.put_back(everything, now=timezone.now(), by="Put back by a test.")
        known.drain()
    else:
        told(known)
        known.process(("customers/update", {**PERSON, "updated_at": T.format(9)}))
        known.process(("orders/updated", {**body_of(order()), "updated_at": T.format(9)}))
    carry_out(known)

    assert found_in_database(tenant_of(known), CANARIES) == []
    assert differences(known) == 0
    if again != "everything of Shopify's":  # that ends with an older state of the order
        assert sums(known) == before


def test_the_request_may_come_before_all_else(shop: Shop) -> None:
    redact(shop)

    told(shop)
    carry_out(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []
    assert differences(shop) == 0


def test_all_of_it_may_come_in_one_batch(shop: Shop) -> None:
    shop.deliver(*REDACT)
    for topic, body in stories():
        shop.deliver(topic, body)
    shop.drain()

    carry_out(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []
    assert differences(shop) == 0


def test_who_turns_out_to_be_a_forgotten_customer_is_forgotten_too(shop: Shop) -> None:
    early = [story for story in stories() if story[0] != "customers/merge"]
    for topic, body in early:
        shop.deliver(topic, body)
    shop.drain()
    redact(shop)

    shop.process(("customers/merge", MERGE))
    carry_out(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []
    assert differences(shop) == 0
    with tenant_scope(tenant_of(shop)):
        orders = Order.objects.filter(shopify_id__in=[ORDER, ORDER + 5])
        assert orders.values("customer_shopify_id").distinct().count() == 1


def test_another_customer_with_the_same_address_later_is_somebody_else(known: Shop) -> None:
    redact(known)
    person = {**PERSON, "id": 7700112233999}
    later = order(number=ORDER + 50)
    later.customer = person
    body = {**body_of(later), "updated_at": "2199-01-01T00:00:00Z"}

    known.process(("customers/create", {**person, "updated_at": T.format(9)}))
    known.process(("orders/create", body))

    with tenant_scope(tenant_of(known)):
        assert Customer.objects.get(shopify_id=7700112233999).email == EMAIL
        assert Order.objects.get(shopify_id=ORDER + 50).email == EMAIL


def test_a_killed_worker_is_followed_by_one_that_ends_it(
    known: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other step fails before its commit; nothing is left half done or left out."""
    from xenofy import privacy

    before = sums(known)
    passages = Counter[str]()

    def failpoint(name: str) -> None:
        passages[name] += 1
        if name == "before_privacy_commit" and passages[name] % 2:
            raise RuntimeError(name)

    monkeypatch.setattr(privacy, "failpoint", failpoint)
    known.process(REDACT)
    for _ in range(30):
        try:
            if not carry_out(known):
                break
        except RuntimeError:
            assert differences(known) == 0

    assert found_in_database(tenant_of(known), CANARIES) == []
    assert sums(known) == before
    assert passages["before_privacy_commit"] > passages["after_privacy_step"] >= 4


def test_a_pseudonym_is_told_apart_and_does_not_lead_back(known: Shop) -> None:
    redact(known)

    with tenant_scope(tenant_of(known)):
        totals = set(CustomerTotal.objects.values_list("customer_shopify_id", flat=True))
        subjects = set(Redaction.objects.values_list("subject", flat=True))
    assert {each for each in totals if each != 5001} <= subjects
    assert min(subjects) >= 2**62


def test_what_a_failing_delivery_quotes_is_logged_nowhere_and_forgotten(
    shop: Shop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError(f"What is {EMAIL}?")

    with monkeypatch.context() as patched:
        patched.setattr("shop_data.upserts.customers.customer_row", fail)
        shop.process(("customers/create", {**PERSON, "updated_at": T.format(1)}))
    lines = "\n".join(LineFormatter().format(record) for record in caplog.records)
    assert "ValueError" in lines and EMAIL not in lines
    assert found_in_database(tenant_of(shop), ["quillon"])

    redact(shop)

    assert found_in_database(tenant_of(shop), CANARIES) == []


def test_a_body_that_has_lost_its_shape_lets_nobody_in(known: Shop) -> None:
    redact(known)

    known.process(("orders/updated", {**body_of(order()), "line_items": [EMAIL]}))

    assert found_in_database(tenant_of(known), CANARIES) == []
    assert known.statuses()["quarantined"] >= 1


def test_a_customer_has_another_pseudonym_in_each_shop(shop: Shop, other_tenant: Tenant) -> None:
    found = set()
    for tenant_id in (tenant_of(shop), other_tenant.id):
        with tenant_scope(tenant_id):
            found |= {Pseudonyms().of(CUSTOMER, ID), Pseudonyms().of(CUSTOMER, ID)}

    assert len(found) == 2


def test_a_shop_whose_deliveries_never_end_forgets_too(known: Shop) -> None:
    """Between any two steps another delivery about the person arrives."""
    known.process(REDACT)
    for number in range(20):
        known.deliver("orders/create", body_of(order(number=900 + number)))
        if not privacy.carry_out(tenant_of(known), now=timezone.now()):
            break
    known.drain()

    assert [each.status for each in requests(known)] == ["done", "done"]
    assert found_in_database(tenant_of(known), CANARIES) == []


@pytest.mark.parametrize("customers", [(ID, 0), (0, ID)])
def test_one_batch_may_name_them_by_id_and_by_pseudonym(
    known: Shop, customers: tuple[int, int]
) -> None:
    """As it is when a waiting delivery was rewritten and another one came after it."""
    redact(known)
    with tenant_scope(tenant_of(known)):
        pseudonym = Pseudonyms().of(CUSTOMER, ID)
        both = forgotten_among([each or pseudonym for each in customers], [])

    assert both.customers == {ID, pseudonym}
