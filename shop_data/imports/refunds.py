"""The lines of refunds, which no bulk operation reaches: they are asked for by page.

All refunds of a file are asked for before anything of it is written, so that a missing one leaves
what is here as it is. They are kept compressed: a month may have many thousands.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from shop_data.imports.bulk_files import Incomplete, Node
from shop_data.payloads.graphql_values import nodes
from shop_data.payloads.values import parse, written
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document

Refunds = Mapping[str, bytes]  # id -> its JSON, compressed
AT_ONCE = 10  # refunds of one question: with their lines they cost nearly what one may cost


def whole_refunds(
    client: AdminClient, named: Sequence[str], *, alive: Callable[[], None]
) -> Refunds:
    """Return the refunds that orders name; raise `Incomplete` where one is missing."""
    found = {}
    for refund in _refunds(client, named):
        alive()
        found[refund["id"]] = zlib.compress(written(refund))
    missing = set(named) - found.keys()
    if missing:
        raise Incomplete(f"Shopify does not know {len(missing)} refunds that its orders name.")
    return found


def put_refunds(orders: Iterable[Node], refunds: Refunds) -> None:
    """Put the whole refunds into the orders that name them."""
    for order in orders:
        names = [refund["id"] for refund in nodes(order, "refunds")]
        order["refunds"] = [parse(zlib.decompress(refunds[name])) for name in names]


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
