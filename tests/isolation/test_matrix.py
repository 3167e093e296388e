"""Every address and method, asked by everybody: who is let in, and what nobody may ever read.

A method that an address has is asked by all. One that it has not, and HEAD, which is GET without
a body, are asked by those with most rights and by a stranger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from tenants.rights import Right
from tests.analytics.shopkeeping import main_of
from tests.isolation.access import ASKED, RULES, SHOWS_ITS_SHOP, Rule
from tests.isolation.askers import MACHINE, Answer, Asker, Askers
from tests.isolation.routes import ADMIN, METHODS, address, parameters, routes
from tests.isolation.twins import ONLY_OTHERS, Twin
from tests.privacy import life

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
ROUTES = sorted({route for _, route in RULES})
OF_IDS = [route for route in ROUTES if "<uuid:" in route or "<int:" in route]
REPORTS = "api/data/reports/"
IN_ADMIN = {"object_id": "1", "content_type_id": 1, "id": 1}
OPEN = ("login", "logout", "jsi18n")  # of the admin, to everybody
TELLING = ["api/data/orders/detailed", "settings/team/",
           "settings/privacy/files/<uuid:file_id>/", "orders/<int:shopify_id>/"]  # fmt: skip
SHOPIFY_IDS = {"orders/": life.ORDER, "products/": 7001, "customers/": life.ID}
UNLIKE = re.compile(
    r'"requestid": "\w+"|"timestamp": "[^"]+"|x-request-id\W+\w+|ratelimit-\w+\W+\d+'
    r'|csrfmiddlewaretoken" value="\w+|"?content-length\W+\d+'
)  # what differs between any two answers


TOLD = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Knock(NamedTuple):
    """A key that asks, and whether it may, and whether people may be named to it."""

    asker: Asker
    may: bool
    sees_people: bool = False


def path_of(route: str, shop: Twin) -> str:
    """Return an address of something that the shop has."""
    number = SHOPIFY_IDS.get(route.partition("<")[0], 0)
    return address(route, {**shop.ids, "shopify_id": number})


def given_to(route: str, other: Twin) -> dict[str, Any]:
    """Return what is sent along; where a shop is named, the other one."""
    if route == "shops/switch/":
        return {"tenant": str(other.tenant.id)}
    if route.startswith(REPORTS) and route.endswith("/proof"):
        return {"metric": main_of(route.removeprefix(REPORTS))}
    return ASKED.get(route, {})


def rule_of(method: str, route: str) -> Rule | None:
    return RULES.get(("GET" if method == "HEAD" else method, route))


def statuses(route: str, rule: Rule | None, name: str) -> set[int]:
    """Return what somebody may be answered."""
    if rule is not None and name in rule.who:
        return {rule.status}
    is_machine = route.startswith(MACHINE)
    if name == "anonymous":
        refused = {401} if is_machine else {302}
    elif name == "key":
        refused = {403} if is_machine else {302}
    else:
        refused = {403} if is_machine else {302, 403, 404}
    return refused | ({405} if rule is None else set())


def keys_for(rule: Rule | None, askers: Askers) -> Iterator[Knock]:
    """Yield keys with and without the scope of a rule, and with and without that for people."""
    nobody = askers.but_one[Right.READ_CUSTOMERS]
    if rule is None or rule.scope is None:
        yield Knock(nobody, rule is not None and "key" in rule.who)
        return
    yield Knock(askers.keys[rule.scope], not rule.names_people)
    yield Knock(askers.but_one[rule.scope], False, sees_people=True)
    if rule.names_people:
        yield Knock(nobody, False)
        yield Knock(askers.every_key, True, sees_people=True)


@pytest.mark.threat(1)
@pytest.mark.parametrize("route", ROUTES)
def test_nobody_else_is_let_in(route: str, first: Twin, other: Twin, askers: Askers) -> None:
    path, given = path_of(route, first), given_to(route, other)

    for method, (name, asker) in product(METHODS, askers.people().items()):
        rule = rule_of(method, route)
        if (rule is None or method == "HEAD") and name not in ("anonymous", "owner"):
            continue
        answer = asker.ask(method, path, given)
        assert answer.status in statuses(route, rule, name), (method, name, answer)
        assert not answer.says(_hidden_from(name, route, first, other)), (method, name)
        assert not _unsaid_to_browsers(answer), (method, name)


@pytest.mark.threat(1)
@pytest.mark.parametrize("route", ROUTES)
def test_a_key_has_to_have_the_scope(route: str, first: Twin, other: Twin, askers: Askers) -> None:
    path, given = path_of(route, first), given_to(route, other)

    for method in (method for method in METHODS if method != "HEAD"):
        rule = rule_of(method, route)
        for knock in keys_for(rule, askers):
            answer = knock.asker.ask(method, path, given)
            fitting = {rule.status} if rule and knock.may else statuses(route, None, "key")
            assert answer.status in fitting, (method, knock, answer)
            assert not answer.says(other.words), (method, knock)
            assert knock.sees_people or not answer.says(first.names_of_people), (method, knock)


@pytest.mark.parametrize("route", ROUTES)
def test_the_owner_of_another_shop_reads_nothing_of_this(
    route: str, first: Twin, askers: Askers
) -> None:
    path, given = path_of(route, first), given_to(route, first)

    for method in (method for method, each in RULES if each == route):
        answer = askers.stranger.ask(method, path, given)
        assert route in SHOWS_ITS_SHOP or not answer.says(first.words), method


@pytest.mark.threat(1)
@pytest.mark.parametrize("route", OF_IDS)
def test_what_another_shop_has_is_as_if_it_were_not_there(
    route: str, other: Twin, askers: Askers
) -> None:
    nowhere = {name: str(uuid4()) for name in parameters(route)} | {"shopify_id": 999_999}
    theirs = {**other.ids, "shopify_id": ONLY_OTHERS}

    for method in {method for method, each in RULES if each == route}:
        of_others, of_nobody = (
            _masked(askers.owner.ask(method, address(route, ids), ASKED.get(route)), ids)
            for ids in (theirs, nowhere)
        )
        assert of_others[0] == 404
        assert of_others == of_nobody


@pytest.mark.threat(12)
def test_the_admin_opens_to_nobody_but_staff(first: Twin, other: Twin, askers: Askers) -> None:
    """Whatever it is asked for, by those who take turns; these staff have no second factor."""
    found = [route for route in routes() if route.startswith(ADMIN) and "(" not in route]
    paths = {address(route, IN_ADMIN) for route in found} - {f"/{ADMIN}{each}/" for each in OPEN}
    asking = (("GET", askers.anonymous), ("POST", askers.owner), ("GET", askers.staff))

    for number, path in enumerate([*sorted(paths), f"/{ADMIN}shop_data/", f"/{ADMIN}nowhere"]):
        method, asker = asking[number % len(asking)]
        answer = asker.ask(method, path)
        assert answer.status in (302, 403), (method, path, answer)
        assert not answer.says(first.words | other.words), (method, path)


def test_every_word_is_read_by_its_own_shop(first: Twin, other: Twin, askers: Askers) -> None:
    """Else the tests above would look for what nobody says."""
    for shop, owner in ((first, askers.owner), (other, askers.stranger)):
        unsaid = set(shop.words)
        for route in TELLING:
            unsaid -= owner.ask("GET", path_of(route, shop)).says(shop.words)
        assert unsaid == set()


def _unsaid_to_browsers(answer: Answer) -> set[str]:
    """Return what browsers are not told to refuse, though every answer has to."""
    policy = answer.headers.get("Content-Security-Policy", "unsafe")
    policy = policy.replace("img-src 'self' data:", "")  # of the document's page: drawings
    strict = not re.search(r"unsafe|\*|data:|https?:", policy)
    said = {name: answer.headers.get(name) for name in TOLD} | {"policy": strict}
    return {name for name, value in said.items() if value != TOLD.get(name, True)}


def _hidden_from(name: str, route: str, first: Twin, other: Twin) -> frozenset[str]:
    """Return what somebody may never be told at an address."""
    if name in ("anonymous", "visitor", "staff") and route not in SHOWS_ITS_SHOP:
        return first.words | other.words
    return other.words | (first.names_of_people if name == "viewer" else frozenset())


def _masked(answer: Answer, ids: dict[str, Any]) -> tuple[int, str]:
    """Return an answer without what differs between any two, and without the id asked for."""
    text = UNLIKE.sub("", answer.text)
    for value in ids.values():
        text = text.replace(str(value), "")
    return answer.status, text
