"""What keeps Shopify from delivering, in a sentence for the merchant."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from django.test import Client

from shop_data.shopify.errors import Unreachable
from webhooks import reachability
from webhooks.reachability import PROOF, proof_of, why_unreachable

ADDRESS = "https://figures.example.com"


@pytest.fixture(autouse=True)
def _at_shopify_itself(settings: Any) -> None:
    settings.SHOPIFY_STAND_IN = ""


@pytest.fixture
def public(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name behind which nobody was asked yet."""
    settings.PUBLIC_URL = ADDRESS
    monkeypatch.setattr(reachability, "refuse_private", lambda host: None)


Answer = httpx.Response | httpx.HTTPError | Client


def answering(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    """Let an answer, or our own health page by way of a test client, be what is there."""

    def get(address: str, *, headers: dict[str, str], **_: Any) -> httpx.Response:
        assert address == f"{ADDRESS}/health"
        if isinstance(answer, Client):
            ours = answer.get("/health", headers=headers)
            return httpx.Response(ours.status_code, headers=ours.headers, content=ours.content)
        if isinstance(answer, httpx.HTTPError):
            raise answer
        return answer

    monkeypatch.setattr(reachability.httpx, "get", get)


@pytest.mark.usefixtures("public")
def test_a_public_address_with_us_behind_it_can_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, Client())

    assert why_unreachable() == ""


@pytest.mark.usefixtures("public")
def test_another_xenofy_is_not_us(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    alive = {"status": "OK"}
    old = httpx.Response(200, json=alive, headers={PROOF: proof_of("one that was asked before")})
    settings.SECRET_KEY = "another"
    theirs = httpx.Response(200, json=alive, headers={PROOF: proof_of("the same")})
    settings.SECRET_KEY = "ours"
    monkeypatch.setattr(reachability, "get_random_string", lambda length: "the same")

    for answer in (old, theirs, httpx.Response(200, json=alive)):
        answering(monkeypatch, answer)
        assert "another Xenofy than this one" in why_unreachable()


@pytest.mark.parametrize("nonce", ["", "x" * 65])
def test_nothing_is_proven_for_what_is_no_nonce(nonce: str) -> None:
    assert proof_of(nonce) == ""


def test_shopify_does_not_deliver_without_tls(settings: Any) -> None:
    settings.PUBLIC_URL = "http://figures.example.com"

    assert "HTTPS alone" in why_unreachable()


def test_a_name_of_a_private_network_cannot_be_reached(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(host: str) -> None:
        raise Unreachable(host)

    settings.PUBLIC_URL = ADDRESS
    monkeypatch.setattr(reachability, "refuse_private", refuse)

    assert "no address on the public Internet" in why_unreachable()


@pytest.mark.usefixtures("public")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx.Response(200, text="<html>Parked</html>"), "is not Xenofy"),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), "is not Xenofy"),
        (httpx.ReadTimeout("late"), "longer than 5 seconds"),
        (httpx.ConnectError("no"), "the connection or its certificate fails"),
    ],
)
def test_who_else_answers_or_nobody_is_said(
    monkeypatch: pytest.MonkeyPatch, answer: Any, words: str
) -> None:
    answering(monkeypatch, answer)

    assert words in why_unreachable()


def test_the_double_reaches_what_it_likes(settings: Any) -> None:
    settings.PUBLIC_URL, settings.SHOPIFY_STAND_IN = "http://127.0.0.1:8000", "http://127.0.0.1:1"

    assert why_unreachable() == ""
