"""`manage.py worker`: process what Shopify sent."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand

from tenants.roles import refuse_unsafe_role
from xenofy.supervised import end_with_parent
from xenofy.worker import Worker


class Command(BaseCommand):
    help = "Process the inbox and keep the figures up to date, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        for alias in ("default", "worker"):
            refuse_unsafe_role(alias)
        worker = Worker()
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, lambda *_: worker.stop())
        end_with_parent()
        worker.run()
