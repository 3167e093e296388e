"""The lines of refunds, which no bulk operation reaches: they are asked for by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from shop_data.imports.bulk_files import Incomplete, Node
from shop_data.payloads.graphql_values import nodes
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document

AT_ONCE = 10  # refunds of one question: with their lines they cost nearly what one may cost


def with_refunds(client: AdminClient, orders: Sequence[Node]) -> None:
    """Put the whole refunds into orders that name them; raise `Incomplete` where one is missing."""
    named = [refund["id"] for order in orders for refund in nodes(order, "refunds")]
    found = {refund["id"]: refund for refund in _refunds(client, named)}
    missing = set(named) - found.keys()
    if missing:
        raise Incomplete(f"Shopify does not know {len(missing)} refunds that its orders name.")
    for order in orders:
        order["refunds"] = [found[refund["id"]] for refund in nodes(order, "refunds")]


def _refunds(client: AdminClient, ids: Iterable[str]) -> Iterator[Node]:
    rest = iter(ids)
    while some := list(islice(rest, AT_ONCE)):
        for refund in client.run(document("refunds"), {"ids": some})["nodes"]:
            if refund:
                yield _whole(client, refund)


def _whole(client: AdminClient, refund: Node) -> Node:
    """Return a refund with all of its lines."""
    for part in ("refundShippingLines", "orderAdjustments"):
        if refund[part]["pageInfo"]["hasNextPage"]:
            raise Incomplete(f"A refund has more {part} than are read.")
    lines: dict[str, Any] = refund["refundLineItems"]
    page = lines["pageInfo"]
    while page["hasNextPage"]:
        after = {"id": refund["id"], "after": page["endCursor"]}
        more = client.run(document("refund_lines"), after)["node"]["refundLineItems"]
        lines["nodes"] += more["nodes"]
        page = more["pageInfo"]
    return refund
