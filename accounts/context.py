"""What every page's frame shows: the shop, the person, and the theme."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.identities import Identity
from shop_data.models import StoreInfo
from tenants.scope import tenant_id_or_none
from xenofy.common.client_hints import COLOR_SCHEME

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values; strangers and error pages get empty ones and cost no query."""
    identity: Identity | None = getattr(request, "identity", None)
    tenant = identity.tenant if identity else None
    return {
        "credential": identity.credential if identity else None,
        "tenant": tenant,
        "shops": identity.other_tenants if identity else (),
        "is_refused": bool(identity and identity.is_refused),
        "is_demo": bool(tenant and tenant.is_demo),
        "person": _person(identity),
        "store": SimpleLazyObject(_store),
        "theme": _theme(request),
    }


def _person(identity: Identity | None) -> str:
    user = identity.user if identity else None
    return (user.name or user.email) if user else ""


def _store() -> StoreInfo | None:
    """Return the shop's own words about itself; None outside of its scope.

    Also None where the database refuses: the page that tells of a failed transaction runs in it.
    """
    if tenant_id_or_none() is None:
        return None
    try:
        return StoreInfo.objects.first()
    except DatabaseError:
        return None


def _theme(request: HttpRequest) -> str:
    """Return the person's choice, else what the browser says it prefers, else light."""
    chosen = request.COOKIES.get("xf_theme")
    preferred = request.headers.get(COLOR_SCHEME, "").strip('"')  # a string of RFC 8941
    return next((theme for theme in (chosen, preferred) if theme in THEMES), "light")
