"""How tokens are given: the grants of OAuth at Shopify, as far as the double knows them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from xenofy.fakeshop.apps import App, Pair
from xenofy.fakeshop.grants import Grant
from xenofy.fakeshop.http import Hangup
from xenofy.fakeshop.world import World

HOUR = timedelta(hours=1)
NINETY_DAYS = timedelta(days=90)
DAY = timedelta(hours=24)
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 – the name of a kind

Fields = Mapping[str, str]
Body = dict[str, Any]


class Refusal(Exception):
    """OAuth's error: a code, a sentence, and a status."""

    def __init__(self, code: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.status = code, sentence, status


def give(world: World, domain: str, fields: Fields) -> Body:
    """Answer a request for tokens; raise `Refusal`, or `Hangup` where the answer is lost."""
    app = world.apps.by_id.get(fields.get("client_id", ""))
    if app is None or not app.knows(fields.get("client_secret", "")):
        raise Refusal("application_cannot_be_found", "The application cannot be found.", 400)
    kind = fields.get("grant_type", "authorization_code")
    if kind not in _GRANTS:
        raise Refusal("unsupported_grant_type", "This grant type is not supported.")
    return _GRANTS[kind](world, app, domain, fields)


def _for_code(world: World, app: App, domain: str, fields: Fields) -> Body:
    code = world.apps.take_code(fields.get("code", ""), now=world.clock.now())
    if code is None or (code.client_id, code.domain) != (app.client_id, domain):
        raise Refusal("invalid_request", "The authorization code was not found or was already used")
    if fields.get("expiring") == "1":
        return _pair(world, app, domain, code.scopes)
    grant = _grant(world, app, domain, code.scopes)
    return {"access_token": grant.token, "scope": _scope(grant)}


def _for_refresh_token(world: World, app: App, domain: str, fields: Fields) -> Body:
    """Rotate the pair. What renewed it before does so again until the new pair is used."""
    pair, given = world.apps.pairs.get((app.client_id, domain)), fields.get("refresh_token", "")
    if pair is None or not _renews(world, pair, given) or pair.ends_at <= world.clock.now():
        raise Refusal("invalid_request", "This request requires an active refresh_token", 401)
    body = _pair(world, app, domain, pair.access.scopes, before=given)
    if world.apps.lose_answers:
        world.apps.lose_answers -= 1
        raise Hangup
    return body


def _renews(world: World, pair: Pair, given: str) -> bool:
    if given == pair.refresh:
        return True
    again = given == pair.before and not pair.access.used
    return bool(given) and again and not world.apps.rotation_is_final


def _for_credentials(world: World, app: App, domain: str, _: Fields) -> Body:
    if not app.own_shops:
        raise Refusal("shop_not_permitted", "Client credentials cannot be performed on this shop.")
    grant = _grant(world, app, domain, app.scopes, lasting=DAY)
    return {"access_token": grant.token, "scope": _scope(grant), "expires_in": _seconds(DAY)}


def _for_exchange(world: World, app: App, domain: str, fields: Fields) -> Body:
    """Exchange a session token of an embedded app, or a token that never ends."""
    if fields.get("requested_token_type") != OFFLINE:
        raise Refusal("invalid_request", "Only offline tokens are given by the double.")
    scopes = app.scopes
    if fields.get("subject_token_type") == OFFLINE:
        scopes = _end_lasting(world, app, domain, fields)
    elif fields.get("subject_token_type") == ID_TOKEN:
        _check_session(app, domain, fields.get("subject_token", ""), now=world.clock.now())
    else:
        raise Refusal("invalid_request", "The subject_token_type is not supported.")
    if fields.get("expiring") == "1":
        return _pair(world, app, domain, scopes)
    grant = _grant(world, app, domain, scopes)
    return {"access_token": grant.token, "scope": _scope(grant)}


_GRANTS: dict[str, Callable[[World, App, str, Fields], Body]] = {
    "authorization_code": _for_code,
    "refresh_token": _for_refresh_token,
    "client_credentials": _for_credentials,
    EXCHANGE: _for_exchange,
}


def _end_lasting(world: World, app: App, domain: str, fields: Fields) -> frozenset[str]:
    """Revoke a token that never ends, for a pair that does; there is no way back."""
    token = fields.get("subject_token", "")
    grant = world.grants.find(token, domain, now=world.clock.now())
    right = grant is not None and grant.app == app.client_id and grant.expires_at is None
    if grant is None or not right or fields.get("expiring") != "1":
        raise Refusal("invalid_subject_token", "The subject token is not a non-expiring token.")
    grant.revoked = True
    return grant.scopes


def _check_session(app: App, domain: str, token: str, *, now: datetime) -> None:
    """Refuse a session token that the app's secret did not sign for this shop and moment."""
    head, _, signature = token.rpartition(".")
    expected = hmac.new(app.secret.encode(), head.encode(), hashlib.sha256).digest()
    try:
        signed = hmac.compare_digest(expected, _decoded(signature))
        claims = json.loads(_decoded(head.partition(".")[2]))
        right = claims["aud"] == app.client_id and claims["dest"] == f"https://{domain}"
        right = right and float(claims["exp"]) > now.timestamp()
    except (ValueError, KeyError, TypeError, binascii.Error):
        signed = right = False
    if not (signed and right):
        raise Refusal("invalid_subject_token", "The session token is not valid.")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _pair(world: World, app: App, domain: str, scopes: frozenset[str], *, before: str = "") -> Body:
    """Make the live pair of an app and a shop; the one that was is no more."""
    if (old := world.apps.pairs.get((app.client_id, domain))) is not None:
        old.access.revoked = True
    grant = _grant(world, app, domain, scopes, lasting=HOUR)
    refresh = f"shprt_{secrets.token_hex(16)}"
    ends_at = world.clock.now() + NINETY_DAYS
    world.apps.pairs[app.client_id, domain] = Pair(grant, refresh, ends_at, before)
    return {
        "access_token": grant.token,
        "scope": _scope(grant),
        "expires_in": _seconds(HOUR),
        "refresh_token": refresh,
        "refresh_token_expires_in": _seconds(NINETY_DAYS),
    }


def _grant(
    world: World,
    app: App,
    domain: str,
    scopes: frozenset[str],
    *,
    lasting: timedelta | None = None,
) -> Grant:
    token = f"shpat_{secrets.token_hex(16)}"
    ends_at = world.clock.now() + lasting if lasting else None
    grant = Grant(token, domain, app.client_id, scopes, ends_at, app.customer_data, app.people)
    return world.grants.add(grant)


def _scope(grant: Grant) -> str:
    return ",".join(sorted(grant.scopes))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
