"""What a shop of the double holds. Amounts are minor units of the shop's currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from xenofy.fakeshop.leaves import Address, Allocation, Discount, Duty, Tax, Visit
from xenofy.fakeshop.money import Bag


@dataclass(slots=True)
class Line:
    """A line of an order. `quantity` keeps units that were removed, `current` does not."""

    order: Order
    id: int
    product_id: int | None
    variant_id: int | None
    title: str
    variant_title: str | None
    sku: str | None
    vendor: str | None
    quantity: int
    current: int
    price: int  # of one unit, as it was shown
    allocations: tuple[Allocation, ...] = ()
    taxes: tuple[Tax, ...] = ()
    duties: tuple[Duty, ...] = ()
    is_gift_card: bool = False
    is_tip: bool = False
    requires_shipping: bool = True
    taxable: bool = True
    fulfilled: int = 0
    refunded: int = 0
    removed: int = 0

    @property
    def gross(self) -> int:
        return self.price * self.quantity

    @property
    def discount(self) -> int:
        return sum(share.amount for share in self.allocations)

    @property
    def tax(self) -> int:
        return sum(tax.amount for tax in self.taxes)

    @property
    def taken(self) -> int:
        """Return how many of the first units are gone."""
        return self.quantity - self.current

    @property
    def unfulfilled(self) -> int:
        return max(0, self.current - self.fulfilled) if self.requires_shipping else 0


@dataclass(slots=True)
class Shipping:
    """A shipping line of an order."""

    order: Order
    id: int
    title: str
    price: int
    allocations: tuple[Allocation, ...] = ()
    taxes: tuple[Tax, ...] = ()
    is_removed: bool = False
    refunded: int = 0  # of price after discounts
    refunded_tax: int = 0

    @property
    def discounted(self) -> int:
        return self.price - sum(share.amount for share in self.allocations)

    @property
    def tax(self) -> int:
        return sum(tax.amount for tax in self.taxes)


@dataclass(slots=True)
class Sale:
    """A row of the double's ledger: signed, what is taken back is negative.

    `amount` is after discounts and with tax; `discount` is before tax and has the sign of what
    it took off: gross = amount - tax + discount.
    """

    order: Order
    id: int
    action: str  # ORDER | RETURN | UPDATE
    line_type: str
    quantity: int | None
    amount: int
    tax: int
    discount: int
    discount_shown: int  # the same as it was shown, in a tax-inclusive shop with tax
    of: Line | Shipping | Duty | None = None
    taxes: tuple[Tax, ...] = ()

    @property
    def gross(self) -> int:
        return self.amount - self.tax + self.discount

    @property
    def net(self) -> int:
        return self.amount - self.tax


@dataclass(slots=True)
class Agreement:
    """Sales that happened at one moment for one reason."""

    id: int
    at: datetime
    reason: str  # ORDER | ORDER_EDIT | REFUND | RETURN
    sales: list[Sale]
    refund: Refund | None = None
    returned: Return | None = None


@dataclass(slots=True)
class Transaction:
    """Money that moved or was promised; a refund's amount is positive too."""

    order: Order
    id: int
    kind: str  # sale | authorization | capture | refund | void
    status: str  # success | pending | failure
    gateway: str
    amount: int
    at: datetime
    parent_id: int | None = None
    fee: int = 0
    refund_id: int | None = None


@dataclass(slots=True)
class RefundLine:
    """Units of a line given back; the subtotal is as it was shown, after discounts."""

    id: int
    line: Line
    quantity: int
    subtotal: int
    tax: int
    restock: str  # return | cancel | no_restock
    location_id: int | None


@dataclass(slots=True)
class RefundedShipping:
    """Shipping given back; the subtotal is as it was shown."""

    id: int
    shipping: Shipping
    subtotal: int
    tax: int


@dataclass(slots=True)
class Adjustment:
    """Where money and value of a refund differ; above 0 the shop kept it."""

    id: int
    amount: int
    reason: str  # refund_discrepancy | restock_fee | …


@dataclass(slots=True)
class Refund:
    """What was given back at one moment."""

    order: Order
    id: int
    at: datetime
    note: str | None
    lines: list[RefundLine]
    shipping: list[RefundedShipping]
    adjustments: list[Adjustment]
    duties: list[Duty]
    transactions: list[Transaction]
    returned: Return | None = None

    @property
    def money(self) -> int:
        return sum(one.amount for one in self.transactions)


@dataclass(slots=True)
class ReturnLine:
    """Units of a line that a buyer sends back."""

    id: int
    line: Line
    quantity: int
    reason: str
    note: str = ""
    processed: int = 0
    refunded: int = 0


@dataclass(slots=True)
class Return:
    """A return: requested, open (or declined), then closed; an exchange adds lines."""

    order: Order
    id: int
    name: str
    status: str  # REQUESTED | OPEN | CLOSED | CANCELED | DECLINED
    at: datetime
    lines: list[ReturnLine]
    exchanges: list[Line] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    approved_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(slots=True)
class Fulfillment:
    """A parcel, or what was handed over."""

    order: Order
    id: int
    name: str
    at: datetime
    updated_at: datetime
    status: str  # success | cancelled
    location_id: int | None
    units: tuple[tuple[Line, int], ...]
    shipment_status: str | None = None
    tracking_company: str | None = None
    tracking_number: str | None = None
    delivered_at: datetime | None = None


@dataclass(slots=True)
class Order:
    """An order with all that happened to it."""

    id: int
    number: int
    created_at: datetime
    processed_at: datetime
    updated_at: datetime
    currency: str
    presentment: str
    rate: Decimal
    taxes_included: bool
    source_name: str
    gateway: str
    customer_id: int | None = None
    email: str | None = None
    phone: str | None = None
    billing: Address | None = None
    shipping_address: Address | None = None
    closed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    test: bool = False
    edited: bool = False
    note: str | None = None
    tags: tuple[str, ...] = ()
    locale: str | None = None
    token: str = ""
    checkout_id: int | None = None
    checkout_token: str | None = None
    visit: Visit | None = None
    location_id: int | None = None
    tip: int = 0
    discounts: tuple[Discount, ...] = ()
    lines: list[Line] = field(default_factory=list)
    shipping: list[Shipping] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"#{self.number}"

    def bag(self, minor: int) -> Bag:
        return Bag(minor, self.currency, self.presentment, self.rate)
