"""`manage.py deliver FILE --topic orders/create`: send a body as Shopify would, signed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.models import Connection
from xenofy.deliveries import Unreachable, headers_of, send


class Command(BaseCommand):
    help = "Send a webhook body to a running Xenofy as Shopify would, and print the answer."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the body, sent byte for byte; - reads standard input")
        parser.add_argument("--topic", required=True, help="for example orders/create")
        parser.add_argument("--shop", help="the shop's domain; not needed while there is one only")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="default: %(default)s")
        parser.add_argument("--secret", help="sign with this instead of the shop's own secret")

    def handle(
        self,
        *args: Any,
        file: str,
        topic: str,
        shop: str | None,
        url: str,
        secret: str | None,
        **options: Any,
    ) -> None:
        body = _read(file)
        domain, signing = (shop, secret) if shop and secret else _signer(shop, secret)
        headers = headers_of(
            body, topic=topic.strip("/"), domain=domain, secret=signing, now=timezone.now()
        )
        try:
            answer = send(url, body, headers)
        except Unreachable as error:
            raise CommandError(str(error)) from error
        if not answer.is_accepted:
            raise CommandError(f"Refused by {url} with {answer.status}. {answer.text}".strip())
        self.stdout.write(
            f"Accepted by {url} with {answer.status}: {topic} for {domain}, {len(body):,} bytes."
        )


def _read(file: str) -> bytes:
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    if not body:
        raise CommandError(f"{'Standard input' if file == '-' else file} is empty.")
    return body


def _signer(shop: str | None, secret: str | None) -> tuple[str, str]:
    """Return domain and secret of the shop that is meant: the one named, else the only one."""
    connections = Connection.objects.select_related("app").order_by("domain")
    found = list(connections.filter(domain=shop.lower()) if shop else connections)
    if not found:
        raise CommandError(
            f"No shop {shop} is connected here." if shop else "No shop is connected."
        )
    if len({connection.domain for connection in found}) > 1:
        domains = ", ".join(sorted({connection.domain for connection in found}))
        raise CommandError(f"Name one of these shops with --shop: {domains}")
    proven_first = min(found, key=lambda connection: connection.proven_at is None)
    signing = secret or proven_first.app.client_secret
    if not signing:
        raise CommandError(f"{proven_first.domain} has no secret yet. Give one with --secret.")
    return proven_first.domain, signing
