"""The app of tenants and their isolation."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def harden_after_migrating(using: str, **_: Any) -> None:
    """Bring keys, policies and rights in line with the models that were just migrated."""
    from tenants.harden import harden  # noqa: PLC0415  # models are not ready before

    if using == "owner":
        harden()


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        post_migrate.connect(harden_after_migrating, sender=self)
