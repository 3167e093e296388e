"""The page of data health, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from shop_data.reconciliation.results import Compared
from webhooks.events import Event
from webhooks.health import DayOfTopic, DeliveriesHealth, Lag, TopicHealth
from webhooks.versions import UnknownVersion
from xenofy.common import formats
from xenofy.data_health.compared import ComparedPage, compared_page
from xenofy.data_health.moments import UNKNOWN, moment
from xenofy.data_health.told import Told, told

LATE = timedelta(minutes=5)
_STEP = 10  # units of the drawing from one day to the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The one sentence, with its tone: good, warn or bad."""

    tone: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A line of the table; `blocks` are (x, class) of its days."""

    topic: str
    is_known: bool
    blocks: list[tuple[int, str]]
    cells: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    id: UUID
    topic: str
    received: str
    reason: str
    has_body: bool


class TryRow(NamedTuple):
    outcome: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    """The inputs of data_health/page.html."""

    verdict: Verdict
    heading: str
    facts: list[tuple[str, str]]
    topics: list[TopicRow]
    waiting: list[tuple[str, str]]
    quarantine: list[QuarantineRow]
    quarantined: str
    quarantine_is_cut: bool
    told: Told | None
    compared: ComparedPage


def health_page(
    report: DeliveriesHealth,
    compared: Compared,
    *,
    zone: ZoneInfo,
    may_see_people: bool,
    is_demo: bool,
) -> HealthPage:
    """Return the page; reasons may quote what a body holds, so not all see them."""
    with_shopify = compared_page(compared, zone=zone, now=report.as_of, is_demo=is_demo)
    return HealthPage(
        verdict=_verdict(report, with_shopify.sentence, zone),
        compared=with_shopify,
        heading=f"{formats.integer(report.accounting.accepted)} deliveries,"
        " all stored before they were answered",
        facts=_facts(report, zone),
        topics=[_topic_row(each) for each in report.topics],
        waiting=[
            (each.topic, each.reason if may_see_people else "") for each in report.waiting_topics
        ],
        quarantine=[
            QuarantineRow(
                id=each.id,
                topic=each.topic,
                received=moment(each.received_at, zone, now=report.as_of),
                reason=each.reason if may_see_people else "",
                has_body=each.has_body,
            )
            for each in report.quarantine
        ],
        quarantined=formats.integer(report.accounting.quarantined),
        quarantine_is_cut=len(report.quarantine) < report.accounting.quarantined,
        told=told(report, zone=zone),
    )


def detail_rows(event: Event, *, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    """Return what is known of one delivery."""
    pruned = event.body_pruned_at
    return [
        ("Status", event.status.capitalize()),
        ("Received", moment(event.received_at, zone, now=now)),
        ("Processed", moment(event.processed_at, zone, now=now)),
        ("Tries", formats.integer(event.attempts)),
        ("Webhook id", event.webhook_id),
        ("Event id", event.event_id or UNKNOWN),
        ("API version", event.api_version or UNKNOWN),
        ("Body", f"pruned on {moment(pruned, zone, now=now)}" if pruned else "kept as received"),
    ]


def try_rows(event: Event, *, zone: ZoneInfo, now: datetime) -> list[TryRow]:
    """Return what was tried with a delivery, oldest first."""
    return [
        TryRow(
            each.outcome.replace("_", " ").capitalize(),
            moment(datetime.fromisoformat(each.at), zone, now=now) if each.at else "time unknown",
            each.reason,
        )
        for each in event.tries
    ]


def _verdict(report: DeliveriesHealth, with_shopify: str, zone: ZoneInfo) -> Verdict:
    count = report.accounting
    adds_up = (
        f"{formats.integer(count.accepted)} accepted = {formats.integer(count.done)} done"
        f" + {formats.integer(count.superseded)} superseded"
        f" + {formats.integer(count.quarantined)} in quarantine"
        f" + {formats.integer(count.pending)} waiting. {with_shopify}"
    )
    if report.uninstalled_at:
        since = moment(report.uninstalled_at, zone, now=report.as_of)
        heading, tone = f"Uninstalled from the shop since {since}; nothing newer is known", "bad"
    elif report.waiting_topics:
        names = ", ".join(each.topic for each in report.waiting_topics)
        heading, tone = f"Kept back, since every delivery fails: {names}", "bad"
    elif report.subscribed and report.subscribed.unreachable:
        heading, tone = "Shopify cannot deliver here; changes are asked for every minute", "warn"
    elif report.other_version:
        heading, tone = "Shopify answers in another version of its API", "warn"
    elif report.oldest_waiting_at and report.as_of - report.oldest_waiting_at > LATE:
        heading, tone = "Deliveries are processed late", "warn"
    elif count.quarantined:
        heading, tone = f"{formats.integer(count.quarantined)} could not be used", "warn"
    else:
        heading, tone = "Every delivery is accounted for", "good"
    return Verdict(tone=tone, heading=heading, text=adds_up)


def _facts(report: DeliveriesHealth, zone: ZoneInfo) -> list[tuple[str, str]]:
    kept = f"{report.retention_days} days"
    if report.bodies_kept_since:
        kept += f"; pruned before {moment(report.bodies_kept_since, zone, now=report.as_of)}"
    return [
        ("Half are in the figures’ data within", seconds(report.lag.p50)),
        ("95 of 100 within", seconds(report.lag.p95)),
        ("Processed in the last 24 hours", formats.integer(report.lag.deliveries)),
        ("Waiting now", formats.integer(report.accounting.pending)),
        ("The oldest has waited since",
         moment(report.oldest_waiting_at, zone, now=report.as_of)),
        ("Bodies are kept for", kept),
        *((f"In API version {each.api_version}, not tried yet", _version(each, report.as_of))
          for each in report.unknown_versions),
    ]  # fmt: skip


def _version(seen: UnknownVersion, now: datetime) -> str:
    last = formats.day(seen.last_day, today=now.date())
    return f"{formats.integer(seen.deliveries)}, the last on {last}"


def _topic_row(topic: TopicHealth) -> TopicRow:
    count = topic.accounting
    numbers = (count.accepted, count.done, count.superseded, count.pending, count.quarantined)
    return TopicRow(
        topic=topic.topic,
        is_known=topic.is_known,
        blocks=[(index * _STEP, _class(day)) for index, day in enumerate(topic.days)],
        cells=[*map(formats.integer, numbers), _median(topic.lag)],
    )


def _class(day: DayOfTopic) -> str:
    if day.quarantined:
        return "bad"
    return "ok" if day.settled else "none"


def _median(lag: Lag) -> str:
    return seconds(lag.p50)


def seconds(milliseconds: int | None) -> str:
    """Write a stretch of time: "40 ms", "1.2 s", "3 min"."""
    if milliseconds is None:
        return UNKNOWN
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    if milliseconds < 120_000:
        return f"{milliseconds // 1000}.{milliseconds % 1000 // 100} s"
    return f"{milliseconds // 60_000} min"
