"""What happened in the shop, newest first: the feed of its activity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shop_data.models import Customer, Order, Product, StoreEvent, StoreEventCount, Variant

ORDER, CUSTOMER, PRODUCT = "order", "customer", "product"
_ITEM = "item"  # of the stock: found by its variant
# What the subjects of a type are; those of other types have no page.
_KINDS = {
    **dict.fromkeys(("order", "refund", "payment", "return", "dispute", "fulfillment"), ORDER),
    "customer": CUSTOMER,
    "product": PRODUCT,
    "inventory": _ITEM,
}
Names = Mapping[int, "Subject"]  # by Shopify's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An order, a customer or a product that is here; `name` is as it is called now."""

    kind: str
    shopify_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line. `subject` is None where what it is about is not here."""

    id: UUID
    event_id: str
    type: str
    verb: str
    description: str
    happened_at: datetime
    subject: Subject | None


def newest_lines(number: int, *, may_see_people: bool) -> list[Happened]:
    """Return the last things that happened in the current tenant's shop, newest first."""
    newest = StoreEvent.objects.order_by("-happened_at", "-id")
    return happened(newest[:number], may_see_people=may_see_people)


def happened(rows: Iterable[StoreEvent], *, may_see_people: bool) -> list[Happened]:
    """Return the lines of a feed with what they are about."""
    rows = list(rows)
    subjects = _subjects(rows, may_see_people=may_see_people)
    return [_line(row, subjects) for row in rows]


def lines_of_feed(type: str = "") -> int:
    """Return how many lines there are, of one type or of all."""
    counts = lines_by_type()
    return counts.get(type, 0) if type else sum(counts.values())


def lines_by_type() -> dict[str, int]:
    """Return how many lines the types have of which there are some."""
    return dict(StoreEventCount.objects.filter(events__gt=0).values_list("type", "events"))


def _line(row: StoreEvent, subjects: Mapping[str, Names]) -> Happened:
    found = subjects.get(_KINDS.get(row.type, ""), {})
    return Happened(
        id=row.id,
        event_id=row.event_id,
        type=row.type,
        verb=row.verb,
        description=row.description,
        happened_at=row.happened_at,
        subject=found.get(row.subject_shopify_id) if row.subject_shopify_id else None,
    )


def _subjects(rows: Iterable[StoreEvent], *, may_see_people: bool) -> dict[str, Names]:
    """Return kind -> Shopify's id -> who or what it is; one query for each kind that occurs."""
    asked: dict[str, set[int]] = {}
    for row in rows:
        if row.type in _KINDS and row.subject_shopify_id is not None:
            asked.setdefault(_KINDS[row.type], set()).add(row.subject_shopify_id)
    return {kind: _named(kind, ids, may_see_people) for kind, ids in sorted(asked.items())}


def _named(kind: str, ids: set[int], may_see_people: bool) -> Names:
    if kind == _ITEM:
        variants = Variant.objects.filter(inventory_item_id__in=list(ids)).select_related("product")
        return {each.inventory_item_id: _product(each.product) for each in variants}
    if kind == PRODUCT:
        products = Product.objects.filter(shopify_id__in=list(ids))
        return {each.shopify_id: _product(each) for each in products}
    if kind == ORDER:
        orders = Order.objects.filter(shopify_id__in=list(ids)).only("shopify_id", "name")
        return {key: Subject(kind=kind, shopify_id=key, name=str(each))
                for each in orders for key in [each.shopify_id]}  # fmt: skip
    customers = Customer.objects.filter(shopify_id__in=list(ids))
    return {key: Subject(kind=kind, shopify_id=key, name=str(each) if may_see_people else "")
            for each in customers for key in [each.shopify_id]}  # fmt: skip


def _product(product: Product) -> Subject:
    return Subject(kind=PRODUCT, shopify_id=product.shopify_id, name=str(product))
