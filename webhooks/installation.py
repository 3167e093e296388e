"""Whether our app is installed in the shop, as its deliveries tell, in whatever order they come.

An `app/uninstalled` may come hours late, when the app has been installed again for long: what was
triggered after it came from a newer installation, so that it switches nothing off.
"""

from __future__ import annotations

from datetime import datetime

from shop_data.models import AppInstallation
from webhooks.models import InboxEvent

# Told of shops that are gone too.
_NO_SIGN_OF_LIFE = ("app/uninstalled", "customers/data_request", "customers/redact", "shop/redact")


def uninstalled_at() -> datetime | None:
    """Return since when our app is gone from the current tenant's shop; None while it is there."""
    at = AppInstallation.objects.values_list("uninstalled_at", flat=True).first()
    return None if at is None or lives_since(at) else at


def lives_since(at: datetime) -> bool:
    """Tell whether the shop's newer installation triggered a delivery after a moment.

    Only Shopify's own word for when it was counts: what came later may have been sent before.
    """
    later = InboxEvent.objects.filter(received_at__gt=at, triggered_at__gt=at)
    return later.exclude(topic__in=_NO_SIGN_OF_LIFE).order_by("received_at", "id").exists()
