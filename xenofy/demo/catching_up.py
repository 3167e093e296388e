"""What the demo store missed while nothing of it ran: its days are filled at its own pace."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from tenants.scope import tenant_scope
from webhooks.inbox import Delivery, store
from xenofy.demo import calendar
from xenofy.demo.chance import chance
from xenofy.demo.filling import Say
from xenofy.demo.happenings import delivery
from xenofy.demo.traffic import Traffic
from xenofy.demo.visits import poisson

NOTICED = timedelta(hours=6)  # a shorter pause may be a quiet night


def catch_up(traffic: Traffic, *, since: datetime | None, now: datetime, say: Say) -> None:
    """Store the orders of the time between `since` and `now`, the earliest first."""
    if since is None or now - since < NOTICED:
        return
    count = 0
    for at in _moments(traffic, since, now):
        deliveries = list(_deliveries(traffic, at, now))
        with tenant_scope(traffic.regulars.tenant_id):
            store(deliveries, now=now)
        count += 1
    say(f"{count:,} orders caught up since {calendar.day_of(since):%-d %B %Y}")


def _moments(traffic: Traffic, since: datetime, now: datetime) -> Iterator[datetime]:
    day, last = calendar.day_of(since), calendar.day_of(now)
    while day <= last:
        yield from (at for at in _moments_of(traffic, day) if since < at <= now)
        day += timedelta(days=1)


def _moments_of(traffic: Traffic, day: date) -> list[datetime]:
    """Return when orders come on a day; a seed always has the same for it."""
    rng = chance(traffic.regulars.seed, "missed", day)
    count = poisson(rng, traffic.orders_a_day * calendar.mood(day))
    return sorted({calendar.moment(day, rng) for _ in range(count)})


def _deliveries(traffic: Traffic, at: datetime, now: datetime) -> Iterator[Delivery]:
    """Yield what happened up to now with an order of that moment."""
    told: Tally[str] = Tally()
    story = traffic.story(at)
    for happening in story.happenings():
        if happening.at > now:
            return
        yield delivery(happening, "missed", story.basket.serial, told[happening.topic])
        told[happening.topic] += 1
