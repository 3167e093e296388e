"""What is done at Shopify, apart from deliveries and pages, so that neither waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils import timezone

from shop_data import errands
from shop_data.csv_exports import uploads
from shop_data.errands import Due
from shop_data.imports import importing, sweeping
from shop_data.reconciliation import reconciling, results
from shop_data.shopify import upkeep
from shop_data.shopify.errors import ShopifyError
from webhooks import subscriptions

logger = logging.getLogger(__name__)

FAULT = "Something went wrong in Xenofy; it is tried again."
PAUSE = 0.5  # seconds between looks at what is due
KEPT_EACH = 10  # seconds: how often an errand is kept whose step takes long


class Step(Protocol):
    """Does a piece of an errand; returns when the next one is due, None when there is none."""

    def __call__(
        self, tenant_id: UUID, *, now: datetime, alive: Callable[[], None]
    ) -> datetime | None: ...


# Every errand and who does it. A step keeps its own place: it may be the last before a kill.
STEPS: Mapping[str, Step] = {
    importing.IMPORT: importing.step,
    sweeping.SWEEP: sweeping.step,
    results.RECONCILIATION: reconciling.step,
    uploads.CSV: uploads.step,
    upkeep.CONNECTION: upkeep.step,
    upkeep.SUBSCRIPTIONS: subscriptions.step,
}


class Sync:
    """Runs until it is asked to stop, and then ends the step at hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Do what is due, again and again; a database that does not answer is waited for."""
        while not self.stopping.is_set():
            try:
                done = self.round()
            except (DatabaseError, InterfaceError) as error:
                logger.warning("The database does not answer.", extra={"reason": str(error)})
                done = 0
            close_old_connections()
            if not done:
                self.stopping.wait(PAUSE)

    def round(self) -> int:
        """Do one step of each errand that is due; return how many."""
        done = 0
        for errand in errands.due(now=timezone.now()):
            if self.stopping.is_set():
                break
            if errands.claim(errand, now=timezone.now()):
                self._do(errand)
                done += 1
        return done

    def _do(self, errand: Due) -> None:
        """Do a step. One that fails is tried later: no other tenant waits for it."""
        alive = _Keeping(errand)
        try:
            step = STEPS[errand.name]
            next_at = step(errand.tenant_id, now=timezone.now(), alive=alive)
        except ShopifyError as error:
            errands.fail(errand, error.message, now=timezone.now())
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("An errand failed.", extra={"tenant": errand.tenant_id})
            errands.fail(errand, FAULT, now=timezone.now())
        else:
            errands.end(errand, now=timezone.now(), next_at=next_at)


class _Keeping:
    """Keeps an errand while its step calls this, however often it does."""

    def __init__(self, errand: Due) -> None:
        self._errand = errand
        self._kept_at = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._kept_at >= KEPT_EACH:
            errands.keep(self._errand, now=timezone.now())
            self._kept_at = time.monotonic()
