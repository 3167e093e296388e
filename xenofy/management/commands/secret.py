"""`manage.py secret`: a fresh value for one of the secrets."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from xenofy.local_secrets import fresh_key


class Command(BaseCommand):
    help = "Print a fresh key for SECRET_KEY, JWT_SIGNING_KEY or ENCRYPTION_KEYS."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(fresh_key())
