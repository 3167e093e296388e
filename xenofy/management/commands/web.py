"""`manage.py web`: the web server."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from tenants.roles import refuse_unsafe_role
from xenofy.supervised import end_with_parent


def _is_no_advice_on_threads(record: logging.LogRecord) -> bool:
    """Our threads wait for the disk, eight for one commit: there may be more than processors."""
    return "seems quite high" not in record.getMessage()


class Command(BaseCommand):
    help = "Serve pages, REST API and webhooks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_role("default")
        end_with_parent()
        logging.getLogger("_granian").addFilter(_is_no_advice_on_threads)
        Server(
            "xenofy.wsgi:application",
            address=settings.HOST,
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=settings.WEB_WORKERS,
            blocking_threads=settings.WEB_THREADS,
            backlog=1024,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve()
