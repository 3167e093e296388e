"""Why Shopify did not give what was asked for, each in a sentence for the merchant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xenofy.common.errors import XenofyError

Data = Mapping[str, Any]


class ShopifyError(XenofyError):
    """Something that Shopify was asked for did not come."""

    status = 502
    code = "SHOPIFY_FAILED"


class NotConnected(ShopifyError):
    """There is no shop, or nothing to sign in there with."""

    status = 409
    code = "SHOPIFY_NOT_CONNECTED"

    def __init__(
        self, message: str = "No shop is connected. Connect it on the settings page."
    ) -> None:
        super().__init__(message)


class ReauthRequired(ShopifyError):
    """Shopify takes our token no more; the merchant has to connect the shop again."""

    status = 409
    code = "SHOPIFY_RECONNECT"


class Unreachable(ShopifyError):
    """Shopify did not answer, or with nothing that can be read; the same may succeed later.

    Whether a mutation was carried out is not known.
    """

    status = 503
    code = "SHOPIFY_UNREACHABLE"


class AccessDenied(ShopifyError):
    """Some of what was asked for may not be read.

    `denied` are the places that stayed null, as "shop.name"; `scopes` are what would open them, as
    far as Shopify says; `data` is what came all the same.
    """

    status = 403
    code = "SHOPIFY_ACCESS_DENIED"

    def __init__(
        self, message: str, *, fields: Sequence[str], scopes: Sequence[str], data: Data
    ) -> None:
        super().__init__(message)
        self.denied = tuple(fields)
        self.scopes = tuple(scopes)
        self.data = data


class Refused(ShopifyError):
    """Shopify understood and said no; `errors` are its own, `data` what came beside them."""

    code = "SHOPIFY_REFUSED"

    def __init__(
        self, message: str, *, errors: Sequence[Mapping[str, Any]] = (), data: Data | None = None
    ) -> None:
        super().__init__(message)
        self.errors = tuple(errors)
        self.data: Data = data or {}
