"""Of each topic: whom its bodies are about, and what may stay of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shop_data.payloads.values import Body, PayloadError, identifier, objects
from shop_data.privacy import shapes

FORGOTTEN = "forgotten"  # stands where a contact was, as far as figures ask whether there is one
TITLED = ("automatic", "script")  # kinds of discounts whose titles are not written by hand

Path = tuple[str, ...]
Draft = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """Bodies of one shape.

    Parameters
    ----------
    people
        where ids of customers stand.
    orders
        where the id of the order stands that a body is about.
    emails, phones
        where those of a guest stand.
    finish
        clears in what stays (its second argument) what the mirror would otherwise keep.
    """

    shape: shapes.Shape
    people: tuple[Path, ...] = ()
    orders: tuple[Path, ...] = ()
    emails: tuple[Path, ...] = ()
    phones: tuple[Path, ...] = ()
    finish: Callable[[Body, Draft], None] | None = None

    def customers_in(self, body: Body) -> set[int]:
        """Return the ids of customers that a body names."""
        return set(_numbers(body, self.people))

    def orders_in(self, body: Body) -> set[int]:
        """Return the ids of orders that a body is about."""
        return set(_numbers(body, self.orders))

    def scrubbed(self, body: Body, names: Mapping[int, int]) -> Draft:
        """Return what may stay of a body, with the `names` that customers have now."""
        draft: Draft = shapes.kept(body, self.shape)
        if self.finish is not None:
            self.finish(body, draft)
        for path in self.people:
            _rename(draft, path, names)
        return draft


def _numbers(body: Body, paths: tuple[Path, ...]) -> Iterator[int]:
    for path in paths:
        found = number_at(body, path)
        if found is not None:
            yield found


def number_at(body: Body, path: Path) -> int | None:
    """Return the id at a place of a body; None where there is none that can be read."""
    try:
        return identifier(value_at(body, path), path[-1])
    except PayloadError:
        return None


def value_at(body: Any, path: Path) -> Any:
    """Return what stands at a place of a body; None where there is no such place."""
    for name in path:
        body = body.get(name) if isinstance(body, Mapping) else None
    return body


def _rename(draft: Draft, path: Path, names: Mapping[int, int]) -> None:
    found = number_at(draft, path)
    if found is not None and found in names:
        value_at(draft, path[:-1])[path[-1]] = names[found]


# ── what the mirror would keep without a word ─────────────────────────────────────────────────


def _finish_order(body: Body, draft: Draft) -> None:
    unsaid = ("email", "phone", "tags", "note", "checkout_token", "landing_site", "referring_site")
    draft.update(dict.fromkeys(unsaid))
    for line in objects(draft, "line_items"):
        if line.get("product_id") is None:  # a line written by hand, maybe with a name
            line.update(title=None, variant_title=None, sku=None)  # type: ignore[attr-defined]
    for discount in objects(draft, "discount_applications"):
        if discount.get("type") not in TITLED:
            discount.pop("title", None)  # type: ignore[attr-defined]
    for parcel in objects(draft, "fulfillments"):
        parcel["tracking_numbers"] = []  # type: ignore[index]


def _finish_fulfillment(body: Body, draft: Draft) -> None:
    draft["tracking_numbers"] = []


def _finish_checkout(body: Body, draft: Draft) -> None:
    draft.update(dict.fromkeys(("token", "cart_token", "abandoned_checkout_url")))
    draft.update({name: FORGOTTEN if body.get(name) else None for name in ("email", "phone")})
    if "line_items" in draft:
        draft["line_items"] = without_own_words(objects(draft, "line_items"))


def without_own_words(lines: Iterable[Body]) -> list[Draft]:
    """Return lines of a checkout without titles that stand in no catalogue."""
    return [
        {**line, "title": line.get("title") if line.get("product_id") else None} for line in lines
    ]


def _finish_merge(body: Body, draft: Draft) -> None:
    if body.get("errors"):
        draft["errors"] = True


# ── the kinds ─────────────────────────────────────────────────────────────────────────────────

_OF_CUSTOMER: Path = ("customer", "id")
_OF_ORDER: Path = ("order_id",)
ORDER = Kind(
    shapes.ORDER,
    people=(_OF_CUSTOMER,),
    orders=(("id",),),
    emails=(("email",), ("contact_email",), ("customer", "email")),
    phones=(("phone",), ("customer", "phone")),
    finish=_finish_order,
)
REFUND = Kind(shapes.REFUND, orders=(_OF_ORDER,))
_CHECKOUT = Kind(
    shapes.CHECKOUT,
    people=(_OF_CUSTOMER,),
    emails=(("email",), ("customer", "email")),
    phones=(("phone",), ("customer", "phone")),
    finish=_finish_checkout,
)
_CUSTOMER = Kind(shapes.CUSTOMER, people=(("id",),))
_ABOUT_CUSTOMER = Kind(
    shapes.ABOUT_CUSTOMER, people=tuple((name,) for name in shapes.ABOUT_CUSTOMER)
)
_MERGE = Kind(
    shapes.MERGE,
    people=tuple((name,) for name in shapes.MERGE if name != "status"),
    finish=_finish_merge,
)
_FULFILLMENT = Kind(shapes.FULFILLMENT, orders=(_OF_ORDER,), finish=_finish_fulfillment)
_RETURN = Kind(shapes.RETURN, orders=(_OF_ORDER, ("order", "id")))

_BY_TOPIC = {
    "orders/edited": Kind(shapes.EDITED, orders=(_OF_ORDER, ("order_edit", "order_id"))),
    "customers/merge": _MERGE,
    "customers/purchasing_summary": _ABOUT_CUSTOMER,
    "customer.tags_added": _ABOUT_CUSTOMER,
    "customer.tags_removed": _ABOUT_CUSTOMER,
}
_BY_RESOURCE = {
    "orders": ORDER,
    "refunds": REFUND,
    "order_transactions": Kind(shapes.TRANSACTION, orders=(_OF_ORDER,)),
    "returns": _RETURN,
    "disputes": Kind(shapes.DISPUTE, orders=(_OF_ORDER,)),
    "fulfillments": _FULFILLMENT,
    "fulfillment_events": Kind(shapes.FULFILLMENT_EVENT, orders=(_OF_ORDER,)),
    "checkouts": _CHECKOUT,
    "customers": _CUSTOMER,
}
REQUESTS = {
    "customers/data_request": "data",
    "customers/redact": "redact_customer",
    "shop/redact": "redact_shop",
}


def kind_of(topic: str) -> Kind | None:
    """Return what bodies of a topic are; None where they can be about nobody or nobody knows."""
    if topic in REQUESTS:
        return None
    return _BY_TOPIC.get(topic) or _BY_RESOURCE.get(topic.split("/", maxsplit=1)[0])
