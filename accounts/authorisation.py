"""Approving our app in Shopify: the way there, and what has to hold on the way back.

The way back is a link that anybody may write. So what it brings counts only in the browser that
set out a minute ago, for the shop that it set out for, and signed with the app's own secret. A
refused attempt leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.domains import NotAShop, normal_domain
from shop_data.shopify import grants, tokens
from shop_data.shopify.hosts import authorise_url
from shop_data.shopify.scopes import asked_for
from tenants.models import Connection, Grant
from xenofy.common.errors import XenofyError

COOKIE = "xf_shopify"
COOKIE_SECONDS = 60
_CLOCKS_DIFFER = 90  # seconds by which Shopify's moment may be off ours
_SALT = "accounts.authorisation"
# As Shopify's own libraries check it; `\Z`, for `$` would let a line end through.
_SHOP = re.compile(
    r"^[a-zA-Z0-9][a-zA-Z0-9\-_]*\.(myshopify\.com|shopify\.com|myshopify\.io|shop\.dev)[/]*\Z"
)


class NotAuthorised(XenofyError):
    """What came back from Shopify does not count."""

    code = "NOT_AUTHORISED"


class Departure(NamedTuple):
    """Where the merchant is sent, and what their browser keeps meanwhile."""

    address: str
    cookie: str


def redirect_address() -> str:
    """Return where Shopify sends merchants back; it has to stand in the app word for word."""
    return f"{settings.PUBLIC_URL}{reverse('accounts:authorised')}"


def depart(connection: Connection) -> Departure:
    """Begin: make a state that only this browser has; raise `NotAuthorised` without an app."""
    if not connection.app.client_id or connection.app.client_secret_encrypted is None:
        raise NotAuthorised("Enter the client ID and the secret of your app first.")
    state = secrets.token_hex(32)
    given = {
        "client_id": connection.app.client_id,
        "scope": asked_for(),
        "redirect_uri": redirect_address(),
        "state": state,
    }
    cookie = signing.dumps({"state": state, "connection": str(connection.id)}, salt=_SALT)
    return Departure(f"{authorise_url(connection.domain)}?{urlencode(given)}", cookie)


def arrive(connection: Connection, given: Mapping[str, str], *, cookie: str, now: datetime) -> None:
    """Check all that came back, exchange the code, and keep the tokens; calls out to Shopify.

    Raises `NotAuthorised` or a `ShopifyError`, having written nothing.
    """
    _check_state(connection, given.get("state", ""), cookie)
    _check_signature(connection, given)
    _check_moment(given.get("timestamp", ""), now=now)
    _check_shop(connection, given.get("shop", ""))
    if not given.get("code"):
        raise NotAuthorised("Shopify sent no code: the app was not approved.")
    granted = grants.for_code(connection.domain, connection.app, given["code"], now=now)
    with transaction.atomic(durable=True):
        row = Connection.objects.select_for_update().get(id=connection.id)
        if (row.domain, row.app_id) != (connection.domain, connection.app_id):
            raise NotAuthorised("The shop or the app was changed meanwhile. Begin again.")
        row.grant = Grant.CODE
        tokens.keep(row, granted, now=now)


def _check_state(connection: Connection, state: str, cookie: str) -> None:
    try:
        kept: dict[str, str] = signing.loads(cookie, salt=_SALT, max_age=COOKIE_SECONDS)
    except signing.SignatureExpired as error:
        raise NotAuthorised("It took longer than a minute. Begin again.") from error
    except signing.BadSignature as error:
        raise NotAuthorised("This browser did not ask for it. Begin again here.") from error
    same = hmac.compare_digest(kept["state"].encode(), state.encode())
    if not same or kept["connection"] != str(connection.id):
        raise NotAuthorised("This is no answer to what was asked here. Begin again.")


def _check_signature(connection: Connection, given: Mapping[str, str]) -> None:
    secret: str = connection.app.client_secret
    message = _signed(given).encode()
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not secret or not hmac.compare_digest(expected.encode(), given.get("hmac", "").encode()):
        raise NotAuthorised("The answer is not signed with the secret of your app.")


def _signed(given: Mapping[str, str]) -> str:
    """Return what Shopify signs: the sorted parameters, `%`, `&` and `=` as it writes them."""
    pairs = []
    for name in sorted(given.keys() - {"hmac", "signature"}):
        key = name.replace("%", "%25").replace("=", "%3D").replace("&", "%26")
        value = given[name].replace("%", "%25").replace("&", "%26")
        pairs.append(f"{key}={value}")
    return "&".join(pairs)


def _check_moment(timestamp: str, *, now: datetime) -> None:
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12
    if not is_number or abs(int(timestamp) - now.timestamp()) > _CLOCKS_DIFFER:
        raise NotAuthorised("The answer is not of this moment. Begin again.")


def _check_shop(connection: Connection, shop: str) -> None:
    try:
        same = _SHOP.match(shop) is not None and normal_domain(shop) == connection.domain
    except NotAShop:
        same = False
    if not same:
        raise NotAuthorised(f"The answer is of another shop than {connection.domain}.")
