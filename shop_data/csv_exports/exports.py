"""The three exports that Shopify makes, and how each becomes what webhooks would have told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from shop_data.csv_exports import customers, orders, products
from shop_data.csv_exports.rows import Row, Table, Unreadable
from shop_data.models import Customer, OrderDocument, Product
from shop_data.payloads.values import PayloadError
from shop_data.upserts.customers import upsert_customers, upsert_purchasing_summaries
from shop_data.upserts.inventory import upsert_inventory_items
from shop_data.upserts.orders import upsert_orders
from shop_data.upserts.products import upsert_products

Told = tuple[str, dict[str, Any]]  # the topic that a webhook would have, and its body
_NOT_OURS = (
    "This is none of the CSV exports that are read here: Shopify’s own of orders, of customers"
    " (with the column Customer ID) and of products."
)


class Record(NamedTuple):
    """What the rows of one order, customer or product tell; the first is the thing itself."""

    line: int
    told: Sequence[Told]
    rows: Sequence[Row]

    @property
    def body(self) -> dict[str, Any]:
        return self.told[0][1]


class Refused(NamedTuple):
    """Rows of which nothing is taken, and why."""

    line: int
    why: str


@dataclass(frozen=True)
class Export:
    """A kind of export.

    `must` are the columns by which it is known, each under one of its names; `known` those that
    are read, `unused` Shopify's own that have no place here. `kept` is where a thing's version
    stands, `writers` says who writes which topics.
    """

    name: str
    must: Sequence[Sequence[str]]
    known: frozenset[str]
    unused: frozenset[str]
    grouped: Callable[[Iterable[Row]], Iterator[list[Row]]]
    told: Callable[[Sequence[Row]], Iterator[Told]]
    kept: Any
    writers: Mapping[str, Any]

    def records(self, rows: Iterable[Row]) -> Iterator[Record | Refused]:
        """Yield what each group of rows tells, or why it is refused."""
        for group in self.grouped(rows):
            try:
                yield Record(group[0].line, list(self.told(group)), group)
            except PayloadError as error:
                yield Refused(group[0].line, str(error))


def _orders(rows: Sequence[Row]) -> Iterator[Told]:
    yield "orders/updated", orders.order_body(rows)


def _customers(rows: Sequence[Row]) -> Iterator[Told]:
    yield "customers/update", customers.customer_body(rows)
    yield "customers/purchasing_summary", customers.summary_body(rows)


def _products(rows: Sequence[Row]) -> Iterator[Told]:
    yield "products/update", products.product_body(rows)
    for item in products.item_bodies(rows):
        yield "inventory_items/update", item


ORDERS = Export(
    "orders",
    [(name,) for name in orders.MUST],
    orders.KNOWN,
    orders.UNUSED,
    orders.orders_in,
    _orders,
    OrderDocument,
    {"orders/updated": upsert_orders},
)
CUSTOMERS = Export(
    "customers",
    [(name,) for name in customers.MUST],
    customers.KNOWN,
    customers.UNUSED,
    customers.customers_in,
    _customers,
    Customer,
    {
        "customers/update": upsert_customers,
        "customers/purchasing_summary": upsert_purchasing_summaries,
    },
)
PRODUCTS = Export(
    "products",
    products.MUST,
    products.KNOWN,
    products.UNUSED,
    products.products_in,
    _products,
    Product,
    {"products/update": upsert_products, "inventory_items/update": upsert_inventory_items},
)
EXPORTS = {export.name: export for export in (ORDERS, CUSTOMERS, PRODUCTS)}


def export_of(table: Table) -> Export:
    """Return which export a table is; raise `Unreadable` for none."""
    columns = set(table.columns)
    for export in EXPORTS.values():
        if all(columns & set(names) for names in export.must):
            return export
    raise Unreadable(_NOT_OURS)
