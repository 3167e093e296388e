"""The worker: drains inboxes and recomputes what that changed, tenant after tenant."""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from analytics import rollups
from webhooks import processing

logger = logging.getLogger(__name__)

BUSY_PAUSE = 0.1  # seconds between looks at the inbox
RETRY_PAUSE = 1.0  # seconds until a database that did not answer is asked again
REST_FACTOR = 20  # a tenant's rollups rest this many times as long as their last pass took


class Worker:
    """Runs until it is asked to stop, and then finishes the batch at hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._next_pass: dict[UUID, float] = defaultdict(float)

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
                self.refresh_round()
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

    def refresh_round(self) -> None:
        """Recompute the rollups of each tenant that is marked and has rested long enough."""
        for tenant_id in rollups.tenants_with_marks():
            if self.stopping.is_set():
                break
            if time.monotonic() >= self._next_pass[tenant_id]:
                self._refresh(tenant_id)

    def _refresh(self, tenant_id: UUID) -> None:
        begun = time.monotonic()
        days = rollups.refresh(tenant_id, now=timezone.now())
        took = time.monotonic() - begun
        self._next_pass[tenant_id] = time.monotonic() + took * REST_FACTOR
        logger.debug(
            "Rollups refreshed.",
            extra={"tenant": tenant_id, "days": days, "milliseconds": round(took * 1000)},
        )
