"""`manage.py demo`: bring the demo store to life."""

from __future__ import annotations

import signal
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from tenants.roles import refuse_unsafe_role
from xenofy.database import why_it_waits
from xenofy.demo.catching_up import catch_up
from xenofy.demo.filling import fill
from xenofy.demo.history import History
from xenofy.demo.live import ForeignAddress, Sender, refuse_foreign
from xenofy.demo.regulars import Regulars
from xenofy.demo.tenant import DemoShop, ensure_demo_tenant
from xenofy.demo.traffic import Traffic
from xenofy.supervised import end_with_parent

RETRY_PAUSE = 2.0  # seconds until a database that did not answer is asked again


class Command(BaseCommand):
    help = "Fill the demo store with its history, then send it new webhooks until stopped."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="default: %(default)s")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        try:
            refuse_foreign(url, public_url=settings.PUBLIC_URL, port=settings.PORT)
        except ForeignAddress as error:
            raise CommandError(f"{error} The demo store sends nowhere else.") from error
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: sys.exit(0))
        end_with_parent()
        while not self._live(url):
            time.sleep(RETRY_PAUSE)
            close_old_connections()

    def _live(self, url: str) -> bool:
        """Bring the store up to now and go on; false when the database does not answer."""
        try:
            refuse_unsafe_role("default")
            shop = ensure_demo_tenant()
            history = History(
                seed=settings.DEMO_SEED, orders=settings.DEMO_ORDERS, end=shop.opened_at
            )
            fill(shop.tenant_id, history, clock=timezone.now, say=self._say)
            self._go_on(shop, history, url)
        except (OperationalError, InterfaceError) as error:
            self._say(why_it_waits(error))
            return False
        return True

    def _go_on(self, shop: DemoShop, history: History, url: str) -> None:
        regulars = Regulars(shop.tenant_id, settings.DEMO_SEED)
        now = timezone.now()
        traffic = Traffic(regulars, history.counter, history.orders_a_day, now)
        catch_up(traffic, since=regulars.last_order_at(), now=now, say=self._say)
        if settings.DEMO_TRAFFIC:
            sender = Sender(shop, url, timezone.now, self._say)
            sender.keep_sending(traffic, busiest=settings.DEMO_PACE)

    def _say(self, text: str) -> None:
        self.stdout.write(f"Demo: {text}")
        self.stdout.flush()
