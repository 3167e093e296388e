"""Whether Shopify shows nobody of the shop's customers: then they are unknown, not guests."""

from __future__ import annotations

from shop_data.models import Customer, Order


def are_customers_withheld() -> bool:
    """Tell whether there are orders of the current tenant, and no name or e-mail anywhere.

    Shopify leaves them out while protected customer data is not approved for the app.
    """
    if Customer.objects.filter(email_search__isnull=False).exists():
        return False
    if Customer.objects.filter(name_search__isnull=False).exists():
        return False
    return bool(Order.objects.exists() and not Order.objects.exclude(email_search=None).exists())
