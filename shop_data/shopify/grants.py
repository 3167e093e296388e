"""How Shopify gives tokens: for a code, for a refresh token, for an app's own credentials."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from shop_data.shopify import transport
from shop_data.shopify.errors import ShopifyError, Unreachable
from shop_data.shopify.hosts import shop_url
from tenants.models import ShopifyApp

PATH = "/admin/oauth/access_token"
SECONDS = 10  # that an answer may take: a row is locked meanwhile
_FOR_NOW = frozenset({402, 408, 423, 425, 429})
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"


class Granted(NamedTuple):
    """Tokens and what they are good for; a moment is null where Shopify names none."""

    access_token: str
    refresh_token: str
    access_expires_at: datetime | None
    refresh_expires_at: datetime | None
    scopes: tuple[str, ...]


class GrantRefused(ShopifyError):
    """Shopify gives no token for this."""

    status = 400
    code = "SHOPIFY_GRANT_REFUSED"


def for_code(domain: str, app: ShopifyApp, code: str, *, now: datetime) -> Granted:
    """Exchange the code of an authorisation for a pair that expires and can be renewed."""
    return _grant(domain, app, now=now, code=code, expiring="1")


def for_refresh_token(domain: str, app: ShopifyApp, token: str, *, now: datetime) -> Granted:
    """Exchange a refresh token for the next pair; it stays good until that pair is used."""
    return _grant(domain, app, now=now, grant_type="refresh_token", refresh_token=token)


def for_credentials(domain: str, app: ShopifyApp, *, now: datetime) -> Granted:
    """Ask for a token of a shop that belongs to the app's own organisation; it lasts a day."""
    return _grant(domain, app, now=now, grant_type="client_credentials")


def for_lasting_token(domain: str, app: ShopifyApp, token: str, *, now: datetime) -> Granted:
    """Exchange a token that never expires, which Shopify takes until 2027, for a pair that does."""
    return _grant(
        domain,
        app,
        now=now,
        grant_type="urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token=token,
        subject_token_type=_OFFLINE,
        requested_token_type=_OFFLINE,
        expiring="1",
    )


def _grant(domain: str, app: ShopifyApp, *, now: datetime, **what: str) -> Granted:
    """Raise `GrantRefused`, or `Unreachable` where nothing is known of what became of it."""
    fields = {"client_id": app.client_id, "client_secret": app.client_secret, **what}
    answer = transport.post(
        shop_url(domain, PATH), seconds=SECONDS, data=fields, headers={"Accept": "application/json"}
    )
    body = answer.body if isinstance(answer.body, dict) else {}
    if not _is_final(answer.status, body):
        raise Unreachable(f"Shopify gave no token for now (status {answer.status}).")
    if answer.status != 200:
        raise GrantRefused(_reason(body, answer.status))
    if not isinstance(body.get("access_token"), str):
        raise Unreachable("Shopify’s answer held no token.")
    return _granted(body, now=now)


def _is_final(status: int, body: dict[str, Any]) -> bool:
    """Tell whether an answer is the last word: not of a shop that is not paid for or locked, nor
    of something between that answers in Shopify's place."""
    if status in {200, 400, 401}:
        return True
    return 400 < status < 500 and status not in _FOR_NOW and bool(body)


def _granted(body: dict[str, Any], *, now: datetime) -> Granted:
    return Granted(
        access_token=body["access_token"],
        refresh_token=str(body.get("refresh_token") or ""),
        access_expires_at=_moment(body.get("expires_in"), now=now),
        refresh_expires_at=_moment(body.get("refresh_token_expires_in"), now=now),
        scopes=tuple(sorted(filter(None, str(body.get("scope") or "").split(",")))),
    )


def _moment(seconds: Any, *, now: datetime) -> datetime | None:
    return now + timedelta(seconds=int(seconds)) if seconds else None


def _reason(body: dict[str, Any], status: int) -> str:
    said = body.get("error_description") or body.get("error") or body.get("errors")
    told = str(said)[:200].rstrip(".") if said else f"status {status}"
    return f"Shopify gave no token: {told}."
