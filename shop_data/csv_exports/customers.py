"""A customer's row in the shape of a webhook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shop_data.csv_exports.cells import Cells, count, money, number, present, text, truth, unquoted
from shop_data.csv_exports.rows import Row
from shop_data.payloads.values import PayloadError

MUST = ("Customer ID", "First Name", "Last Name", "Email")  # older exports name nobody by number
_FIELDS = {
    "first_name": (text, ("First Name",)),
    "last_name": (text, ("Last Name",)),
    "email": (text, ("Email",)),
    "phone": (unquoted, ("Phone",)),
    "note": (text, ("Note",)),
    "tags": (text, ("Tags",)),
    "tax_exempt": (truth, ("Tax Exempt",)),
}
_ADDRESS = {
    "city": (text, ("Default Address City", "City")),
    "province_code": (text, ("Default Address Province Code", "Province Code")),
    "country_code": (text, ("Default Address Country Code", "Country Code")),
}
_CONSENTS = {"email": "Accepts Email Marketing", "sms": "Accepts SMS Marketing"}
KNOWN = frozenset([
    *MUST, *(name for _, names in [*_FIELDS.values(), *_ADDRESS.values()] for name in names),
    *_CONSENTS.values(), "Total Spent", "Total Orders",
])  # fmt: skip
UNUSED = frozenset([
    *(f"Default Address {part}" for part in ("Company", "Address1", "Address2", "Zip", "Phone")),
    *("Company", "Address1", "Address2", "Province", "Country", "Zip"),
    "Accepts WhatsApp Marketing",
])  # fmt: skip


def customers_in(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield each row alone."""
    for row in rows:
        yield [row]


def customer_body(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a customer as a webhook would tell them."""
    cells = rows[0].cells
    found = number(cells, "Customer ID")
    if found is None:
        raise PayloadError("Customer ID is missing.")
    address = present(cells, _ADDRESS)
    return {
        "id": found,
        **present(cells, _FIELDS),
        **({"default_address": address} if any(address.values()) else {}),
        **_consents(cells),
    }


def summary_body(rows: Sequence[Row]) -> dict[str, Any]:
    """Return what Shopify says that a customer bought; in which currency it does not say."""
    cells = rows[0].cells
    spent = money(cells, "Total Spent")
    return {
        "customer_id": number(cells, "Customer ID"),
        "number_of_orders": count(cells, "Total Orders"),
        "amount_spent": None if spent is None else {"amount": str(spent)},
    }


def _consents(cells: Cells) -> dict[str, Any]:
    """Return who takes mails; "no" may be asked and refused, or never asked: it stays unknown."""
    said = {channel: truth(cells, name) for channel, name in _CONSENTS.items()}
    return {
        f"{channel}_marketing_consent": {"state": "subscribed"}
        for channel, accepts in said.items()
        if accepts
    }
