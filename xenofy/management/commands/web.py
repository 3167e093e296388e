"""`manage.py web`: the web server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from tenants.roles import refuse_unsafe_role
from xenofy.supervised import end_with_parent

HEAD_TIMEOUT = 10  # seconds for the head of a request, also for the next one of a connection


class Command(BaseCommand):
    help = "Serve pages, REST API and webhooks until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_role("default")
        end_with_parent()
        Server(
            "xenofy.asgi:application",
            address=settings.HOST,
            port=settings.PORT,
            interface=Interfaces.ASGINL,
            loop=Loops.uvloop,
            runtime_mode=RuntimeModes.st,  # with one event loop there is no work to share out
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT * 1000),
            websockets=False,
            workers=settings.WEB_WORKERS,
            backlog=1024,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            log_level=LogLevels.warning,
        ).serve()
