"""`/admin/oauth/authorize` and `/admin/oauth/access_token`, and what ends an authorisation.

A browser cannot call the double by a shop's name, so the shop may also stand before the path.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from html import escape
from re import Match
from typing import Any
from urllib.parse import parse_qsl, urlencode

from xenofy.fakeshop.apps import App, Code
from xenofy.fakeshop.dates import utc
from xenofy.fakeshop.giving import Refusal, give
from xenofy.fakeshop.http import Answer, Request, answer_json
from xenofy.fakeshop.pages import page
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.world import World

CODE_LASTS = timedelta(minutes=10)
SHOP_REDACT_AFTER = timedelta(hours=48)


def authorize(world: World, request: Request, path: Match[str]) -> Answer:
    """Ask whether an app may be installed; a POST, or `?auto`, is a yes."""
    domain = path["shop"] or request.host
    given = dict(parse_qsl(request.query, keep_blank_values=True))
    app = world.apps.by_id.get(given.get("client_id", ""))
    if world.find(domain) is None or app is None:
        return _wrong("Oauth error invalid_client: There is no such shop or app.")
    if given.get("redirect_uri") not in app.redirects:
        return _wrong("Oauth error invalid_request: The redirect_uri is not whitelisted.")
    if request.method == "POST" or "auto" in given:
        return _approved(world, app, domain, given)
    return _question(app, domain, given)


def access_token(world: World, request: Request, path: Match[str]) -> Answer:
    """Give tokens for a code, a refresh token, an app's credentials or another token."""
    domain = path["shop"] or request.host
    if world.find(domain) is None:
        return answer_json({"errors": "Not Found"}, 404)
    try:
        with world.lock:
            return answer_json(give(world, domain, _fields(request)))
    except Refusal as refusal:
        said = {"error": refusal.code, "error_description": refusal.sentence}
        return answer_json(said, refusal.status)


def uninstall(world: World, domain: str, client_id: str) -> None:
    """Take an app out of a shop: its tokens end, and it is told so, then to forget all."""
    with world.lock:
        state = world.shop(domain).state
        subject = {"id": state.id, "domain": domain, "myshopify_domain": domain}
        world.hooks.send(client_id, state, "app/uninstalled", subject)
        world.grants.revoke(domain, client_id)
        world.apps.forget(client_id, domain)
        world.hooks.unsubscribe(client_id, domain)
        redact = {"shop_id": state.id, "shop_domain": domain}
        world.hooks.send(client_id, state, "shop/redact", redact, after=SHOP_REDACT_AFTER)


def revoke(world: World, domain: str, client_id: str) -> None:
    """End the tokens of an app without a word, as a rotation of credentials does."""
    with world.lock:
        world.grants.revoke(domain, client_id)
        world.apps.forget(client_id, domain)


def change_scopes(world: World, domain: str, client_id: str, scopes: Iterable[str]) -> None:
    """Change what an app may do in a shop, and tell it."""
    with world.lock:
        wanted = frozenset(scopes)
        before: frozenset[str] = frozenset()
        for grant in world.grants.of(domain):
            if grant.app == client_id and not grant.revoked:
                before, grant.scopes = grant.scopes, wanted
        state = world.shop(domain).state
        body = _scopes_body(state, before, wanted)
        world.hooks.send(client_id, state, "app/scopes_update", body)


def sign(given: Mapping[str, str], secret: str) -> str:
    """Return the hexadecimal signature of the parameters that a browser comes back with."""
    message = "&".join(f"{name}={given[name]}" for name in sorted(given))
    return hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def _approved(world: World, app: App, domain: str, given: Mapping[str, str]) -> Answer:
    """Send the browser back with a code."""
    code = secrets.token_hex(16)
    asked = frozenset(filter(None, given.get("scope", "").split(","))) & app.scopes
    now = world.clock.now()
    world.apps.codes[code] = Code(app.client_id, domain, asked or app.scopes, now + CODE_LASTS)
    name = domain.removesuffix(".myshopify.com")
    back = {
        "code": code,
        "host": base64.b64encode(f"admin.shopify.com/store/{name}".encode()).decode().rstrip("="),
        "shop": domain,
        "timestamp": str(int(now.timestamp())),
    }
    if "state" in given:
        back["state"] = given["state"]
    back["hmac"] = sign(back, app.secret)
    return Answer(302, headers={"Location": f"{given['redirect_uri']}?{urlencode(back)}"})


def _question(app: App, domain: str, given: Mapping[str, str]) -> Answer:
    scopes = "".join(f"<li>{escape(name)}</li>" for name in given.get("scope", "").split(","))
    where = f"/{domain}/admin/oauth/authorize?{urlencode(given)}"
    back = given["redirect_uri"]
    return page(
        f"Install {app.client_id}",
        f"<p><strong>{escape(app.client_id)}</strong> asks {escape(domain)} for:</p>"
        f"<ul>{scopes}</ul>"
        f'<form method="post" action="{escape(where)}"><button>Install</button></form>'
        f'<p><a href="{escape(back)}">Cancel</a></p>',
    )


def _wrong(sentence: str) -> Answer:
    return page("This does not work", f"<p>{escape(sentence)}</p>", status=400)


def _fields(request: Request) -> dict[str, str]:
    """Return the fields of a form or of JSON; what is neither has none."""
    if "json" in request.headers.get("content-type", ""):
        try:
            found = json.loads(request.body)
        except ValueError:
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _scopes_body(
    state: ShopState, before: frozenset[str], wanted: frozenset[str]
) -> dict[str, Any]:
    return {
        "id": state.id,
        "previous": sorted(before),
        "current": sorted(wanted),
        "updated_at": utc(state.clock.now()),
    }
