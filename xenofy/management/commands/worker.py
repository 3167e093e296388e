"""`manage.py worker`: process what Shopify sent."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.autoreload import run_with_reloader

from tenants.roles import refuse_unsafe_role
from xenofy.postman import Postman
from xenofy.supervised import end_with_parent
from xenofy.worker import Worker


class Command(BaseCommand):
    help = "Process the inbox and keep the figures up to date, until stopped."

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
        worker = Worker()
        if threading.current_thread() is threading.main_thread():  # not under the reloader
            for signum in (signal.SIGTERM, signal.SIGINT):
                signal.signal(signum, lambda *_: worker.stop())
        end_with_parent()
        Postman(worker.stopping).start()
        worker.run()
