"""Does a body come from the shop whose domain it was delivered for?

The domain's header is not signed, and one app's secret may sign for many shops: a body that was
signed for one of them could be delivered to another. Where a body names its shop, that is held
against the header.
"""

from __future__ import annotations

from shop_data.payloads.values import Body, PayloadError, text

# Topics whose bodies name their shop -> the field.
_NAMED_IN = {
    "shop/update": "myshopify_domain",
    "app/uninstalled": "myshopify_domain",
    "customers/data_request": "shop_domain",
    "customers/redact": "shop_domain",
    "shop/redact": "shop_domain",
}
_MUST_BE_NAMED = "shop_domain"  # what is erased for one shop must not be erased for another


def refuse_other_shop(topic: str, body: Body, *, domain: str) -> None:
    """Raise `PayloadError` for a body that names another shop than `domain`."""
    field = _NAMED_IN.get(topic)
    if field is None:
        return
    named = text(body.get(field), field)
    if not named and field == _MUST_BE_NAMED:
        raise PayloadError(f"{field} is missing.")
    if named and domain and named.lower() != domain:
        raise PayloadError(f"The body is of another shop, {named[:100]}.")
