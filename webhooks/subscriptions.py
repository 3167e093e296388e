"""What Shopify tells us of: subscribed in each shop, compared and repaired.

Shopify removes a subscription whose deliveries failed eight times in a row, and says so in a mail
alone. The topics about people's data cannot be subscribed to here: the app's configuration names
them (docs/shopify.app.toml).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from shop_data.errands import ask
from shop_data.imports.sweeping import SWEEP
from shop_data.shopify.client import AdminClient, admin_client
from shop_data.shopify.documents import document
from shop_data.shopify.errors import (
    AccessDenied,
    NotConnected,
    ReauthRequired,
    Refused,
    Unreachable,
)
from tenants import audit
from tenants.audit import Action
from tenants.scope import tenant_scope
from webhooks.reachability import why_unreachable
from webhooks.subscription_checks import note_compared, note_unreachable, topics_before
from webhooks.topics import TOPICS

logger = logging.getLogger(__name__)

HOURLY = timedelta(hours=1)
CONFIGURED = frozenset({"customers/data_request", "customers/redact", "shop/redact"})
OFFERED = tuple(sorted(TOPICS - CONFIGURED))


class Subscription(NamedTuple):
    """What Shopify holds of ours: `topic` is in its spelling there, as ORDERS_CREATE."""

    id: str
    topic: str
    uri: str
    is_whole: bool  # JSON with all fields of every event


class Repair(NamedTuple):
    """What a comparison did, each a topic; `refused` are those that Shopify gave no right to."""

    kept: tuple[str, ...]
    created: tuple[str, ...]
    removed: tuple[str, ...]
    refused: dict[str, str]  # topic -> the rights that are missing, or what Shopify says


def step(tenant_id: UUID, *, now: datetime, alive: Callable[[], None]) -> datetime | None:
    """Repair a shop's subscriptions; return when to come again, None when it is not connected.

    Raises `Unreachable`, also where Shopify could not deliver to us: then nothing is subscribed to.
    """
    try:
        admin = admin_client(tenant_id)
        why = why_unreachable()
        if why:
            note_unreachable(tenant_id, why, now=now)
            raise Unreachable(why)
        done = repair(admin, alive=alive)
    except (NotConnected, ReauthRequired):
        return None
    _noted(tenant_id, done, now=now)
    return now + HOURLY


def repair(admin: AdminClient, *, alive: Callable[[], None] = lambda: None) -> Repair:
    """Subscribe to what is missing at our address, and end what would be told twice or in part.

    Those of our app at another host are left alone.
    """
    found = list(listed(admin))
    whole = {one.topic: one for one in found if one.is_whole and one.uri == _address(one.topic)}
    removed = tuple(
        _end(admin, one) for one in found if _is_ours(one) and one not in whole.values()
    )
    created, refused = [], {}
    for topic in (topic for topic in OFFERED if graphql_name(topic) not in whole):
        alive()
        why = _begin(admin, topic)
        if why:
            refused[topic] = why
        else:
            created.append(topic)
    kept = tuple(topic for topic in OFFERED if graphql_name(topic) in whole)
    return Repair(kept, tuple(created), removed, refused)


def listed(admin: AdminClient) -> Iterator[Subscription]:
    """Return our app's subscriptions in the shop; those of a configuration file are not shown."""
    after, more = None, True
    while more:
        page = admin.run(document("subscriptions"), {"after": after})["webhookSubscriptions"]
        yield from map(_read, page["nodes"])
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]


def graphql_name(topic: str) -> str:
    """Return a topic as Shopify's Admin API spells it."""
    return topic.replace("/", "_").replace(".", "_").upper()


_TOPICS = {graphql_name(topic): topic for topic in OFFERED}


def _read(node: dict[str, Any]) -> Subscription:
    whole = node["format"] == "JSON" and not node["includeFields"] and not node["filter"]
    return Subscription(node["id"], node["topic"], node["uri"], whole)


def _address(name: str) -> str | None:
    """Return where deliveries of a topic go; None for one that we do not take."""
    topic = _TOPICS.get(name)
    return topic and settings.PUBLIC_URL + reverse("webhooks:shopify", args=[topic])


def _is_ours(one: Subscription) -> bool:
    return one.uri.startswith(f"{settings.PUBLIC_URL}/")


def _begin(admin: AdminClient, topic: str) -> str:
    """Subscribe to a topic; return why not, or nothing."""
    name = graphql_name(topic)
    wanted = {"uri": _address(name), "format": "JSON"}
    try:
        admin.run(document("subscribe"), {"topic": name, "wanted": wanted})
    except AccessDenied as error:
        return ", ".join(error.scopes) or error.message
    except Refused as error:
        return error.message
    return ""


def _end(admin: AdminClient, one: Subscription) -> str:
    admin.run(document("unsubscribe"), {"id": one.id})
    return _TOPICS.get(one.topic, one.topic)


def _noted(tenant_id: UUID, done: Repair, *, now: datetime) -> None:
    """Write down what was found; what Shopify had removed is said, and what was missed asked for.

    Removed is what was there at the last look, at the same address.
    """
    if done.created or done.removed:
        extra = {"event": "webhooks.subscribed", "tenant": tenant_id}
        extra |= {"created_topics": done.created, "removed_topics": done.removed}
        logger.warning("Subscriptions of webhooks were repaired.", extra=extra)
    with tenant_scope(tenant_id):
        lost = sorted(topics_before() & set(done.created) - set(done.removed))
        note_compared(done.kept + done.created, done.refused, now=now)
        if lost:
            _tell(lost, now=now)


def _tell(lost: Sequence[str], *, now: datetime) -> None:
    """Write into the shop's log what Shopify had removed, and ask at once what was missed."""
    audit.note(
        Action.SUBSCRIBED_AGAIN, actor_id=None, actor="Xenofy", now=now,
        detail={"topics": list(lost)},
        subject=", ".join(lost[:3]) + (" and more" if len(lost) > 3 else ""),
    )  # fmt: skip
    ask(SWEEP, at=now)
