"""What stands above every page of figures: what to know first, and the currencies."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.pages import words
from analytics.pages.links import Links
from analytics.pages.picker import Choice
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from xenofy.common import formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """The inputs of components/note.html."""

    text: str
    lead: str = ""
    tone: str = "info"


def notes(coverage: Coverage, period: Period, *, stale: int) -> list[Note]:
    """Return what the reader must know before the figures; `stale` days are being recomputed."""
    found = [note for note in (_how_far_back(coverage, period),) if note]
    if stale:
        days = words.counted(stale, "day", coverage.currency)
        verb, whose = ("is", "Its") if stale == 1 else ("are", "Their")
        found.append(Note(tone="warn", lead=f"{days} {verb} being recomputed.",
                          text=f"{whose} figures are from a moment ago."))  # fmt: skip
    return found


def _how_far_back(coverage: Coverage, period: Period) -> Note | None:
    """Return since when figures are known, where more is still to come or the period begins."""
    since = coverage.known_since
    if since is None:
        return None
    day = formats.day(since, today=coverage.today)
    if coverage.history_since is not None:
        text = "Earlier days are still being read, newest first."
        return Note(tone="warn", lead=f"Known back to {day} so far.", text=text)
    if period.first <= since:
        return Note(lead=f"Known since {day}.", text="Days before have no figures here.")
    return None


def currencies(coverage: Coverage, links: Links, *, chosen: str) -> list[Choice]:
    """Return the currencies to choose from; none where there is one only."""
    codes = coverage.currencies
    if len(codes) < 2:
        return []
    return [
        Choice(label=code, href=links.to(currency=code), current=code == chosen) for code in codes
    ]
