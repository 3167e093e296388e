"""No address is without a rule that says who may use it (tests/isolation/access.py)."""

from __future__ import annotations

from tests.isolation.access import ASKED, RULES
from tests.isolation.routes import ADMIN, ALIAS, routes

CLASSIFIED = {route for _, route in RULES}


def _own() -> dict[str, object]:
    """Return the addresses that need a rule: all but the admin's, which are for staff alone."""
    return {route: view for route, view in routes().items() if not route.startswith((ADMIN, ALIAS))}


def test_every_address_is_classified() -> None:
    assert _own().keys() - CLASSIFIED == set()


def test_no_rule_is_left_of_an_address_that_is_gone() -> None:
    assert CLASSIFIED - _own().keys() == set()
    assert ASKED.keys() <= CLASSIFIED


def test_the_numbered_api_leads_to_the_same_views() -> None:
    numbered = {r.removeprefix(ALIAS): view for r, view in routes().items() if r.startswith(ALIAS)}
    plain = {r.removeprefix("api/"): view for r, view in _own().items() if r.startswith("api/")}

    assert numbered == plain
