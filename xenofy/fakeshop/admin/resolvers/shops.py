"""The shop, the app in it, and the versions of the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.leaves import Address
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.versions import STABLE


class Host(NamedTuple):
    id: str
    host: str
    url: str


class Formats(NamedTuple):
    money_format: str
    money_with_currency_format: str


class Plan(NamedTuple):
    public_display_name: str
    partner_development: bool = False
    shopify_plus: bool = False


class Limits(NamedTuple):
    max_product_options: int = 3
    max_product_variants: int = 2048
    location_limit: int = 1000
    redirect_limit_reached: bool = False


class Features(NamedTuple):
    storefront: bool = True


def _offset(shop: ShopState) -> int:
    """Return the minutes that the shop's clocks are before UTC now."""
    local = shop.clock.now().astimezone(shop.settings.timezone)
    offset = local.utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0


def _offset_text(shop: ShopState) -> str:
    minutes = _offset(shop)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"


def _zone_name(shop: ShopState) -> str:
    now: datetime = shop.clock.now().astimezone(shop.settings.timezone)
    return now.tzname() or ""


def _formats(shop: ShopState) -> Formats:
    return Formats("{{amount}}", f"{{{{amount}}}} {shop.settings.currency}")


def _host(shop: ShopState) -> Host:
    return Host(gid("Domain", 1), shop.domain, f"https://{shop.domain}")


fields("Shop", {
    "id": lambda shop: gid("Shop", shop.id),
    "name": lambda shop: shop.settings.name,
    "myshopifyDomain": lambda shop: shop.domain,
    "primaryDomain": _host,
    "url": lambda shop: f"https://{shop.domain}",
    "email": lambda shop: shop.settings.email,
    "contactEmail": lambda shop: shop.settings.email,
    "shopOwnerName": lambda shop: "Owner",
    "updatedAt": lambda shop: shop.created_at,
    "currencyCode": lambda shop: shop.settings.currency,
    "enabledPresentmentCurrencies": lambda shop: [shop.settings.currency],
    "currencyFormats": _formats,
    "ianaTimezone": lambda shop: shop.settings.zone,
    "timezoneOffset": _offset_text,
    "timezoneOffsetMinutes": _offset,
    "timezoneAbbreviation": _zone_name,
    "taxesIncluded": lambda shop: shop.settings.taxes_included,
    "plan": lambda shop: Plan(shop.settings.plan),
    "resourceLimits": lambda shop: Limits(),
    "features": lambda shop: Features(),
    "shopAddress": lambda shop: Address(shop.settings.country_code, id=1),
    "billingAddress": lambda shop: Address(shop.settings.country_code, id=1),
})  # fmt: skip
nothing("Shop", "taxShipping", value=False)
nothing("Shop", "weightUnit", value="KILOGRAMS")
nothing("Shop", "unitSystem", value="METRIC_SYSTEM")
nothing("Shop", "orderNumberFormatPrefix", value="#")
nothing("Shop", "orderNumberFormatSuffix", value="")
fields("ShopAddress", {
    "id": lambda address: gid("ShopAddress", address.id),
    "countryCodeV2": lambda address: address.country_code,
})  # fmt: skip


class Installed(NamedTuple):
    """An app in the shop, and what it may."""

    id: str
    access_scopes: list[Any]
    app: Any


class Scope(NamedTuple):
    handle: str
    description: str = ""


class App(NamedTuple):
    id: str
    title: str
    handle: str


@field("QueryRoot", "currentAppInstallation")
def installation(root: Any, ask: Ask) -> Installed:
    scopes = [Scope(name) for name in sorted(ask.grant.scopes)]
    app = App(gid("App", 1), ask.grant.app, ask.grant.app)
    return Installed(gid("AppInstallation", ask.state.id), scopes, app)


class Version(NamedTuple):
    handle: str
    display_name: str
    supported: bool = True


@field("QueryRoot", "publicApiVersions")
def versions(root: Any, ask: Ask) -> list[Version]:
    return [*(Version(each, each) for each in STABLE), Version("unstable", "unstable", False)]
