"""`manage.py sync`: who does what is due, once, and goes on after a failure or a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from shop_data import errands
from shop_data.errands import FIRST_REST, HOLD, Due
from shop_data.models import Errand
from shop_data.shopify.errors import Unreachable
from tenants.models import Tenant
from tenants.scope import tenant_scope
from xenofy import sync
from xenofy.sync import FAULT, Sync

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "worker", "owner"])


@pytest.fixture
def asked(tenant: Tenant) -> Due:
    """An errand that is due."""
    with tenant_scope(tenant.id):
        errands.ask("try", at=timezone.now())
    return Due(tenant.id, "try")


def does(monkeypatch: pytest.MonkeyPatch, step: Callable[..., datetime | None]) -> list[UUID]:
    """Let the errand be done by a step; return of whom it was asked."""
    done: list[UUID] = []

    def noted(tenant_id: UUID, **what: Any) -> datetime | None:
        done.append(tenant_id)
        return step(**what)

    monkeypatch.setattr(sync, "STEPS", {"try": noted})
    return done


def stored(errand: Due) -> Errand | None:
    with tenant_scope(errand.tenant_id):
        found: Errand | None = Errand.objects.filter(name=errand.name).first()
        return found


def test_what_is_due_is_done_and_then_again(monkeypatch: pytest.MonkeyPatch, asked: Due) -> None:
    done = does(monkeypatch, lambda now, alive: now + timedelta(hours=1))

    assert Sync().round() == 1
    assert Sync().round() == 0

    assert done == [asked.tenant_id]
    errand = stored(asked)
    assert errand is not None
    assert errand.due_at > timezone.now() + timedelta(minutes=59)
    assert (errand.claim_ends_at, errand.trouble) == (None, "")


def test_what_has_no_next_step_is_over(monkeypatch: pytest.MonkeyPatch, asked: Due) -> None:
    does(monkeypatch, lambda now, alive: None)

    assert Sync().round() == 1
    assert stored(asked) is None


@pytest.mark.parametrize("rest", [None, timedelta(hours=1)])
def test_what_is_asked_for_during_a_step_is_done_after_it(
    monkeypatch: pytest.MonkeyPatch, asked: Due, rest: timedelta | None
) -> None:
    def step(now: datetime, alive: Callable[[], None]) -> datetime | None:
        with tenant_scope(asked.tenant_id):
            errands.ask("try", at=timezone.now())
        alive()
        return now + rest if rest else None

    monkeypatch.setattr(sync, "KEPT_EACH", 0)
    done = does(monkeypatch, step)

    assert Sync().round() == 1
    assert Sync().round() == 1
    assert len(done) == 2


@pytest.mark.parametrize(
    ("error", "said"), [(Unreachable("Shopify is away."), "Shopify is away."), (KeyError(), FAULT)]
)
def test_what_fails_is_tried_later_and_says_why(
    monkeypatch: pytest.MonkeyPatch, asked: Due, other_tenant: Tenant, error: Exception, said: str
) -> None:
    def fail(now: datetime, alive: Callable[[], None]) -> None:
        raise error

    does(monkeypatch, fail)
    with tenant_scope(other_tenant.id):
        errands.ask("try", at=timezone.now())

    assert Sync().round() == 2  # nobody waits for the one that failed

    errand = stored(asked)
    assert errand is not None
    assert (errand.failures, errand.trouble, errand.claim_ends_at) == (1, said, None)
    assert errand.due_at > timezone.now() + FIRST_REST / 2


def test_who_is_killed_loses_the_errand_after_a_while(asked: Due) -> None:
    now = timezone.now()
    assert errands.claim(asked, now=now)
    assert errands.due(now=now) == []

    later = now + HOLD + timedelta(seconds=1)
    assert errands.due(now=later) == [asked]
    assert errands.claim(asked, now=later)


def test_a_step_that_says_that_it_is_alive_keeps_its_errand(
    monkeypatch: pytest.MonkeyPatch, asked: Due
) -> None:
    kept: list[datetime | None] = []

    def step(now: datetime, alive: Callable[[], None]) -> None:
        for seconds in (10, 0):  # between two writes
            monkeypatch.setattr(sync, "KEPT_EACH", seconds)
            alive()
            kept.append(stored(asked).claim_ends_at)  # type: ignore[union-attr]

    does(monkeypatch, step)

    assert Sync().round() == 1
    assert kept[0] < kept[1]  # type: ignore[operator]


def test_who_takes_long_keeps_it(asked: Due) -> None:
    now = timezone.now()
    assert errands.claim(asked, now=now)
    errands.keep(asked, now=now + HOLD)

    assert errands.due(now=now + HOLD + timedelta(seconds=1)) == []
