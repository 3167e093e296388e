"""Does a body come from the shop whose domain it was delivered for?

The domain's header is not signed, and one app's secret may sign for many shops: a body that was
signed for one of them could be delivered to another. Where a body names its shop, that is held
against the header.
"""

from __future__ import annotations

from shop_data.payloads.values import Body, PayloadError, text

_NAMES_ITS_SHOP = "shop/"


def refuse_other_shop(topic: str, body: Body, *, domain: str) -> None:
    """Raise `PayloadError` for a body that names another shop than `domain`."""
    if not topic.startswith(_NAMES_ITS_SHOP):
        return
    named = text(body.get("myshopify_domain"), "myshopify_domain")
    if named and domain and named.lower() != domain:
        raise PayloadError(f"The body is of another shop, {named[:100]}.")
