"""`manage.py fakeshop`: a double of Shopify, for whoever develops or tries Xenofy."""

from __future__ import annotations

from argparse import ArgumentParser
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from xenofy.fakeshop.evaluation import CLIENT_ID, DOMAIN, SECRET, keep_going, prepared
from xenofy.fakeshop.server import Server


class Command(BaseCommand):
    help = "Serve a double of Shopify with one shop, for development and for trying Xenofy."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8300, help="default: %(default)s")
        parser.add_argument("--orders", type=int, default=2000, help="of the shop's past")
        parser.add_argument("--seed", type=int, default=11, help="the same past from the same seed")
        parser.add_argument(
            "--xenofy", default=settings.PUBLIC_URL, help="where Xenofy answers: %(default)s"
        )

    def handle(
        self, *args: Any, port: int, orders: int, seed: int, xenofy: str, **options: Any
    ) -> None:
        address = xenofy.rstrip("/")
        world = prepared(orders=orders, app_url=address, seed=seed)
        server, stop = Server(world, port=port), Event()
        Thread(target=keep_going, args=(world, stop), daemon=True).start()
        self.stdout.write(
            f"The double of Shopify answers at {world.url}/\n"
            f"Its shop: {DOMAIN}   client ID: {CLIENT_ID}   client secret: {SECRET}\n"
            f"Its deliveries go to {address}. Ctrl-C ends it."
        )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            stop.set()
        finally:
            server.server_close()
