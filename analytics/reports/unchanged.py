"""The Overview of data that is as it was: this process keeps what it found a moment ago."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from analytics.kept import Kept
from analytics.reports import long_lists
from analytics.reports.coverage import Coverage, coverage, data_state
from analytics.reports.overview import Overview, OverviewQuery, overview
from tenants.scope import current_tenant_id

MOST = 32  # answers; the longest take some hundred kilobytes

_coverages: Kept[Coverage] = Kept(MOST)
_overviews: Kept[Overview] = Kept(MOST)


@dataclass(frozen=True, slots=True)
class Moment:
    """A version of a tenant's data in one minute: what figures depend on, but for the question."""

    key: tuple[Hashable, ...]
    known: Coverage


def moment(*, now: datetime) -> Moment:
    """Return what is known now; one query where nothing changed since it was asked last."""
    key = (current_tenant_id(), *data_state(), now.replace(second=0, microsecond=0))
    return Moment(key, _coverages.get(key, lambda: coverage(now=now)))


def kept_coverage(*, now: datetime) -> Coverage:
    """Return what is known of the shop, as it was found in this minute."""
    return moment(now=now).known


def kept_overview(query: OverviewQuery, of: Moment) -> Overview:
    """Return the Overview of a moment; without a query where it was asked for before."""
    return _overviews.get((of.key, query), lambda: overview(query, coverage=of.known))


def forget() -> None:
    """Forget all answers, as a test does that changes rows behind the version's back."""
    _coverages.clear()
    _overviews.clear()
    long_lists.forget()
