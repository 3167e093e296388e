"""`manage.py sync`: import and compare what is at Shopify."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.autoreload import run_with_reloader

from tenants.roles import refuse_unsafe_role
from xenofy.supervised import end_with_parent
from xenofy.sync import Sync


class Command(BaseCommand):
    help = "Do what is due at Shopify for each tenant, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start anew when code changes")

    def handle(self, *args: Any, reload: bool, **options: Any) -> None:
        if reload:
            run_with_reloader(self._work)
        else:
            self._work()

    def _work(self) -> None:
        for alias in ("default", "worker"):
            refuse_unsafe_role(alias)
        sync = Sync()
        if threading.current_thread() is threading.main_thread():  # not under the reloader
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, lambda *_: sync.stop())
        end_with_parent()
        sync.run()
