"""Subscriptions of webhooks: reading and changing those of the app that asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask, denied
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.names import gid, number_of
from xenofy.fakeshop.admin.resolvers.orders import Count
from xenofy.fakeshop.admin.resolvers.shops import Version
from xenofy.fakeshop.hooks import Hooks
from xenofy.fakeshop.subscriptions import Problem, Subscription, changed, scope_of

_NO_SUCH = Problem(["id"], "Webhook subscription does not exist")


class Outcome(NamedTuple):
    """The payload of a mutation."""

    webhook_subscription: Subscription | None
    user_errors: Sequence[Problem]
    deleted_webhook_subscription_id: str | None = None


fields("WebhookSubscription", {
    "id": lambda one: gid("WebhookSubscription", one.id),
    "legacyResourceId": lambda one: one.id,
})  # fmt: skip
nothing("WebhookSubscription", "filter")
nothing("WebhookSubscription", "metafieldNamespaces", value=[])


@field("QueryRoot", "webhookSubscription")
def one(_: Any, ask: Ask, id: str) -> Subscription | None:
    return _found(ask, id)


@field("QueryRoot", "webhookSubscriptions")
def many(
    _: Any,
    ask: Ask,
    topics: Sequence[str] | None = None,
    uri: str | None = None,
    callbackUrl: str | None = None,
    **paging: Any,
) -> Page:
    """Return a page of the app's subscriptions, the oldest first."""
    where = uri or callbackUrl
    rows = [
        row
        for row in _mine(ask)
        if (not topics or row.topic in topics) and (not where or row.uri == where)
    ]
    return page(ask, rows, **paging)


@field("QueryRoot", "webhookSubscriptionsCount")
def count(_: Any, ask: Ask, **__: Any) -> Count:
    return Count(len(_mine(ask)))


@field("Mutation", "webhookSubscriptionCreate")
def create(_: Any, ask: Ask, topic: str, webhookSubscription: Mapping[str, Any]) -> Outcome:
    """Subscribe to a topic, if the app has the scope for it."""
    scope = scope_of(topic)
    if scope is not None and scope not in ask.grant.scopes:
        raise denied("webhookSubscriptionCreate", f"`{scope}` access scope")
    now, client_id = ask.now(), ask.grant.app
    empty = Subscription(
        ask.state.new_id(), client_id, ask.shop.domain, topic, "", ask.version, now, now
    )
    return _kept(ask, changed(empty, webhookSubscription, now=now), webhookSubscription)


@field("Mutation", "webhookSubscriptionUpdate")
def update(_: Any, ask: Ask, id: str, webhookSubscription: Mapping[str, Any]) -> Outcome:
    found = _found(ask, id)
    if found is None:
        return Outcome(None, [_NO_SUCH])
    wanted = changed(found, webhookSubscription, now=ask.now())
    return _kept(ask, wanted, webhookSubscription)


@field("Mutation", "webhookSubscriptionDelete")
def delete(_: Any, ask: Ask, id: str) -> Outcome:
    found = _found(ask, id)
    if found is None:
        return Outcome(None, [_NO_SUCH])
    del _hooks(ask).subscriptions[found.id]
    return Outcome(None, [], gid("WebhookSubscription", found.id))


@field("WebhookSubscription", "apiVersion")
def version(found: Subscription, _: Ask) -> Version:
    return Version(found.version, found.version)


def _kept(ask: Ask, wanted: Subscription, given: Mapping[str, Any]) -> Outcome:
    problems = _hooks(ask).subscribe(wanted, given)
    return Outcome(None if problems else wanted, problems)


def _mine(ask: Ask) -> list[Subscription]:
    found = _hooks(ask).of(ask.grant.app, ask.shop.domain)
    return [one for one in found if not one.is_configured]


def _found(ask: Ask, global_id: str) -> Subscription | None:
    _, number = number_of(global_id)
    return next((one for one in _mine(ask) if one.id == number), None)


def _hooks(ask: Ask) -> Hooks:
    return ask.shop.hooks
