"""`manage.py rebuild`: sum a tenant's figures anew from its ledger."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from analytics import rollups
from tenants.lookup import tenants_of
from tenants.models import Tenant
from tenants.roles import refuse_unsafe_role
from xenofy.database import wait_for_database
from xenofy.progress import ProgressLine


class Command(BaseCommand):
    help = (
        "Sum all figures anew from ledger and orders. The worker keeps them"
        " right; this mends what `verify` finds in sums of days. Deliveries"
        " are accepted meanwhile and processed afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="id of a tenant or domain of its shop; default: all")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> None:
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        for one in _tenants(tenant):
            begun = time.monotonic()
            with ProgressLine(self.stderr, "rebuilt") as line:
                days = rollups.rebuild(one.id, now=timezone.now(), progress=line.show)
            self.stdout.write(f"{one}: {days:,} days in {time.monotonic() - begun:.1f} seconds")


def _tenants(name: str | None) -> list[Tenant]:
    """Return the tenants that an id or a domain means; all of them without a name."""
    if name is None:
        return list(Tenant.objects.filter(erased_at=None).order_by("id"))
    found = tenants_of(name)
    if not found:
        raise CommandError(f"No tenant has the id or the domain {name!r}.")
    return found
