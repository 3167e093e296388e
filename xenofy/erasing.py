"""Carrying out shop/redact: a shop that is gone for two days is forgotten, whole.

First nobody gets in any more, then all rows go. The request itself and the row that locks the
tenant go last, when whatever was under way at the beginning must have come in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shop_data.models import PrivacyRequest
from tenants import erasure
from tenants.models import Connection, TenantState
from tenants.scope import current_tenant_id
from webhooks.installation import lives_since

UNDER_WAY = timedelta(minutes=2)  # longer than any request or step takes
GONE_FOR = timedelta(hours=47)  # Shopify asks 48 hours after the app was uninstalled
INSTALLED_AGAIN = "The app is installed again: the shop was heard of after it was uninstalled."


def erase_step(request: PrivacyRequest, now: datetime) -> int:
    """Do the next step; return 0 when there is none to do yet."""
    if request.begun_at is None:
        return _begin(request, now)
    deleted = erasure.delete_rows(but=[PrivacyRequest, TenantState])
    if deleted or now < request.begun_at + UNDER_WAY:
        return deleted
    while erasure.delete_rows(but=[]):
        pass
    return 1


def _begin(request: PrivacyRequest, now: datetime) -> int:
    if _is_alive(request.requested_at - GONE_FOR):
        request.status, request.reason = PrivacyRequest.Status.REFUSED, INSTALLED_AGAIN
    else:
        erasure.close(now=now)
        PrivacyRequest.objects.exclude(id=request.id).delete()
        request.begun_at = now
    request.done_at = now if request.status == PrivacyRequest.Status.REFUSED else None
    request.save(update_fields=["status", "reason", "begun_at", "done_at"])
    return 1


def _is_alive(since: datetime) -> bool:
    """Tell whether the app was installed again since a moment: the shop was heard of, or somebody
    connected it."""
    connected = Connection.objects.filter(tenant_id=current_tenant_id(), updated_at__gt=since)
    return lives_since(since) or bool(connected.exists())
