"""The worker: drains inboxes and recomputes what that changed, tenant after tenant."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from analytics import rollups
from shop_data.rederiving import derive_chunk, tenants_to_derive
from webhooks import processing

logger = logging.getLogger(__name__)

BUSY_PAUSE = 0.1  # seconds between looks at the inbox
RETRY_PAUSE = 1.0  # seconds until a database that did not answer is asked again
# A tenant's rollups rest so many times as long as their last pass took: passes then cost little
# of a backlog, and the figures still follow soon after its end.
REST_FACTOR = 20
IDLE_REST_FACTOR = 1  # after so many seconds without a delivery:
IDLE_AFTER = 2.0
REDERIVE_EVERY = 30.0  # seconds between looks for tenants whose orders are derived again


class Pass(NamedTuple):
    """When a pass over a tenant's rollups ended, and how many seconds it took."""

    ended: float
    took: float


class Worker:
    """Runs until it is asked to stop, and then finishes the batch at hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._last_delivery = 0.0
        self._to_derive: list[UUID] = []
        self._next_look = 0.0
        self._last_pass: dict[UUID, Pass] = defaultdict(lambda: Pass(0.0, 0.0))

    def stop(self) -> None:
        """Ask the worker to end after the current step."""
        self.stopping.set()

    def run(self) -> None:
        """Work until `stop` is called; wait for a database that does not answer."""
        while not self.stopping.is_set():
            pause = BUSY_PAUSE
            try:
                if self.drain_round():
                    pause = 0
                    self._last_delivery = time.monotonic()
                self.refresh_round()
                if self.derive_round():
                    pause = 0
            except (OperationalError, InterfaceError):
                logger.warning("The database does not answer; trying again.")
                close_old_connections()
                pause = RETRY_PAUSE
            self.stopping.wait(pause)

    def drain_round(self) -> int:
        """Process one batch of each tenant that has work; return the number of deliveries."""
        processed = 0
        for tenant_id in processing.tenants_with_work(now=timezone.now()):
            if self.stopping.is_set():
                break
            processed += processing.drain(tenant_id, now=timezone.now())
        return processed

    def derive_round(self) -> int:
        """Derive some orders again where a release asks for it; return how many."""
        if not self._to_derive and time.monotonic() >= self._next_look:
            self._to_derive = tenants_to_derive()
            self._next_look = time.monotonic() + REDERIVE_EVERY
        if not self._to_derive:
            return 0
        done = derive_chunk(self._to_derive[0], now=timezone.now())
        if not done:
            del self._to_derive[0]
        return done

    def refresh_round(self) -> None:
        """Recompute the rollups of each tenant that is marked and has rested long enough."""
        is_idle = time.monotonic() - self._last_delivery >= IDLE_AFTER
        rest_factor = IDLE_REST_FACTOR if is_idle else REST_FACTOR
        for tenant_id in rollups.tenants_with_marks():
            if self.stopping.is_set():
                break
            ended, took = self._last_pass[tenant_id]
            if time.monotonic() >= ended + took * rest_factor:
                self._refresh(tenant_id)

    def _refresh(self, tenant_id: UUID) -> None:
        begun = time.monotonic()
        days = rollups.refresh(tenant_id, now=timezone.now())
        took = time.monotonic() - begun
        self._last_pass[tenant_id] = Pass(time.monotonic(), took)
        logger.debug(
            "Rollups refreshed.",
            extra={"tenant": tenant_id, "days": days, "milliseconds": round(took * 1000)},
        )
