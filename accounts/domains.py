"""The address of a shop at Shopify, as people write it and as we keep it."""

from __future__ import annotations

import re

_HANDLE = r"([a-z0-9][a-z0-9-]{0,59})"
_GIVEN = re.compile(
    rf"(?:https?://)?(?:{_HANDLE}\.myshopify\.com(?:/admin)?/?"
    rf"|admin\.shopify\.com/store/{_HANDLE}(?:/[^\s]*)?)"
)


class NotAShop(ValueError):
    """What was given does not name a shop at Shopify."""

    def __init__(self) -> None:
        super().__init__(
            "Give the shop's address at Shopify, for example your-shop.myshopify.com."
            " Shopify shows it under Settings, Domains."
        )


def normal_domain(given: str) -> str:
    """Return `<shop>.myshopify.com` in lower case; raise `NotAShop` for anything else.

    Takes a copied address too: with https://, in capitals, or of the shop's admin.
    """
    text = given.strip()
    # Lower-casing turns some other letters into ASCII ones, the Kelvin sign into k.
    match = _GIVEN.fullmatch(text.lower()) if text.isascii() else None
    if match is None:
        raise NotAShop
    return f"{match[1] or match[2]}.myshopify.com"


def shop_name(domain: str) -> str:
    """Return a name for a shop that has told none yet: "Kaveri Handlooms"."""
    return domain.removesuffix(".myshopify.com").replace("-", " ").title()
