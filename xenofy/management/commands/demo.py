"""`manage.py demo`: bring the demo store to life."""

from __future__ import annotations

import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.roles import refuse_unsafe_role
from xenofy.demo.filling import fill
from xenofy.demo.history import History
from xenofy.demo.tenant import ensure_demo_tenant
from xenofy.supervised import end_with_parent


class Command(BaseCommand):
    help = "Fill the demo store with its history, then send it new webhooks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: sys.exit(0))
        end_with_parent()
        refuse_unsafe_role("default")
        shop = ensure_demo_tenant()
        history = History(seed=settings.DEMO_SEED, orders=settings.DEMO_ORDERS, end=shop.opened_at)
        fill(shop.tenant_id, history, clock=timezone.now, say=self._say)

    def _say(self, text: str) -> None:
        self.stdout.write(f"Demo: {text}")
        self.stdout.flush()
