"""What Shopify tells us of by webhooks, and what it does not, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shop_data.shopify.scopes import SCOPES
from shop_data.shopify.version import API_VERSION
from webhooks.health import DeliveriesHealth
from webhooks.subscription_checks import Subscribed
from xenofy.data_health.moments import UNKNOWN, moment

_EMPTIES = {scope.name: scope.empties for scope in SCOPES}


class Problem(NamedTuple):
    """A sentence on its own, with the bold words before it."""

    lead: str
    text: str


class Refused(NamedTuple):
    """Topics that a missing right keeps back, and what that empties where it is known."""

    right: str
    topics: str
    empties: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The inputs of data_health/_subscriptions.html."""

    sentence: str
    problems: list[Problem]
    refused: list[Refused]


def told(report: DeliveriesHealth, *, zone: ZoneInfo) -> Told | None:
    """Return the section; None where there is nothing to say, as no shop is connected."""
    found = report.subscribed
    problems = _problems(found, report.other_version)
    if found is None and not problems:
        return None
    return Told(
        sentence=_sentence(found, zone=zone, now=report.as_of),
        problems=problems,
        refused=[
            Refused(right, ", ".join(topics), _EMPTIES.get(right, UNKNOWN))
            for right, topics in (found.refused.items() if found else ())
        ],
    )


def _sentence(found: Subscribed | None, *, zone: ZoneInfo, now: datetime) -> str:
    if found is None:
        return "Nobody has looked yet what Shopify tells us of."
    looked = f"looked at {moment(found.checked_at, zone, now=now)}"
    if found.unreachable:
        return f"Shopify is not asked to deliver, {looked}."
    many = f"{len(found.topics)} topic{'' if len(found.topics) == 1 else 's'}"
    return f"Subscribed to {many}, {looked}; each hour again."


def _problems(found: Subscribed | None, version: str) -> list[Problem]:
    problems = []
    if found and found.unreachable:
        text = f"{found.unreachable} Changes are asked for every minute instead."
        problems.append(Problem("Shopify cannot deliver here.", text))
    if version:
        text = (
            f"It answers in {version}, and this Xenofy asks for {API_VERSION}: figures may be read"
            " wrong. Update Xenofy."
        )
        problems.append(Problem("Another version of Shopify’s API.", text))
    if found and found.doubled:
        text = (
            f"{', '.join(found.doubled)}. Two subscriptions tell the same, most likely that of"
            " Xenofy and one in your app’s shopify.app.toml: take it out there. No figure is wrong,"
            " each is counted once."
        )
        problems.append(Problem("Delivered twice in the last day:", text))
    return problems
