"""The worker: drains inboxes and recomputes what that changed, tenant after tenant."""

from __future__ import annotations

import faulthandler
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from analytics import leaderboards, rollups, self_checks
from shop_data.rederiving import derive_chunk, tenants_to_derive
from tenants.erasure import erased_tenants
from tenants.models import Tenant
from webhooks import breaker, processing, retention
from webhooks.queue import BATCH
from xenofy import privacy
from xenofy.database import why_it_waits

logger = logging.getLogger(__name__)

BUSY_PAUSE = 0.1  # seconds between looks at the inbox
LOOK_FACTOR = 5  # where looking takes longer, so many times as long as it took
BATCH_SECONDS = 1.0  # that a batch may take before the next one is a smaller one
MOST_PARTS = 4  # smaller batches cost more than they help
RETRY_PAUSE = 1.0  # seconds until a database that did not answer is asked again
LONGEST_REST = 60.0  # seconds of a tenant with which something went wrong, at last
STEP_SECONDS = 120.0  # after which a step that hangs ends the process; its try is counted
STDERR = 2  # its file descriptor
CHECK_EVERY = 1.0  # seconds between looks whether a tenant's figures are to be checked, in turn
PRUNE_EVERY = 1.0  # seconds between batches of bodies that are pruned, a tenant after the other
# A tenant's rollups rest so many times as long as their last pass took: passes then cost little
# of a backlog, and the figures still follow soon after its end.
REST_FACTOR = 20
IDLE_REST_FACTOR = 1  # after so many seconds without a delivery:
IDLE_AFTER = 2.0
BUSY_PASS_SECONDS = 0.5  # of a pass while deliveries come; what it leaves waits for the next one
REFRESH_SECONDS = 1.0  # of passes, one after the other, after which deliveries are looked for
PRIVACY_EVERY = 1.0  # seconds between looks for requests of privacy
REDERIVE_EVERY = 30.0  # seconds between looks for tenants whose orders are derived again


class Pass(NamedTuple):
    """When a pass over a tenant's rollups ended, and how many seconds it took."""

    ended: float
    took: float


class Trouble(NamedTuple):
    """A tenant with which something went wrong: until when it rests, after so many times."""

    until: float
    times: int


class Worker:
    """Runs until it is asked to stop, and then finishes the batch at hand."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self._last_delivery = 0.0
        self._to_derive: list[UUID] = []
        self._next_look = 0.0
        self._last_pass: dict[UUID, Pass] = defaultdict(lambda: Pass(0.0, 0.0))
        self._trouble: dict[UUID, Trouble] = {}
        self._look_seconds = 0.0
        self._parts = 1  # of a whole batch
        self._to_prune: list[UUID] = []
        self._next_prune = 0.0
        self._to_check: list[UUID] = []
        self._next_check = 0.0
        self._next_request = 0.0

    def stop(self) -> None:
        """Ask the worker to end after the current step."""
        self.stopping.set()

    def run(self) -> None:
        """Work until `stop` is called; wait for a database that does not answer."""
        while not self.stopping.is_set():
            pause = max(BUSY_PAUSE, LOOK_FACTOR * self._look_seconds)
            try:
                if self.drain_round():
                    pause = 0
                    self._last_delivery = time.monotonic()
                self.refresh_round()
                if self.derive_round() + self.privacy_round():
                    pause = 0
                self.prune_round()
                self.check_round()
            except (OperationalError, InterfaceError) as error:
                logger.warning(why_it_waits(error))
                close_old_connections()
                pause = RETRY_PAUSE
            self.stopping.wait(pause)

    def drain_round(self) -> int:
        """Process one batch of each tenant that has work; return the number of deliveries."""
        processed = 0
        begun = time.monotonic()
        tenants = processing.tenants_with_work(now=timezone.now())
        suspects = breaker.suspected_topics() if tenants else frozenset[str]()
        erased = erased_tenants() if tenants else set[UUID]()
        self._look_seconds = time.monotonic() - begun
        for tenant_id in tenants:
            if self.stopping.is_set():
                break
            if tenant_id not in erased and not self._rests(tenant_id):
                step = partial(self._drain, tenant_id, suspects, len(tenants))
                processed += self._guarded(tenant_id, step)
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

    def privacy_round(self) -> int:
        """Do a step of a request of privacy for each tenant that has one; return how many."""
        if time.monotonic() < self._next_request:
            return 0
        steps = 0
        for tenant_id in privacy.tenants_with_requests():
            if not self.stopping.is_set() and not self._rests(tenant_id):
                step = partial(privacy.carry_out, tenant_id, now=timezone.now())
                steps += self._guarded(tenant_id, step)
        if not steps:
            self._next_request = time.monotonic() + PRIVACY_EVERY
        return steps

    def refresh_round(self) -> None:
        """Recompute the rollups of tenants that are marked and have rested long enough, those that
        waited longest first; after a second deliveries have their turn again."""
        begun = time.monotonic()
        is_idle = begun - self._last_delivery >= IDLE_AFTER
        rest_factor = IDLE_REST_FACTOR if is_idle else REST_FACTOR
        refresh = partial(self._refresh, rollups.PASS_SECONDS if is_idle else BUSY_PASS_SECONDS)
        marked = rollups.tenants_with_marks()
        erased = erased_tenants() if marked else set[UUID]()
        for tenant_id in sorted(marked, key=lambda tenant_id: self._last_pass[tenant_id].ended):
            if self.stopping.is_set() or time.monotonic() - begun > REFRESH_SECONDS:
                break
            ended, took = self._last_pass[tenant_id]
            has_rested = time.monotonic() >= ended + took * rest_factor
            if has_rested and tenant_id not in erased and not self._rests(tenant_id):
                self._guarded(tenant_id, partial(refresh, tenant_id))

    def prune_round(self) -> None:
        """Prune a batch of bodies of the tenant whose turn it is."""
        if time.monotonic() < self._next_prune:
            return
        self._next_prune = time.monotonic() + PRUNE_EVERY
        if not self._to_prune:
            self._to_prune = _living()
            return
        tenant_id = self._to_prune[0]
        pruned = self._guarded(tenant_id, partial(retention.prune, tenant_id, now=timezone.now()))
        if pruned < retention.BATCH:
            expire = partial(privacy.expire_files, tenant_id, now=timezone.now())
            self._guarded(tenant_id, expire)
            del self._to_prune[0]

    def check_round(self) -> None:
        """Check figures of the tenant whose turn it is against the ledger, once a night."""
        if time.monotonic() < self._next_check:
            return
        self._next_check = time.monotonic() + CHECK_EVERY
        if not self._to_check:
            self._to_check = _living()
            return
        check = partial(self_checks.check_when_due, self._to_check.pop(0), now=timezone.now())
        self._guarded(check.args[0], check)

    def _guarded(self, tenant_id: UUID, step: Callable[[], int]) -> int:
        """Do a step for a tenant. One that fails must not stop what others wait for: its
        tenant rests a while, longer each time."""
        try:
            done = step()
        except (OperationalError, InterfaceError):
            self._put_to_rest(tenant_id)
            raise
        except Exception:
            logger.exception("A step failed.", extra={"tenant": tenant_id})
            self._put_to_rest(tenant_id)
            return 0
        self._trouble.pop(tenant_id, None)
        return done

    def _put_to_rest(self, tenant_id: UUID) -> None:
        times = self._trouble[tenant_id].times + 1 if tenant_id in self._trouble else 0
        rest = min(RETRY_PAUSE * 2 ** min(times, 10), LONGEST_REST)
        self._trouble[tenant_id] = Trouble(time.monotonic() + rest, times)

    def _rests(self, tenant_id: UUID) -> bool:
        return tenant_id in self._trouble and time.monotonic() < self._trouble[tenant_id].until

    def _drain(self, tenant_id: UUID, suspects: Collection[str], tenants: int) -> int:
        """Process a batch, a smaller one where the machine is slow: others wait for its end."""
        begun, share = time.monotonic(), tenants * self._parts
        done = _drain(tenant_id, suspects, share)
        if done * share >= BATCH:  # it was a full one
            self._parts = parts_after(self._parts, time.monotonic() - begun)
        return done

    def _refresh(self, seconds: float, tenant_id: UUID) -> int:
        begun = time.monotonic()
        days = rollups.refresh(tenant_id, now=timezone.now(), seconds=seconds)
        if days:
            leaderboards.keep_boards(tenant_id, now=timezone.now())
        took = time.monotonic() - begun
        self._last_pass[tenant_id] = Pass(time.monotonic(), took)
        logger.debug(
            "Rollups refreshed.",
            extra={"tenant": tenant_id, "days": days, "milliseconds": round(took * 1000)},
        )
        return days


def _living() -> list[UUID]:
    """Return all tenants that are not erased."""
    living = Tenant.objects.filter(erased_at=None).order_by("id")
    return list(living.values_list("id", flat=True))


def parts_after(parts: int, seconds: float) -> int:
    """Return into how many parts a whole batch is cut next, after one part took so long."""
    if seconds > BATCH_SECONDS:
        return min(2 * parts, MOST_PARTS)
    return max(1, parts // 2) if seconds < BATCH_SECONDS / 4 else parts


def _drain(tenant_id: UUID, suspects: Collection[str], share: int) -> int:
    """Process a batch; when that hangs, whatever hangs in it, the process ends: its tries are
    counted, and another one takes over."""
    faulthandler.dump_traceback_later(STEP_SECONDS, exit=True, file=STDERR)
    try:
        return processing.drain(tenant_id, now=timezone.now(), suspects=suspects, share=share)
    finally:
        faulthandler.cancel_dump_traceback_later()
