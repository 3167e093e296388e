"""The points that a shop's Admin API has left for us: one row that all processes share.

Shopify takes points for what a document may cost, gives back what it did not, and restores some
each second. Who asks takes them here first and waits for those that are missing, so that two
processes together stay within what one may.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shop_data.models import ApiBudget
from shop_data.shopify.version import API_VERSION
from tenants.scope import tenant_scope

logger = logging.getLogger(__name__)
FIRST_GUESS = 50  # points for a document whose cost Shopify has not told yet
_COLUMNS = ["available", "maximum", "restore_rate", "measured_at", "answered_version"]


def reserve(tenant_id: UUID, cost: int, *, now: datetime) -> float:
    """Take points; return 0, or in how many seconds there will be enough, having taken none."""
    with tenant_scope(tenant_id):
        budget = _locked(now)
        _restore(budget, now=now)
        wanted = min(cost, budget.maximum)
        missing = max(0, wanted - budget.available)
        if not missing:
            budget.available -= wanted
        budget.save(update_fields=_COLUMNS)
        return missing / budget.restore_rate


def settle(
    tenant_id: UUID, reserved: int, cost: Mapping[str, Any], *, version: str, now: datetime
) -> float:
    """Correct what was reserved by what Shopify says of an answer (`extensions.cost`).

    Where it says nothing, because no document ran, all of it is given back. Return in how many
    seconds the document, if it was refused for its cost, can be sent again.
    """
    status: Mapping[str, Any] = cost.get("throttleStatus") or {}
    requested = int(cost.get("requestedQueryCost") or 0)
    actual = int(cost.get("actualQueryCost") or 0)
    with tenant_scope(tenant_id):
        budget = _locked(now)
        _restore(budget, now=now)
        _notice(budget, version)
        budget.available = min(budget.maximum, budget.available + reserved - actual)
        if status:
            _believe(budget, status)
        budget.save(update_fields=_COLUMNS)
        return max(0, requested - budget.available) / budget.restore_rate


def other_version() -> str:
    """Return the version in which the current tenant's shop answered last, where it is not ours."""
    answered = ApiBudget.objects.values_list("answered_version", flat=True).first()
    return "" if answered in {None, API_VERSION} else str(answered)


def _locked(now: datetime) -> ApiBudget:
    budget: ApiBudget | None = ApiBudget.objects.select_for_update().first()
    if budget is None:
        ApiBudget.objects.bulk_create([ApiBudget(measured_at=now)], ignore_conflicts=True)
        budget = _locked(now)
    return budget


def _restore(budget: ApiBudget, *, now: datetime) -> None:
    """Add the whole points that came back since; a clock behind another host's adds none."""
    points = max(0, int((now - budget.measured_at).total_seconds() * budget.restore_rate))
    budget.available = min(budget.maximum, budget.available + points)
    budget.measured_at += timedelta(seconds=points / budget.restore_rate)


def _notice(budget: ApiBudget, version: str) -> None:
    """Keep which version answered; raise the alarm, once, where it is none that we asked for.

    A version that Shopify has given up is answered by an older one, and told in a header alone.
    """
    if version and version != budget.answered_version:
        budget.answered_version = version
        if version != API_VERSION:
            said = {"event": "shopify.other_version", "asked": API_VERSION, "answered": version}
            logger.error("Shopify answers with another version of its API.", extra=said)


def _believe(budget: ApiBudget, status: Mapping[str, Any]) -> None:
    """Take over what Shopify says; it does not know of what is under way, so the less counts.

    A shop of another size than was thought has its own count from the start.
    """
    told, maximum = int(status["currentlyAvailable"]), int(status["maximumAvailable"])
    budget.available = told if maximum != budget.maximum else min(told, budget.available)
    budget.maximum = maximum
    budget.restore_rate = max(1, int(status["restoreRate"]))
