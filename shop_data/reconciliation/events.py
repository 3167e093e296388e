"""Shopify's own feed of what happened, put beside what webhooks told into ours.

A webhook says the same with an id of its own. So events are asked for only when the last retry of
every webhook is over, and left out where a line of that kind about that thing stands there already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from shop_data.models import StoreEvent
from shop_data.payloads.graphql_events import happened
from shop_data.payloads.values import Body, moment
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.upserts.store_events import Told, write_store_events
from tenants.scope import tenant_scope

BEHIND = timedelta(hours=5)  # a webhook is tried for four
ASKED_BACK = timedelta(days=30)  # by the first reconciliation
APART = timedelta(minutes=10)  # what is told of one thing within, is one
TOPIC = "events"

Line = tuple[str, str, int | None]  # type, verb and subject


def take_page(client: AdminClient, search: str, after: str | None) -> str | None:
    """Bring a page of events into the feed; return where the next one begins, if there is one."""
    found = client.run(document("events"), {"search": search, "after": after})["events"]
    told = [each for each in map(_told, found["nodes"]) if each is not None]
    with tenant_scope(client.tenant_id):
        write_store_events(_untold(told))
    info = found["pageInfo"]
    return info["endCursor"] if info["hasNextPage"] else None


def _told(event: Body) -> Told | None:
    what, at = happened(event), moment(event.get("createdAt"), "createdAt")
    return Told(TOPIC, str(event.get("id")), at, what) if what and at else None


def _untold(told: Sequence[Told]) -> list[Told]:
    """Return what no line of the feed says yet."""
    if not told:
        return []
    moments = [each.happened_at for each in told]
    near = (min(moments) - APART, max(moments) + APART)
    lines = StoreEvent.objects.filter(
        type__in={each.what.type for each in told},
        subject_shopify_id__in={each.what.subject for each in told},
        happened_at__range=near,
    )
    known: dict[Line, list[datetime]] = defaultdict(list)
    for type_, verb, subject, at in lines.values_list(
        "type", "verb", "subject_shopify_id", "happened_at"
    ):
        known[type_, verb, subject].append(at)
    return [each for each in told if not _is_known(each, known)]


def _is_known(told: Told, known: Mapping[Line, Sequence[datetime]]) -> bool:
    what = told.what
    near = known.get((what.type, what.verb, what.subject), ())
    return any(abs(at - told.happened_at) <= APART for at in near)
