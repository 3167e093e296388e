"""`manage.py import_csv`: take CSV exports of Shopify from disk, of any size."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.csv_rows import in_words
from shop_data.csv_exports.exports import export_of
from shop_data.csv_exports.loading import CHUNK, note_known, write
from shop_data.csv_exports.rows import Table, Unreadable
from shop_data.csv_exports.understanding import Understanding, records_in, understand
from tenants import audit
from tenants.audit import Action
from tenants.lookup import tenants_of
from tenants.models import Tenant
from tenants.roles import refuse_unsafe_role
from tenants.scope import tenant_scope
from xenofy.database import wait_for_database

ACTOR = "manage.py import_csv"


class Command(BaseCommand):
    help = (
        "Import Shopify’s own CSV exports of customers, products and orders, in that order, and say"
        " first what was understood. The same file may be given again. What Shopify itself has told"
        " stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--shop", required=True, help="id of a tenant or domain of its shop")
        parser.add_argument(
            "--complete",
            action="store_true",
            help="each file has every order of its days: show figures since its first one",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what was understood")

    def handle(self, *args: Any, **options: Any) -> None:
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        tenant = _tenant(options["shop"])
        for file in options["files"]:
            try:
                found = self._understand(tenant, file, now=timezone.now())
                if not options["dry_run"]:
                    self._take(tenant, file, now=timezone.now())
                    if options["complete"]:
                        _know(tenant, found, now=timezone.now())
            except (OSError, Unreadable) as error:
                raise CommandError(f"{file}: {error}") from error

    def _understand(self, tenant: Tenant, file: Path, *, now: datetime) -> Understanding:
        with file.open("rb") as opened:
            found = understand(tenant.id, opened, uploaded_at=now)
        with tenant_scope(tenant.id):
            said = in_words(vars(found), now=now)
        self.stdout.write(str(file))
        for name, value in said.facts:
            self.stdout.write(f"  {name}: {value}")
        for sums in said.figures:
            pairs = zip(sums.columns[1:], sums.totals[1:], strict=True)
            told = ", ".join(f"{name} {value}" for name, value in pairs)
            self.stdout.write(f"  {sums.currency}, {sums.period}: {told}")
        for text in said.notes:
            self.stdout.write(f"  {text}")
        if said.columns_unknown:
            self.stdout.write(f"  Columns left out: {', '.join(said.columns_unknown)}")
        for line, why in said.refused:
            self.stdout.write(f"  Line {line} is refused. {why}")
        return found

    def _take(self, tenant: Tenant, file: Path, *, now: datetime) -> None:
        written = 0
        with file.open("rb") as opened:
            table = Table(opened)
            export = export_of(table)
            rest = records_in(export, table, Understanding(export.name, [], []))
            while records := list(islice(rest, CHUNK)):
                written += write(tenant.id, export, records, uploaded_at=now, now=now)
        with tenant_scope(tenant.id):
            audit.note(Action.CSV_IMPORTED, actor_id=None, actor=ACTOR, now=now, subject=file.name)
        self.stdout.write(f"  {written:,} {export.name} said something new.")


def _know(tenant: Tenant, found: Understanding, *, now: datetime) -> None:
    with tenant_scope(tenant.id):
        if found.days and not note_known(found.days, now=now):
            raise CommandError("Days lie between this file and what is known: import those first.")


def _tenant(name: str) -> Tenant:
    found = tenants_of(name)
    if len(found) != 1:
        raise CommandError(f"{len(found)} shops have the id or the domain {name!r}.")
    return found[0]
