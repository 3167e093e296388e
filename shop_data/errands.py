"""What is to be done at Shopify, for whom and when; `manage.py sync` does it.

An errand is claimed in a committed step before it is worked on, and held for a while: whoever is
killed meanwhile loses it when that is over, and another process goes on. One that is held is due
again when that is over; where it is due earlier, somebody asked for it meanwhile.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Least

from shop_data.models import Errand
from tenants.scope import tenant_scope

HOLD = timedelta(minutes=2)  # unless it is kept for longer
_NOT_ASKED = Q(due_at=F("claim_ends_at"))  # since it was claimed
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(hours=1)


class Due(NamedTuple):
    """An errand that waits."""

    tenant_id: UUID
    name: str


def ask(name: str, *, at: datetime) -> None:
    """Let an errand of the current tenant be due at a moment, or earlier if it is already."""
    errand, is_new = Errand.objects.get_or_create(name=name, defaults={"due_at": at})
    if not is_new:
        Errand.objects.filter(id=errand.id).update(due_at=Least("due_at", at), failures=0)


def hurry(name: str, *, at: datetime) -> None:
    """Let an errand that the current tenant has be due at a moment, or earlier if it is already."""
    Errand.objects.filter(name=name).update(due_at=Least("due_at", at))


def due(*, now: datetime) -> list[Due]:
    """Return the errands of all tenants that may be claimed, the longest due first."""
    waiting = Errand.unscoped.using("worker").filter(_is_free(now), due_at__lte=now)
    return [Due(*row) for row in waiting.order_by("due_at").values_list("tenant_id", "name")]


def claim(errand: Due, *, now: datetime) -> bool:
    """Take an errand; false when another process was faster."""
    with tenant_scope(errand.tenant_id):
        free = Errand.objects.filter(_is_free(now), name=errand.name, due_at__lte=now)
        return bool(free.update(due_at=now + HOLD, claim_ends_at=now + HOLD))


def keep(errand: Due, *, now: datetime) -> None:
    """Hold on to an errand whose step takes long."""
    with tenant_scope(errand.tenant_id):
        rows = Errand.objects.filter(name=errand.name)
        if not rows.filter(_NOT_ASKED).update(due_at=now + HOLD, claim_ends_at=now + HOLD):
            rows.update(claim_ends_at=now + HOLD)


def end(errand: Due, *, now: datetime, next_at: datetime | None) -> None:
    """Note that a step went well, and when the next one is due; None when there is none.

    What was asked for during the step is due as it was asked: the step may not have seen why.
    """
    with tenant_scope(errand.tenant_id):
        rows = Errand.objects.filter(name=errand.name)
        if next_at is None:
            rows.filter(_NOT_ASKED).delete()
        else:
            rows.filter(_NOT_ASKED).update(due_at=next_at)
        rows.update(claim_ends_at=None, failures=0, trouble="", ended_at=now)


def fail(errand: Due, trouble: str, *, now: datetime) -> None:
    """Note that a step failed and why; it is tried again after a rest that grows."""
    with tenant_scope(errand.tenant_id):
        found = Errand.objects.filter(name=errand.name).first()
        if found is None:
            return
        rest = min(FIRST_REST * 2 ** min(found.failures, 10), LONGEST_REST)
        Errand.objects.filter(id=found.id).update(
            due_at=now + rest, claim_ends_at=None, failures=F("failures") + 1, trouble=trouble
        )


def _is_free(now: datetime) -> Q:
    return Q(claim_ends_at=None) | Q(claim_ends_at__lte=now)
