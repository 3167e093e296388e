"""A shop at Shopify that answers what an import asks: its store, bulk operations, refunds."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx

from shop_data.payloads.values import moment as read
from tests.graphql_nodes import gid, order_node
from tests.shopify_answers import answer

Node = dict[str, Any]
SCOPES = (
    *("read_orders", "read_all_orders", "read_products", "read_inventory", "read_customers"),
    "read_locations",
)
CHILDREN = ("lineItems", "shippingLines", "discountApplications")
STORE = {
    "id": "gid://shopify/Shop/1",
    "name": "Kaveri Handlooms",
    "email": "shop@example.com",
    "myshopifyDomain": "kaveri.myshopify.com",
    "primaryDomain": {"host": "kaveri.example.com"},
    "currencyCode": "INR",
    "ianaTimezone": "Asia/Kolkata",
    "taxesIncluded": False,
    "createdAt": "2026-03-01T00:00:00Z",
    "plan": {"publicDisplayName": "Basic"},
    "shopAddress": {"countryCodeV2": "IN", "province": "Tamil Nadu", "city": "Chennai"},
}


def lines_of(nodes: Sequence[Node], children: Sequence[str] = ()) -> list[Node]:
    """Return nodes as the lines of a bulk result: each child on its own, anywhere."""
    lines = []
    for node in nodes:
        lines.append({name: value for name, value in node.items() if name not in children})
        for name in children:
            found = node[name]["nodes"]
            lines += [{**child, "__parentId": node["id"]} for child in found]
    random.Random(1).shuffle(lines)
    return lines


class BulkShop:
    """Answers documents by their name; `bodies` are its orders as webhooks tell of them."""

    def __init__(self, bodies: Sequence[Node], *, scopes: Sequence[str] = SCOPES) -> None:
        self.orders = [json.loads(json.dumps(order_node(body))) for body in bodies]
        self.scopes = scopes
        self.others: dict[str, list[Node]] = {}  # lines of a root field
        self.searches: list[str] = []
        self.files: dict[str, bytes] = {}
        self.change: Callable[[str, Node], None] = lambda query, state: None
        self.states: dict[str, Node] = {}
        self.cancelled: list[str] = []
        self.breaks_after: int | None = None  # bytes, of the next download
        self.asked_from: list[int] = []  # byte of each download
        self.lost = 0  # orders of each search that no bulk operation finds

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "storage.googleapis.com":
            return self._download(request)
        asked = json.loads(request.content)
        name = asked["query"].split("(")[0].split("{")[0].split()[-1]
        return answer(getattr(self, f"_{name}")(**asked["variables"]))

    def _download(self, request: httpx.Request) -> httpx.Response:
        content = self.files[request.url.path]
        begin = int(request.headers.get("Range", "bytes=0-")[len("bytes=") : -1])
        self.asked_from.append(begin)
        end, self.breaks_after = self.breaks_after, None
        status = 206 if begin else 200
        if end is None:
            return httpx.Response(status, content=content[begin:])
        return httpx.Response(status, content=_broken(content[begin:end]))

    def _Store(self) -> Node:  # noqa: N802
        scopes = [{"handle": scope} for scope in self.scopes]
        return {"shop": STORE, "currentAppInstallation": {"accessScopes": scopes}}

    def _FirstOrder(self) -> Node:  # noqa: N802
        oldest = sorted(order["createdAt"] for order in self.orders)[:1]
        return {"orders": {"nodes": [{"createdAt": at} for at in oldest]}}

    def _OrdersCount(self, query: str) -> Node:  # noqa: N802
        assert "read_orders" in self.scopes, "Shopify answers nobody who may not see orders"
        count = len(self._within(query))
        return {"ordersCount": {"count": count, "precision": "EXACT"}}

    def _StartBulk(self, query: str) -> Node:  # noqa: N802
        root = query.split("{")[1].split("(", maxsplit=1)[0].strip()
        lines = self._lines(root, query)
        operation = gid("BulkOperation", len(self.states) + 1)
        path = f"/bulk/{len(self.states) + 1}"
        self.files[path] = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        self.states[operation] = {
            "id": operation,
            "query": query,
            "status": "COMPLETED",
            "errorCode": None,
            "objectCount": str(len(lines)),
            "rootObjectCount": str(sum("__parentId" not in line for line in lines)),
            "url": f"https://storage.googleapis.com{path}" if lines else None,
        }
        self.change(query, self.states[operation])
        started = {"bulkOperation": {"id": operation, "status": "CREATED"}, "userErrors": []}
        return {"bulkOperationRunQuery": started}

    def _lines(self, root: str, query: str) -> list[Node]:
        if root != "orders":
            return self.others.get(root, [])
        search = query.split('"')[1]
        self.searches.append(search)
        found = self._within(search)[self.lost :]
        bare = [{**each, "refunds": [{"id": r["id"]} for r in each["refunds"]]} for each in found]
        return lines_of(bare, CHILDREN)

    def _within(self, search: str) -> list[Node]:
        since, until = [*search.split("'")[1::2], "9999"][:2]
        return [each for each in self.orders if since <= _stamp(each["createdAt"]) < until]

    def _BulkState(self, id: str) -> Node:  # noqa: N802
        return {"bulkOperation": self.states[id]}

    def _RecentBulk(self) -> Node:  # noqa: N802
        return {"bulkOperations": {"nodes": list(reversed(self.states.values()))}}

    def _CancelBulk(self, id: str) -> Node:  # noqa: N802
        self.cancelled.append(id)
        return {"bulkOperationCancel": {"bulkOperation": {"id": id}, "userErrors": []}}

    def _Refunds(self, ids: list[str]) -> Node:  # noqa: N802
        known = {refund["id"]: refund for order in self.orders for refund in order["refunds"]}
        return {"nodes": [_paged(known.get(each)) for each in ids]}


def _broken(content: bytes) -> Iterator[bytes]:
    """Yield some bytes, and break off."""
    yield content
    raise httpx.ReadError("gone")


def _paged(refund: Node | None) -> Node | None:
    if refund is None:
        return None
    end = {"pageInfo": {"hasNextPage": False, "endCursor": None}}
    parts = ("refundLineItems", "refundShippingLines", "orderAdjustments")
    return {**refund, **{name: {**refund[name], **end} for name in parts}}


def _stamp(moment: str) -> str:
    at = read(moment, "createdAt")
    assert at is not None
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
