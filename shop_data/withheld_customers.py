"""Whether it is unknown who a shop's customers are: then they are not guests.

Shopify leaves out names, e-mails or whole customers of orders while access to protected customer
data is not approved for the app, and says so nowhere in its answers.
"""

from __future__ import annotations

from typing import NamedTuple

from shop_data.models import Customer, Order

_APPROVE = (
    "Ask for access to protected customer data in the settings of your app (Partner or Dev"
    " Dashboard, API access), then import again."
)


class Withheld(NamedTuple):
    """What is kept back, in words."""

    lead: str
    text: str


NAMES = Withheld(
    "Shopify shows none of your customers’ names.",
    f"Names and e-mails are unknown here, in lists and searches. Counts are complete. {_APPROVE}",
)
EVERYBODY = Withheld(
    "No order says who placed it.",
    "Whoever ordered is unknown here, not a guest: customers, new and returning, cohorts and"
    " segments say nothing. Orders and money do not depend on it. Of orders from CSV files: import"
    " the export of customers, then the orders once more. Where Shopify shows customers itself, it"
    f" keeps them from your app. {_APPROVE}",
)


def withheld_customers() -> Withheld | None:
    """Return what is unknown of all customers of the current tenant; None for nothing."""
    orders, customers = Order.objects.order_by(), Customer.objects.order_by()
    if not orders.filter(customer_shopify_id__isnull=False).exists():
        return EVERYBODY if orders.exists() else None
    is_anybody_named = (
        customers.filter(email_search__isnull=False).exists()
        or customers.filter(name_search__isnull=False).exists()
        or orders.filter(email_search__isnull=False).exists()
    )
    return None if is_anybody_named else NAMES
