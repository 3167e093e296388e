"""Bodies as Shopify sends them, of an invented shop; their sums add up unless a test says not."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.money_bodies import Body, Money
from tests.people import HELLO, HOME, MENA


@dataclass
class Line:
    """A line of an order in the making."""

    id: int
    price: Decimal
    quantity: int
    discount: Decimal = Decimal(0)
    gift_card: bool = False
    tip: bool = False
    taxed: bool = True
    product_id: int | None = 7001
    duty: Decimal = Decimal(0)
    removed: int = 0  # by edits
    refunded: int = 0

    @property
    def left(self) -> int:
        return self.quantity - self.removed - self.refunded


@dataclass
class OrderBuilder(Money):
    """An order that is placed, edited, refunded and cancelled; every step tells its bodies."""

    id: int = 1001
    at: str = "2026-03-02T10:00:00+00:00"
    currency: str = "USD"
    tax_rate: Decimal = Decimal(0)
    taxes: Sequence[str] = ("VAT",)  # that share the rate
    taxes_included: bool = False
    customer: Body | None = field(default_factory=lambda: dict(MENA))
    test: bool = False
    financial: str = "paid"
    presentment: tuple[str, Decimal] | None = None  # currency and how much of it is one of ours
    lines: list[Line] = field(default_factory=list)
    shipping: list[tuple[Decimal, Decimal]] = field(default_factory=list)  # price and discount
    tip: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    refunds: list[Body] = field(default_factory=list)
    updated_at: str = ""
    cancelled_at: str | None = None
    edits: int = 0

    # ── steps ─────────────────────────────────────────────────────────────────────────────────

    def line(self, price: str, quantity: int = 1, *, discount: str = "0", **more: Any) -> Line:
        """Add a line before the order is placed."""
        number = self.id * 100 + len(self.lines)
        line = Line(number, Decimal(price), quantity, Decimal(discount), **more)
        self.lines.append(line)
        return line

    def ship(self, price: str, *, discount: str = "0") -> OrderBuilder:
        self.shipping.append((Decimal(price), Decimal(discount)))
        return self

    def edit(
        self,
        at: str,
        *,
        add: Sequence[tuple[str, int]] = (),
        remove: Mapping[int, int] | None = None,
    ) -> Body:
        """Add lines and remove units of lines; return the body of `orders/edited`."""
        added = [self.line(price, quantity) for price, quantity in add]
        for line in self.lines:
            line.removed += (remove or {}).get(line.id, 0)
        self.updated_at = at
        self.edits += 1
        deltas = {
            "additions": [{"id": line.id, "delta": line.quantity} for line in added],
            "removals": [{"id": key, "delta": units} for key, units in (remove or {}).items()],
        }
        return {"order_edit": {"id": self.id * 10 + self.edits, "order_id": self.id,
                               "created_at": at, "line_items": deltas}}  # fmt: skip

    def refund(
        self,
        at: str,
        *,
        units: Mapping[int, int] | None = None,
        shipping: tuple[str, str] | None = None,
        duties: str = "0",
        kept: str = "0",
        shipping_as: str = "adjustment",
    ) -> Body:
        """Give back units of lines, shipping (amount and tax) and duties, less what is kept;
        return the body of `refunds/create`."""
        number = self.id * 10 + len(self.refunds)
        items = [self._refund_line(number, key, count) for key, count in (units or {}).items()]
        refund: Body = {
            "id": number,
            "order_id": self.id,
            "created_at": at,
            "processed_at": at,
            "note": "too small",
            "refund_line_items": items,
            "order_adjustments": [],
            "transactions": [],
            "duties": self._refunded_duties(Decimal(duties)),
        }
        if shipping and "adjustment" in shipping_as:
            amount, tax = shipping
            refund["order_adjustments"].append(
                self._adjustment(number, 1, "shipping_refund", f"-{amount}", f"-{tax}")
            )
        if shipping and "line" in shipping_as:
            amount, tax = shipping
            subtotal = Decimal(amount) + (Decimal(tax) if self.taxes_included else 0)
            refund["refund_shipping_lines"] = [
                {
                    "id": number,
                    "shipping_line_id": self._shipping_id(0),
                    **self._money("subtotal_amount", subtotal),
                    **self._money("tax_amount", Decimal(tax)),
                }
            ]
        if Decimal(kept):
            refund["order_adjustments"].append(
                self._adjustment(number, 2, "refund_discrepancy", kept, "0")
            )
        self.refunds.append(refund)
        self.updated_at = at
        return copy.deepcopy(refund)

    def cancel(self, at: str) -> OrderBuilder:
        self.cancelled_at = self.updated_at = at
        return self

    # ── the body ──────────────────────────────────────────────────────────────────────────────

    def total(self) -> Decimal:
        """Return the total price: before returns, with what edits added and before removals."""
        lines = sum(line.price * line.quantity - line.discount for line in self.lines)
        shipping = sum(price - discount for price, discount in self.shipping)
        tips = sum(line.price * line.quantity for line in self.lines if line.tip)
        duties = sum(line.duty for line in self.lines)
        tax = Decimal(0) if self.taxes_included else self._total_tax()
        return self._round(lines + shipping + tax + self.tip - tips + duties + self.fees)

    def body(self) -> Body:
        """Return the order as the webhooks of orders carry it now."""
        at = self.updated_at or self.at
        discounts = [*(line.discount for line in self.lines), *(off for _, off in self.shipping)]
        duties = sum((line.duty for line in self.lines), Decimal(0))
        return copy.deepcopy(
            {
                "id": self.id,
                "admin_graphql_api_id": f"gid://shopify/Order/{self.id}",
                "name": f"#{self.id}",
                "created_at": self.at,
                "processed_at": self.at,
                "updated_at": at,
                "cancelled_at": self.cancelled_at,
                "currency": self.currency,
                "presentment_currency": self.presentment[0] if self.presentment else self.currency,
                "email": (self.customer or {}).get("email"),
                "financial_status": self.financial,
                "fulfillment_status": None,
                "source_name": "web",
                "payment_gateway_names": ["manual"],
                "test": self.test,
                "taxes_included": self.taxes_included,
                "customer": self.customer and {**self.customer, "updated_at": self.at},
                "shipping_address": HOME,
                "billing_address": HOME,
                **self._money("total_price", self.total()),
                **self._money("total_tax", self._total_tax()),
                **self._money("total_discounts", sum(discounts, Decimal(0))),
                "total_tip_received": self._text(self.tip),
                "original_total_duties_set": self._set(duties),
                "original_total_additional_fees_set": self._set(self.fees) if self.fees else None,
                "discount_applications": [HELLO] if any(discounts) else [],
                "line_items": [self._line(line) for line in self.lines],
                "shipping_lines": [self._shipping_line(n) for n in range(len(self.shipping))],
                "refunds": self.refunds,
                "fulfillments": [],
            }
        )

    def _line(self, line: Line) -> Body:
        net = line.price * line.quantity - line.discount
        allocations = [{"discount_application_index": 0, **self._money("amount", line.discount)}]
        return {
            "id": line.id,
            "product_id": line.product_id,
            "variant_id": line.product_id and line.product_id * 10,
            "title": "Silk shawl",
            "sku": "SHAWL-1",
            "vendor": "Kaveri",
            "quantity": line.quantity,
            "current_quantity": 0 if self.cancelled_at else line.left,
            "gift_card": line.gift_card,
            "taxable": line.taxed,
            **self._money("price", line.price),
            "total_discount": "0.00",
            "discount_allocations": allocations if line.discount else [],
            "tax_lines": self._tax_lines(self._tax(net) if self._is_taxed(line) else Decimal(0)),
            "duties": [{"id": line.id, **self._set(line.duty), "tax_lines": []}]
            if line.duty
            else [],
            **({"tip_payment_gateway": "manual"} if line.tip else {}),
        }

    def _shipping_line(self, number: int) -> Body:
        price, discount = self.shipping[number]
        allocations = [{"discount_application_index": 0, **self._money("amount", discount)}]
        return {
            "id": self._shipping_id(number),
            "title": "Post",
            **self._money("price", price),
            **self._money("discounted_price", price - discount),
            "discount_allocations": allocations if discount else [],
            "tax_lines": self._tax_lines(self._tax(price - discount)),
        }

    def _refund_line(self, refund: int, line_id: int, units: int) -> Body:
        line = next(line for line in self.lines if line.id == line_id)
        net = line.price * line.quantity - line.discount
        tax = self._tax(net) if self._is_taxed(line) else Decimal(0)
        start = line.refunded + line.removed
        line.refunded += units
        return {
            "id": refund * 100 + len(str(line_id)) + line_id % 100,
            "line_item_id": line_id,
            "quantity": units,
            "restock_type": "return",
            **self._money("subtotal", self._share(net, line.quantity, start, units)),
            **self._money("total_tax", self._share(tax, line.quantity, start, units)),
        }

    def _refunded_duties(self, amount: Decimal) -> list[Body]:
        return [{"duty_id": self.id, **self._money("amount", amount)}] if amount else []

    def _adjustment(self, refund: int, number: int, kind: str, amount: str, tax: str) -> Body:
        return {
            "id": refund * 10 + number,
            "kind": kind,
            "reason": kind.replace("_", " "),
            **self._money("amount", Decimal(amount)),
            **self._money("tax_amount", Decimal(tax)),
        }

    # ── arithmetic ────────────────────────────────────────────────────────────────────────────

    def _is_taxed(self, line: Line) -> bool:
        return line.taxed and not line.gift_card and not line.tip

    def _shipping_id(self, number: int) -> int:
        return self.id * 1000 + number

    def _total_tax(self) -> Decimal:
        nets = [line.price * line.quantity - line.discount for line in self.lines
                if self._is_taxed(line)]  # fmt: skip
        nets += [price - discount for price, discount in self.shipping]
        return sum(map(self._tax, nets), Decimal(0))
