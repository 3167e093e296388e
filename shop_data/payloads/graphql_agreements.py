"""Shopify's own ledger of an order, `agreements` and their `sales`, as rows of ours.

Shopify's discounts are above 0 where something was sold, and its total is after them and with tax.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from shop_data.agreed_sales import AgreedSale
from shop_data.changes import microseconds
from shop_data.payloads.graphql_values import amounts, nodes, reference, shopify_id, small
from shop_data.payloads.money import MinorUnits
from shop_data.payloads.taxes import tax_names
from shop_data.payloads.values import Body, PayloadError, child, moment, objects, quantity
from shop_data.sale_rows import Action, LineType

EDIT, ORDER = "ORDER_EDIT", "ORDER"
_AMOUNTS = {
    "totalAmount": "total",
    "totalTaxAmount": "tax",
    "totalDiscountAmountBeforeTaxes": "discount",
}


def agreed_sales(order: Body, agreements: Iterable[Body]) -> list[AgreedSale]:
    """Return the sales of an order; raise `PayloadError` for what is not known to us.

    What was ordered counts when the order was processed, all else when it happened.
    """
    return [_sale(sale, agreement, order) for agreement in agreements for sale in _sales(agreement)]


def _sales(agreement: Body) -> Iterator[Body]:
    yield from nodes(agreement, "sales")


def _sale(sale: Body, agreement: Body, order: Body) -> AgreedSale:
    money = MinorUnits(str(order.get("currencyCode")))
    said = amounts(sale, _AMOUNTS)
    total, tax, discount = (money.of(said, name) or 0 for name in _AMOUNTS.values())
    action = _action(sale, agreement)
    line = child(sale, "lineItem") or {}
    return AgreedSale(
        key=f"agreed:{shopify_id(sale.get('id'))}",
        action=action,
        line_type=_line_type(sale),
        at=_at(action, agreement, order),
        line_item_shopify_id=_id_of(line),
        product_shopify_id=_id_of(child(line, "product")),
        variant_shopify_id=_id_of(child(line, "variant")),
        quantity=quantity(sale) if line and sale.get("quantity") is not None else 0,
        gross=total - tax + discount,
        discount=-discount,
        tax=tax,
        currency=money.code,
        reason=_reason(action, agreement, order),
        tax_lines=_taxes(sale, money, tax),
    )


def _id_of(node: Body | None) -> int | None:
    found = (reference(node) or {}).get("id") if node else None
    return found if isinstance(found, int) else None


def _action(sale: Body, agreement: Body) -> str:
    told = small(sale.get("actionType"))
    if told == Action.ORDER and agreement.get("reason") != ORDER:
        return Action.UPDATE.value
    if told not in Action.values:
        raise PayloadError(f"A sale has an action that is not known: {told}.")
    return told


def _line_type(sale: Body) -> str:
    told = small(sale.get("lineType"))
    if told not in LineType.values:
        raise PayloadError(f"A sale is of a type that is not known: {told}.")
    return told


def _at(action: str, agreement: Body, order: Body) -> int:
    """Return the microsecond at which a sale counts."""
    happened = moment(agreement.get("happenedAt"), "happenedAt")
    processed = moment(order.get("processedAt"), "processedAt")
    at = processed if action == Action.ORDER else happened
    if at is None:
        raise PayloadError("An agreement does not say when it was.")
    return microseconds(at)


def _reason(action: str, agreement: Body, order: Body) -> str:
    """Return why something was taken back; why it was refunded, agreements do not tell."""
    if action != Action.RETURN:
        return ""
    if agreement.get("reason") == EDIT:
        return "edit"
    is_cancelled = agreement.get("reason") == ORDER
    return (small(order.get("cancelReason")) or "") if is_cancelled else ""


def _taxes(sale: Body, money: MinorUnits, tax: int) -> Mapping[str, int]:
    """Return the taxes of a sale by name; where they do not add up to its tax, without one."""
    lines = [
        {**(child(each, "taxLine") or {}), **amounts(each, {"amount": "price"})}
        for each in objects(sale, "taxes")
    ]
    body: dict[str, Any] = {"tax_lines": lines}
    names = tax_names(body, money)
    if sum(names.values()) != tax:
        return {"": tax} if tax else {}
    return names
