"""Who may do what, address by address: the table that every answer is held against.

It is written down, not read from the code that it judges. An address that stands in no rule fails
`test_every_address_is_classified`: say here who may use it, with which scope a key, and what they
are answered when they send nothing but what `ASKED` names.

Who is nobody's member is sent to sign in (a page) or answered 401 (`/api/`, `/auth/`); who may not
is answered 403; what belongs to another shop is 404; a method that stands in no rule is 405.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenants.rights import Right

EVERYBODY = frozenset({"anonymous", "visitor", "viewer", "analyst", "owner", "staff", "key"})
PEOPLE = frozenset({"viewer", "analyst", "owner", "staff"})  # who has signed in, to a shop or not
READERS = frozenset({"visitor", "viewer", "analyst", "owner"})  # a visitor looks at the demo shop
ANALYSTS = frozenset({"analyst", "owner"})
OWNERS = frozenset({"owner"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use an address with a method; `status` is what they get."""

    who: frozenset[str]
    scope: Right | None = None  # of a key; None: keys are let in only where everybody is
    status: int = 200
    names_people: bool = False  # whatever is asked: a key needs read:customers besides


def _rules() -> Iterator[tuple[str, str, Rule]]:
    for method, rule, routes in _TABLE:
        for route in routes.split():
            yield method, "" if route == "/" else route, rule


_SENT_ON = 302
_TABLE = [
    # ── for everybody ─────────────────────────────────────────────────────────────────────────
    ("GET", Rule(EVERYBODY), """
        health health/ready metrics api/schema api/docs logout/ invitations/<str:token>/
        password/forgotten/"""),
    ("GET", Rule(EVERYBODY, status=404), """
        password/reset/<str:token>/ email/confirm/<str:token>/"""),  # not with this token
    ("POST", Rule(EVERYBODY, status=404), """
        password/reset/<str:token>/ email/confirm/<str:token>/"""),
    ("GET", Rule(EVERYBODY, status=_SENT_ON), "login/code/"),  # to give the password first
    ("POST", Rule(EVERYBODY, status=_SENT_ON), "login/code/"),
    ("GET", Rule(EVERYBODY, status=_SENT_ON), "demo/"),
    ("GET", Rule(EVERYBODY - PEOPLE), "login/ register/"),  # who has signed in is sent on
    ("POST", Rule(EVERYBODY, status=400), """
        login/ register/ auth/register auth/login auth/refresh
        invitations/<str:token>/ password/forgotten/"""),
    ("POST", Rule(EVERYBODY, status=_SENT_ON), "logout/"),
    ("POST", Rule(EVERYBODY, status=401), "api/webhooks/shopify/<path:topic>"),  # not signed
    # ── for who has signed in ─────────────────────────────────────────────────────────────────
    ("GET", Rule(PEOPLE), """
        auth/me settings/you/ settings/password/ settings/second-factor/ shops/connect/"""),
    ("POST", Rule(PEOPLE), "settings/second-factor/"),  # none is being set up
    ("GET", Rule(PEOPLE, status=_SENT_ON), """
        settings/second-factor/codes/ settings/second-factor/off/"""),  # none is on
    ("POST", Rule(PEOPLE, status=_SENT_ON), """
        settings/second-factor/codes/ settings/second-factor/off/ settings/you/email/"""),
    ("GET", Rule(frozenset({"staff"})), "no-shop/"),  # others have one, or none to look for
    ("POST", Rule(PEOPLE | {"key"}), "auth/logout"),
    ("POST", Rule(PEOPLE, status=400), """
        auth/switch settings/password/ settings/second-factor/begin/ shops/connect/"""),
    ("POST", Rule(PEOPLE, status=_SENT_ON), "settings/you/others/end/"),
    ("POST", Rule(OWNERS, status=_SENT_ON), "settings/you/<uuid:sign_in>/end/"),  # whose it is
    # ── figures and lists ─────────────────────────────────────────────────────────────────────
    ("GET", Rule(READERS), """
        / sales/ proof/ orders/ products/ customers/ carts/ activity/ fulfilment/ data-health/
        settings/"""),
    ("GET", Rule(READERS - {"visitor"}), """
        orders/<int:shopify_id>/ products/<int:shopify_id>/ customers/<int:shopify_id>/
        """),  # the demo shop has no such things
    ("GET", Rule(READERS, Right.READ_ANALYTICS), """
        api/data/dashboard api/data/customers/stats api/data/customers/top-spenders
        api/data/customers/detailed api/data/orders/stats api/data/orders/filtered
        api/data/analytics/insights api/data/analytics/customer-segments
        api/data/analytics/fulfillment api/data/analytics/events
        api/data/reports/data-health
        api/data/reports/sales api/data/reports/orders api/data/reports/customers
        api/data/reports/cohorts api/data/reports/rfm api/data/reports/segments
        api/data/reports/fulfillment api/data/reports/abandoned-carts api/data/reports/inventory
        api/data/reports/channels api/data/reports/payment-gateways
        api/data/reports/discount-codes api/data/reports/taxes api/data/reports/refund-reasons
        api/data/reports/new-returning api/data/reports/products api/data/reports/variants
        api/data/reports/vendors api/data/reports/types api/data/reports/geography
        api/data/reports/hours api/data/reports/bridge
        api/data/reports/sales/proof api/data/reports/orders/proof
        api/data/reports/customers/proof api/data/reports/cohorts/proof
        api/data/reports/rfm/proof api/data/reports/segments/proof
        api/data/reports/fulfillment/proof api/data/reports/abandoned-carts/proof
        api/data/reports/inventory/proof api/data/reports/channels/proof
        api/data/reports/payment-gateways/proof api/data/reports/discount-codes/proof
        api/data/reports/taxes/proof api/data/reports/refund-reasons/proof
        api/data/reports/new-returning/proof api/data/reports/products/proof
        api/data/reports/variants/proof api/data/reports/vendors/proof
        api/data/reports/types/proof api/data/reports/geography/proof
        api/data/reports/hours/proof api/data/reports/bridge/proof"""),
    ("GET", Rule(READERS, Right.READ_ORDERS), """
        api/data/orders/detailed api/data/analytics/abandoned-carts"""),
    ("GET", Rule(READERS, Right.READ_PRODUCTS), """
        api/data/products/stats api/data/products/detailed api/data/analytics/inventory"""),
    # ── deliveries, whose bodies name people ──────────────────────────────────────────────────
    ("GET", Rule(ANALYSTS), """
        data-health/deliveries/<uuid:event_id>/ data-health/deliveries/<uuid:event_id>/body"""),
    ("GET", Rule(ANALYSTS, Right.READ_WEBHOOKS), """
        api/webhooks/events api/webhooks/events/<uuid:event_id>"""),
    ("GET", Rule(ANALYSTS, Right.READ_WEBHOOKS, names_people=True),
        "api/webhooks/events/<uuid:event_id>/body"),
    ("POST", Rule(ANALYSTS, status=_SENT_ON), "data-health/retry/ data-health/report/"),
    ("POST", Rule(ANALYSTS, Right.WRITE_WEBHOOKS), "api/webhooks/retry"),
    ("POST", Rule(ANALYSTS, Right.WRITE_WEBHOOKS, status=409), "api/ingestion/trigger"),
    ("GET", Rule(READERS, Right.READ_ANALYTICS), "api/ingestion/status"),
    # ── the shop itself ───────────────────────────────────────────────────────────────────────
    ("POST", Rule(READERS - {"visitor"}, status=404), "shops/switch/"),  # to a shop of others
    ("GET", Rule(OWNERS), """
        settings/team/ settings/keys/ settings/log/ settings/privacy/
        settings/csv/ settings/csv/<uuid:upload_id>/
        welcome/connect/ welcome/check/ welcome/import/
        settings/privacy/files/<uuid:file_id>/"""),
    ("GET", Rule(OWNERS, status=_SENT_ON), "welcome/"),  # to the step that is not done
    ("POST", Rule(OWNERS, status=400), "settings/team/ settings/keys/ settings/csv/"),
    ("GET", Rule(OWNERS, status=_SENT_ON), """
        settings/connection/authorise/ settings/connection/authorised/"""),  # no app, no state
    ("POST", Rule(OWNERS, status=_SENT_ON), """
        settings/connection/credentials/ settings/connection/check/
        settings/import/begin/ settings/import/cancel/
        settings/csv/<uuid:upload_id>/confirm/ settings/csv/<uuid:upload_id>/drop/
        settings/ settings/retention/ welcome/connect/
        settings/team/<uuid:membership>/role/ settings/team/<uuid:membership>/remove/
        settings/team/invitations/<uuid:invitation>/withdraw/
        settings/keys/<uuid:key_id>/revoke/"""),
]  # fmt: skip
RULES: dict[tuple[str, str], Rule] = {(method, route): rule for method, route, rule in _rules()}
# To whoever has read the mail with the token; and a shop of the same name is in the examples.
SHOWS_ITS_SHOP = {"invitations/<str:token>/", "api/schema"}

# What is sent along: an address that takes nothing stands here not.
ASKED: dict[str, dict[str, Any]] = {
    "proof/": {"metric": "netSales"},
    "api/webhooks/retry": {"status": "quarantined"},
    "settings/retention/": {"days": "30"},
    "settings/team/<uuid:membership>/role/": {"role": "analyst"},
}
