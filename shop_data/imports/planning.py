"""What an import brings, as Shopify lets us see it: planned once, when it begins."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from shop_data.imports.kinds import ORDERS, OTHERS, Kind
from shop_data.imports.loading import write_store
from shop_data.imports.spans import Span, months, search
from shop_data.models import Import, ImportPiece
from shop_data.payloads.values import moment
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.store import shop_time_zone
from tenants.models import TenantState
from tenants.scope import tenant_scope

RECENT = timedelta(days=60)  # what Shopify shows of orders without the scope read_all_orders
ALL_ORDERS = "read_all_orders"


def plan(client: AdminClient, running: Import, *, now: datetime) -> None:
    """Ask what there is and what we may see, and write down the pieces of an import."""
    answer = client.run(document("store"))
    scopes = {scope["handle"] for scope in answer["currentAppInstallation"]["accessScopes"]}
    since = _first_moment(client, answer["shop"], scopes, now=now)
    # Shopify's clock may be behind ours: what comes in the last minute, webhooks tell.
    pieces = list(_pieces(scopes, since, now))
    orders = orders_between(client, since) if _may_see(ORDERS, scopes) else None
    write_store(client.tenant_id, answer["shop"], now=now)
    with tenant_scope(client.tenant_id):
        planned = {"since_at": since, "orders": orders, "trouble": _what_is_missing(scopes)}
        still_runs = Import.objects.filter(id=running.id, state=Import.State.RUNNING)
        if still_runs.update(**planned):
            _write_down(running, pieces)
            TenantState.objects.update(history_since=since.astimezone(shop_time_zone()).date())


def orders_between(client: AdminClient, since: datetime, until: datetime | None = None) -> int:
    """Ask how many orders were created in a span of time; without an end, since its beginning."""
    query = search("created_at", since, until)
    return int(client.run(document("orders_count"), {"query": query})["ordersCount"]["count"])


def _write_down(running: Import, pieces: list[tuple[Kind, Span | None]]) -> None:
    ImportPiece.objects.filter(of=running).delete()
    for place, (kind, span) in enumerate(pieces):
        since_until = {"since_at": span.since, "until_at": span.until} if span else {}
        ImportPiece.objects.create(of=running, place=place, kind=kind.name, **since_until)


def _first_moment(
    client: AdminClient, shop: Mapping[str, Any], scopes: Collection[str], *, now: datetime
) -> datetime:
    """Return from when on there are orders that we may see.

    That is when the shop was made or, where orders were brought along from elsewhere, the oldest.
    """
    created_at = moment(shop["createdAt"], "shop.createdAt") or now - RECENT
    if ALL_ORDERS not in scopes:
        return max(created_at, now - RECENT)
    if not _may_see(ORDERS, scopes):
        return created_at
    oldest = client.run(document("first_order"))["orders"]["nodes"]
    found = [moment(order["createdAt"], "createdAt") for order in oldest]
    return min([created_at, *(at for at in found if at)])


def _pieces(
    scopes: Collection[str], since: datetime, now: datetime
) -> Iterator[tuple[Kind, Span | None]]:
    """Yield what is brought in this order: the newest month, all that is no order, older months."""
    of_orders = [(ORDERS, span) for span in months(since, now + timedelta(minutes=1))]
    yield from of_orders[:1] if _may_see(ORDERS, scopes) else ()
    yield from ((kind, None) for kind in OTHERS if _may_see(kind, scopes))
    yield from of_orders[1:] if _may_see(ORDERS, scopes) else ()


def _may_see(kind: Kind, scopes: Collection[str]) -> bool:
    return set(kind.needs) <= set(scopes)


def _what_is_missing(scopes: Collection[str]) -> str:
    said = [
        f"Without the scopes {', '.join(kind.needs)} there are no {kind.empties}."
        for kind in (ORDERS, *OTHERS)
        if not _may_see(kind, scopes)
    ]
    if ALL_ORDERS not in scopes:
        said.append("Without read_all_orders Shopify shows the orders of the last 60 days only.")
    return " ".join(said)
