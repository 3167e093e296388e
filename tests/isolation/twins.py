"""Two shops that tell the same stories under the same numbers, each in words of its own.

Every text that a shop delivers has a word of the shop's in it, so that none of them can reach the
other unseen. Words of the people among its customers stand apart: not everybody may read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts import invitations, sessions
from accounts.models import LoginSession, Membership, User
from shop_data.models import CsvUpload, CustomerFile
from tenants.api_keys import make_key
from tenants.models import Invitation, Role, Tenant, TenantState
from tenants.rights import KEY_RIGHTS, Right
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.factories import ConnectionFactory, MembershipFactory, TenantFactory, UserFactory
from tests.privacy import life
from tests.shops import Delivered, Shop
from webhooks.models import InboxEvent

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
ONLY_OTHERS = 4242  # the id of an order, a product and a customer that the other shop alone has
VERSION = 1000  # of both shops' data: nothing that is kept may be told apart by it alone

# What the stories say -> what the other shop says instead. The first ones name people.
OF_PEOPLE = {
    "Quillon": "Tarquinius",
    "Zephyrine": "Ondinella",
    "canary": "falconer",
    "Vogelhausen": "Fischhausen",
    "98787-X": "13131-Y",
    "0099887": "0055443",
    "anagram-of-nobody": "palindrome-of-all",
}
OF_SHOP = {
    "Silk shawl": "Woollen scarf",
    "SHAWL-1": "SCARF-2",
    "Kaveri": "Bluebird",
}
PRODUCT = {"id": 7001, "title": "Silk shawl", "vendor": "Kaveri", "product_type": "Kaveri things",
           "handle": "kaveri-shawl", "updated_at": "2026-01-01T00:00:00Z",
           "variants": [{"id": 70010, "title": "Kaveri red", "price": "1", "sku": "SHAWL-1",
                         "inventory_item_id": 700100}]}  # fmt: skip
STORE = {"id": 1, "name": "Kaveri Handlooms", "currency": "USD", "country_code": "US",
         "iana_timezone": "UTC", "updated_at": "2026-01-01T00:00:00Z"}  # fmt: skip
SHOP = [("shop/update", STORE), ("products/create", PRODUCT)]


@dataclass(frozen=True, slots=True)
class Twin:
    """One of the two shops, with who belongs to it and what can be asked of it by id."""

    shop: Shop
    people: Mapping[str, User]  # by role
    keys: Mapping[Right, str]  # a key with this scope alone; `every_key` has all
    every_key: str
    but_one: Mapping[Right, str]  # a key with every scope but this one
    ids: Mapping[str, str]  # parameter of an address -> a value of this shop
    names_of_people: frozenset[str]
    words: frozenset[str]  # all that only this shop says, in small letters

    @property
    def tenant(self) -> Tenant:
        tenant: Tenant = self.shop.connection.tenant
        return tenant


def twins() -> tuple[Twin, Twin]:
    """Return the shop of the stories, and the other one."""
    everything = OF_PEOPLE | OF_SHOP
    first = _twin({word: word for word in everything}, extra=())
    return first, _twin(everything, extra=list(_only_of_the_other()))


def _twin(words: Mapping[str, str], *, extra: list[Delivered] | tuple[()]) -> Twin:
    name = words["Kaveri"]
    tenant = TenantFactory(name=f"{name} Handlooms")
    shop = Shop(ConnectionFactory(tenant=tenant, domain=f"{name.lower()}.myshopify.com"))
    for topic, body in [*SHOP, *life.stories(), ("orders/create", {"id": life.EMAIL})]:
        shop.deliver(topic, _retold(body, words))
    shop.drain()
    for topic, body in extra:
        shop.deliver(topic, _retold(body, words))
    shop.deliver(*_told(life.DATA, words))
    shop.drain()
    life.carry_out(shop)
    shop.deliver("themes/publish", _retold({"id": 7, "by": life.EMAIL}, words))  # waits
    with tenant_scope(tenant.id):
        TenantState.objects.update(data_version=VERSION)
    return _described(shop, words)


def _described(shop: Shop, words: Mapping[str, str]) -> Twin:
    tenant, host = shop.connection.tenant, f"{words['Kaveri'].lower()}.example"
    people = {role: _member(tenant, role, f"{role}@{host}") for role in Role.values}
    owner = people["owner"]
    every = frozenset(KEY_RIGHTS)
    return Twin(
        shop=shop,
        people=people,
        keys={right: _key(tenant, owner, {right}) for right in KEY_RIGHTS},
        every_key=_key(tenant, owner, every),
        but_one={right: _key(tenant, owner, every - {right}) for right in KEY_RIGHTS},
        ids=_ids(tenant, people, host),
        names_of_people=frozenset(words[word].lower() for word in OF_PEOPLE),
        words=frozenset(word.lower() for word in words.values()),
    )


def _member(tenant: Tenant, role: str, email: str) -> User:
    user = UserFactory(email=email)
    MembershipFactory(tenant=tenant, role=role, user=user)
    return user


def _key(tenant: Tenant, owner: User, scopes: Any) -> str:
    name = " ".join([tenant.name, *sorted(scopes)])
    made = make_key(tenant, name=name, scopes=scopes, expires_at=None, created_by=owner.id, now=NOW)
    return made.key


def _ids(tenant: Tenant, people: Mapping[str, User], host: str) -> dict[str, str]:
    owner = people["owner"]
    sessions.open_session(owner, tenant_id=tenant.id, now=NOW, device=f"Till of {host}")
    invited = invitations.invite(
        tenant, email=f"invited@{host}", role=Role.VIEWER, invited_by=owner, now=NOW
    )
    token = f"a-token-of-{host}"
    Invitation.objects.filter(pk=invited.pk).update(token_sha256=invitations._digest(token))
    with tenant_scope(tenant.id):
        event = InboxEvent.objects.filter(status="quarantined").latest("received_at", "id")
        file = CustomerFile.objects.get()
        upload = CsvUpload.objects.create(name=f"{host}.csv", size=1, uploaded_at=NOW)
    return {
        "event_id": str(event.id),
        "file_id": str(file.id),
        "upload_id": str(upload.id),
        "membership": str(Membership.objects.get(user=people["viewer"]).id),
        "invitation": str(invited.id),
        "key_id": str(tenant.api_keys.order_by("id").first().id),
        "sign_in": str(LoginSession.objects.get(user=owner).id),
        "token": token,
        "topic": "orders/create",
    }


def _only_of_the_other() -> list[Delivered]:
    """Return an order of a thing and a person that the other shop alone knows."""
    person = {**life.PERSON, "id": ONLY_OTHERS, "email": "only@canary.example"}
    built = OrderBuilder(id=ONLY_OTHERS, at=(NOW - timedelta(days=3)).isoformat(), customer=person)
    built.line("77777.77", product_id=ONLY_OTHERS)
    built.line("1.00", product_id=None)
    return [
        ("products/create", PRODUCT | {"id": ONLY_OTHERS, "variants": []}),
        ("customers/create", person | {"updated_at": life.T.format(1)}),
        ("orders/create", life.body_of(built)),
    ]


def _told(delivery: Delivered, words: Mapping[str, str]) -> tuple[str, bytes]:
    topic, body = delivery
    return topic, _retold(body, words)


def _retold(body: Any, words: Mapping[str, str]) -> bytes:
    """Return a body in the words of a shop, however they are capitalised."""
    text = body.decode() if isinstance(body, bytes) else json.dumps(body)
    for word, other in words.items():
        for form in (str, str.lower, str.upper, str.capitalize):
            text = text.replace(form(word), form(other))
    return text.encode()
