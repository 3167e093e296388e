"""Does a body come from the shop whose domain it was delivered for?

The domain's header is not signed, and one app's secret may sign for many shops: a body that was
signed for one of them could be delivered to another. Where a body names its shop, by domain, by
id, or in the address of an order or a checkout, that is held against header and settings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import suppress

from shop_data.payloads.values import Body, PayloadError, identifier, text

_DOMAINS = ("myshopify_domain", "shop_domain")
_ADDRESSES = ("order_status_url", "abandoned_checkout_url")
_OF_SHOP = re.compile(r"https://[^/]+/(\d{1,18})/(?:orders|checkouts)/")
# Topics of which a body must say whose it is: what is erased for one shop must not be for another.
_MUST_BE_NAMED = ("customers/data_request", "customers/redact", "shop/redact")


def refuse_other_shop(topic: str, body: Body, *, domain: str, shops: Collection[int]) -> None:
    """Raise `PayloadError` for a body that names another shop than `domain`.

    `shops` are the ids that the shop has given as its own; before it has, no id says anything.
    """
    if topic in _MUST_BE_NAMED and not text(body.get("shop_domain"), "shop_domain"):
        raise PayloadError("shop_domain is missing.")
    for field in _DOMAINS:
        named = body.get(field)
        if isinstance(named, str) and domain and named.lower() not in {"", domain}:
            raise PayloadError(f"The body is of another shop, {named[:100]}.")
    for shop in _ids_in(body) if shops else ():
        if shop not in shops:
            raise PayloadError(f"The body is of another shop, {shop}.")


def _ids_in(body: Body) -> Iterator[int]:
    """Yield the ids of shops that a body names; what cannot be read names none."""
    with suppress(PayloadError):
        found = identifier(body.get("shop_id"), "shop_id")
        if found is not None:
            yield found
    for field in _ADDRESSES:
        address = body.get(field)
        found_in = _OF_SHOP.match(address) if isinstance(address, str) else None
        if found_in:
            yield int(found_in[1])
