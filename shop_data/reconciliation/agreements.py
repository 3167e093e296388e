"""Holding the ledger of orders against Shopify's own agreements: confirmed, or corrected by them.

Compared is the statement of each order by day. An order that Shopify has changed since, or of which
we know more by now, is left for the next time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from shop_data.agreed_sales import Agreed, AgreedSale
from shop_data.changes import microseconds, moment_of
from shop_data.imports.bulk_files import PARENT
from shop_data.known_orders import KnownOrder
from shop_data.models import OrderDocument, Reconciliation, Sale
from shop_data.payloads.graphql_agreements import agreed_sales
from shop_data.payloads.values import Body, PayloadError, moment, parse, required_identifier
from shop_data.reconciliation.differences import names_of, note_healed
from shop_data.reconciliation.lines import Figures, Part, add_up, figures_of_orders
from shop_data.store import shop_time_zone
from shop_data.upserts.orders import learn_again
from shop_data.upserts.sales import confirm_sales
from tenants.models import TenantState
from tenants.scope import tenant_scope
from tenants.state import data_changed

CHUNK = 500  # orders of one transaction
Reasons = Mapping[tuple[int | None, str], str]  # of a line and its type, why it came back


class Result(NamedTuple):
    """How many orders Shopify's ledger confirmed and corrected, and whose sales are of a kind that
    we do not know."""

    confirmed: int = 0
    corrected: int = 0
    unknown: int = 0

    def plus(self, other: Result) -> Result:
        return Result(*(mine + its for mine, its in zip(self, other, strict=True)))


def compare_ledgers(
    tenant_id: UUID,
    running: Reconciliation,
    path: Path,
    *,
    now: datetime,
    alive: Callable[[], None],
) -> Result:
    """Confirm or correct the ledger of every order of a checked file."""
    orders = iter(_orders(path))
    result = Result()
    while some := list(islice(orders, CHUNK)):
        alive()
        with tenant_scope(tenant_id):
            list(TenantState.objects.select_for_update().values_list("id"))  # others wait
            result = result.plus(_compare(running, some, now=now))
    return result


def _orders(path: Path) -> list[Body]:
    """Return the orders of a file, with their agreements and these with their sales."""
    orders: dict[str, Any] = {}
    agreements: dict[str, Any] = {}
    sales: dict[str, list[Body]] = defaultdict(list)
    with path.open("rb") as file:
        for node in map(parse, file):
            if PARENT not in node:
                orders[node["id"]] = {**node, "agreements": []}
            elif "happenedAt" in node:
                agreements[node["id"]] = node
            else:
                sales[node[PARENT]].append(node)
    for identifier, agreement in agreements.items():
        its = {**agreement, "sales": sales[identifier]}
        orders[agreement[PARENT]]["agreements"].append(its)
    return list(orders.values())


def _compare(running: Reconciliation, orders: Sequence[Body], *, now: datetime) -> Result:
    told = {required_identifier(order): order for order in orders if not order.get("test")}
    documents = {
        document.shopify_id: document
        for document in OrderDocument.objects.filter(shopify_id__any=told)
        if document.version_at == moment(told[document.shopify_id]["updatedAt"], "updatedAt")
    }
    zone, unknown = shop_time_zone(), 0
    ours = figures_of_orders(documents)
    agreeing, differing = [], {}
    for order_id, document in documents.items():
        try:
            sales = agreed_sales(told[order_id], told[order_id]["agreements"])
        except PayloadError:
            unknown += 1
            continue
        if _figures(sales, zone) == ours.get(order_id, Figures()):
            agreeing.append(order_id)
        else:
            differing[order_id] = Agreed(microseconds(document.version_at), sales)
    _confirm(agreeing)
    _correct(running, differing, documents, ours, now=now)
    return Result(len(agreeing), len(differing), unknown)


def _figures(sales: Sequence[AgreedSale], zone: ZoneInfo) -> Figures:
    return add_up(
        Part(
            moment_of(sale.at).astimezone(zone).date(),
            sale.currency,
            sale.line_type,
            sale.action,
            sale.gross,
            sale.discount,
            sale.tax,
        )
        for sale in sales
    )


def _confirm(order_ids: Sequence[int]) -> None:
    rows = Sale.objects.filter(order__shopify_id__in=order_ids)
    confirm_sales(set(rows.values_list("order_id", flat=True)))


def _correct(
    running: Reconciliation,
    differing: Mapping[int, Agreed],
    documents: Mapping[int, OrderDocument],
    before: Mapping[int, Figures],
    *,
    now: datetime,
) -> None:
    """Let orders learn what Shopify's agreements say, and note what that changed."""
    if not differing:
        return
    reasons = _reasons(list(differing))

    def learn(known: KnownOrder) -> None:
        agreed = differing[known.shopify_id]
        sales = list(_explained(agreed.sales, reasons[known.shopify_id]))
        known.learn_agreed(agreed._replace(sales=sales).as_json())

    learn_again([documents[key] for key in differing], learn, now=now)
    _confirm(list(differing))
    data_changed(now=now)
    after = figures_of_orders(differing)
    changed = {key: before.get(key, Figures()) for key in differing}
    note_healed(running, changed, after, names_of(differing), now=now)


def _reasons(order_ids: Sequence[int]) -> dict[int, dict[tuple[int | None, str], str]]:
    """Return why lines of orders came back, as far as we know: agreements do not tell."""
    rows = Sale.objects.filter(order__shopify_id__in=order_ids, action=Sale.Action.RETURN)
    found: dict[int, dict[tuple[int | None, str], str]] = defaultdict(dict)
    columns = ("order__shopify_id", "line_item_shopify_id", "line_type", "reason")
    for order_id, line_id, line_type, reason in rows.values_list(*columns):
        found[order_id][line_id, line_type] = reason
    return found


def _explained(sales: Sequence[AgreedSale], reasons: Reasons) -> Iterator[AgreedSale]:
    for sale in sales:
        why = reasons.get((sale.line_item_shopify_id, sale.line_type), "")
        is_untold = sale.action == Sale.Action.RETURN and not sale.reason
        yield sale._replace(reason=why) if is_untold else sale
