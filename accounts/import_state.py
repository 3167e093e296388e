"""The import of a shop's past, as the settings page tells of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from shop_data.imports.progress import IDLE, Progress, progress
from shop_data.models import Import
from shop_data.store import shop_time_zone
from xenofy.common.formats import day

_RUNNING, _DONE = Import.State.RUNNING, Import.State.DONE


class ImportState(NamedTuple):
    """What is said: a word, a sentence, how much has come in percent (None: not known)."""

    word: str
    tone: str
    sentence: str
    percent: int | None
    trouble: str
    is_running: bool


def import_state(*, now: datetime) -> ImportState:
    """Return how far the import of the current tenant's past is, in words."""
    found = progress(now=now)
    words = {
        IDLE: ("not begun", ""),
        _RUNNING: ("running", "warn"),
        _DONE: ("done", "good"),
        Import.State.FAILED: ("failed", "bad"),
        Import.State.CANCELLED: ("cancelled", ""),
    }
    word, tone = words[found.status]
    return ImportState(
        word=word,
        tone=tone,
        sentence=_sentence(found, now),
        percent=None if found.share is None else int(found.share * 100),
        trouble=found.trouble,
        is_running=found.status == _RUNNING,
    )


def _sentence(found: Progress, now: datetime) -> str:
    if found.status == IDLE:
        return "Figures begin with the first delivery until the shop’s past is imported."
    said = [_brought(found), _known(found, now)]
    if found.left is not None:
        said.append(f"About {_in_words(found.left)} to go, at the pace so far.")
    return " ".join(filter(None, said))


def _brought(found: Progress) -> str:
    if found.of_orders is None:
        return "" if found.is_planned else "Shopify is being asked how much there is."
    if found.of_orders == 0:
        return "Shopify knows no order of the shop yet."
    return f"{found.orders:,} of {found.of_orders:,} orders have come, the newest first."


def _known(found: Progress, now: datetime) -> str:
    if found.known_since_at is None:
        return ""
    zone = shop_time_zone()
    since, today = (at.astimezone(zone).date() for at in (found.known_since_at, now))
    return f"All orders since {day(since, today=today)} are known."


def _in_words(left: timedelta) -> str:
    minutes = round(left.total_seconds() / 60)
    if minutes < 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{round(minutes / 60)} hours"
