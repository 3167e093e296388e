"""The double gives and takes tokens as Shopify does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.fakeshop.conftest import BACK, DOMAIN, Outside
from xenofy.fakeshop import oauth
from xenofy.fakeshop.giving import EXCHANGE, ID_TOKEN, OFFLINE
from xenofy.fakeshop.http import Hangup
from xenofy.fakeshop.world import World

ASKED = {"client_id": "app", "scope": "read_orders", "redirect_uri": BACK, "state": "s t&a=te"}


def approve(outside: Outside, method: str = "POST", **more: str) -> dict[str, str]:
    """Install the app in a browser; return what it is sent back with."""
    query = urlencode({**ASKED, **more})
    found = outside.ask(method, f"/{DOMAIN}/admin/oauth/authorize", query=query)
    assert found.status == 302
    return dict(parse_qsl(urlsplit(found.headers["Location"]).query))


def pair(outside: Outside) -> dict[str, str]:
    status, tokens = outside.grant(code=approve(outside)["code"], expiring="1")
    assert status == 200
    return dict(tokens)


def works(world: World, token: str) -> bool:
    return world.grants.find(token, DOMAIN, now=world.clock.now()) is not None


def test_the_page_asks_before_it_installs(outside: Outside) -> None:
    found = outside.ask("GET", "/admin/oauth/authorize", query=urlencode(ASKED))

    assert found.status == 200
    assert b"<button>Install</button>" in bytes(found.body)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"client_id": "other"}, {"redirect_uri": f"{BACK}x"}])
def test_no_browser_is_sent_where_the_app_does_not_lead(
    outside: Outside, wrong: dict[str, str]
) -> None:
    found = outside.ask("POST", "/admin/oauth/authorize", query=urlencode({**ASKED, **wrong}))

    assert (found.status, found.headers) == (400, {})


@pytest.mark.parametrize(("method", "more"), [("POST", {}), ("GET", {"auto": ""})])
def test_what_comes_back_is_signed_with_the_secret(
    outside: Outside, method: str, more: dict[str, str]
) -> None:
    back = approve(outside, method, **more)

    given = back.pop("hmac")
    message = "&".join(f"{name}={back[name]}" for name in sorted(back))
    assert given == hmac.new(b"secret", message.encode(), hashlib.sha256).hexdigest()
    assert back["shop"] == DOMAIN
    assert back["state"] == ASKED["state"]
    assert back["timestamp"] == str(int(outside.world.clock.now().timestamp()))


def test_a_code_is_good_once(outside: Outside) -> None:
    code = approve(outside)["code"]

    first, again = (outside.grant(code=code, expiring="1") for _ in range(2))

    assert first[0] == 200
    assert first[1]["scope"] == "read_orders"
    assert (first[1]["expires_in"], first[1]["refresh_token_expires_in"]) == (3600, 7_776_000)
    assert (again[0], again[1]["error"]) == (400, "invalid_request")


def test_a_token_without_expiring_lasts(outside: Outside, world: World) -> None:
    _, tokens = outside.grant(code=approve(outside)["code"])
    world.clock.advance(days=400)

    assert set(tokens) == {"access_token", "scope"}
    assert works(world, tokens["access_token"])


def test_a_wrong_secret_is_given_nothing(outside: Outside) -> None:
    status, told = outside.grant(client_secret="wrong", grant_type="client_credentials")

    assert status == 400
    assert "access_token" not in told


def test_a_rotation_leaves_one_live_pair(outside: Outside, world: World) -> None:
    old = pair(outside)

    _, new = outside.grant(grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert new["refresh_token"] != old["refresh_token"]
    assert works(world, new["access_token"])
    assert not works(world, old["access_token"])


def test_the_token_before_renews_until_the_new_pair_is_used(outside: Outside, world: World) -> None:
    old = pair(outside)["refresh_token"]
    outside.grant(grant_type="refresh_token", refresh_token=old)

    status, new = outside.grant(grant_type="refresh_token", refresh_token=old)
    assert status == 200
    assert works(world, new["access_token"])
    refused, told = outside.grant(grant_type="refresh_token", refresh_token=old)

    assert refused == 401
    assert told["error_description"] == "This request requires an active refresh_token"


def test_a_rotation_may_happen_and_not_be_told(outside: Outside, world: World) -> None:
    old = pair(outside)
    world.apps.lose_answers = 1

    with pytest.raises(Hangup):
        outside.grant(grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert not works(world, old["access_token"])
    again = outside.grant(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert again[0] == 200


def test_a_rotation_that_is_final_leaves_no_way_but_a_new_authorisation(
    outside: Outside, world: World
) -> None:
    old = pair(outside)["refresh_token"]
    world.apps.rotation_is_final = True
    outside.grant(grant_type="refresh_token", refresh_token=old)

    assert outside.grant(grant_type="refresh_token", refresh_token=old)[0] == 401


def test_a_refresh_token_ends_after_ninety_days(outside: Outside, world: World) -> None:
    old = pair(outside)["refresh_token"]
    world.clock.advance(days=90)

    assert outside.grant(grant_type="refresh_token", refresh_token=old)[0] == 401


def test_an_apps_own_credentials_last_a_day(outside: Outside, world: World) -> None:
    _, tokens = outside.grant(grant_type="client_credentials")

    assert tokens["expires_in"] == 86_400
    assert "refresh_token" not in tokens
    assert works(world, tokens["access_token"])
    world.clock.advance(days=1)
    assert not works(world, tokens["access_token"])


def test_credentials_open_no_shop_of_others(outside: Outside, world: World) -> None:
    world.apps.by_id["app"].own_shops = False

    status, told = outside.grant(grant_type="client_credentials")

    assert (status, told["error"]) == (400, "shop_not_permitted")


def test_a_lasting_token_is_exchanged_for_a_pair_and_is_no_more(
    outside: Outside, world: World
) -> None:
    _, lasting = outside.grant(code=approve(outside)["code"])
    wanted = {
        "grant_type": EXCHANGE,
        "subject_token": lasting["access_token"],
        "subject_token_type": OFFLINE,
        "requested_token_type": OFFLINE,
        "expiring": "1",
    }

    _, tokens = outside.grant(**wanted)

    assert works(world, tokens["access_token"])
    assert not works(world, lasting["access_token"])
    assert outside.grant(**wanted)[1]["error"] == "invalid_subject_token"


def session(secret: str, *, aud: str = "app", seconds: int = 60) -> str:
    """Return a session token as App Bridge gives embedded apps."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    claims = {"aud": aud, "dest": f"https://{DOMAIN}", "exp": 1_782_907_200 + seconds}
    head = f"{part(b'{}')}.{part(json.dumps(claims).encode())}"
    return f"{head}.{part(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize(
    ("token", "status"),
    [
        (session("secret"), 200),
        (session("other"), 400),
        (session("secret", aud="another"), 400),
        (session("secret", seconds=-1), 400),
        ("nonsense", 400),
    ],
)
def test_a_session_token_is_exchanged_only_if_it_is_signed_for_this(
    outside: Outside, token: str, status: int
) -> None:
    found = outside.grant(
        grant_type=EXCHANGE,
        subject_token=token,
        subject_token_type=ID_TOKEN,
        requested_token_type=OFFLINE,
        expiring="1",
    )

    assert found[0] == status


def test_after_uninstalling_nothing_opens_the_shop(outside: Outside, world: World) -> None:
    tokens = pair(outside)

    oauth.uninstall(world, DOMAIN, "app")

    assert not works(world, tokens["access_token"])
    refused = outside.grant(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refused[0] == 401


def test_scopes_may_change_under_a_token(outside: Outside, world: World) -> None:
    token = pair(outside)["access_token"]

    oauth.change_scopes(world, DOMAIN, "app", ["read_products"])

    found = world.grants.find(token, DOMAIN, now=world.clock.now())
    assert found is not None
    assert found.scopes == {"read_products"}
