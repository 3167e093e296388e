"""`manage.py replay`: put stored deliveries back into the queue."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from tenants.lookup import tenants_of
from tenants.models import Tenant
from tenants.roles import refuse_unsafe_role
from tenants.scope import tenant_scope
from webhooks import replay
from webhooks.models import InboxEvent
from webhooks.replay import EVERY_STATUS, PutBack, Selection
from xenofy.database import wait_for_database

Status = InboxEvent.Status
BY = "Put back by manage.py replay."


class Command(BaseCommand):
    help = (
        "Put stored deliveries back into the queue: named ones, those of a topic or of a span of"
        " time, or all. Without --status those in quarantine. It may be repeated: what waits"
        " already is left alone, and what was written already stays as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="id of a tenant or domain of its shop; default: all")
        parser.add_argument("--id", dest="ids", action="append", type=UUID, help="of a delivery;"
                            " may be repeated, whatever the status")  # fmt: skip
        parser.add_argument("--topic", help="for example orders/create")
        parser.add_argument("--since", type=_moment, help="received then or later, for example"
                            " 2026-11-04 or 2026-11-04T09:30Z")  # fmt: skip
        parser.add_argument("--until", type=_moment, help="received before then")
        parser.add_argument("--status", choices=[*Status.values, "every"])
        parser.add_argument("--all", action="store_true", help="without --id, --topic, --since,"
                            " --until or --tenant")  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="only say how many")

    def handle(self, *args: Any, **options: Any) -> None:
        named = ("tenant", "ids", "topic", "since", "until", "all")
        if not any(options[name] for name in named):
            raise CommandError("Say which deliveries, or --all for those of every tenant.")
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        selection, now = _selection(options), timezone.now()
        for tenant in _tenants(options["tenant"]):
            found = self._replay(tenant, selection, now, only_count=options["dry_run"])
            self.stdout.write(f"{tenant}: {_in_words(found, only_count=options['dry_run'])}")

    def _replay(
        self, tenant: Tenant, selection: Selection, now: datetime, *, only_count: bool
    ) -> PutBack:
        if only_count:
            with tenant_scope(tenant.id):
                return replay.count(selection, now=now)
        return replay.put_back_all(
            selection,
            now=now,
            by=BY,
            in_scope=partial(tenant_scope, tenant.id),
            progress=self._progress,
        )

    def _progress(self, done: int) -> None:
        if done >= replay.CHUNK:
            self.stderr.write(f"  {done:,} put back so far")


def _moment(text: str) -> datetime:
    """Read a day (its beginning in UTC) or a moment; one without an offset is UTC."""
    moment = parse_datetime(text)
    day = None if moment else parse_date(text)
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment is None:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _selection(options: dict[str, Any]) -> Selection:
    status, ids = options["status"], options["ids"]
    if status == "every" or (ids and not status):
        statuses = EVERY_STATUS
    else:
        statuses = frozenset({Status(status or Status.QUARANTINED)})
    return Selection(
        statuses=statuses,
        ids=tuple(ids) if ids else None,
        topic=options["topic"],
        since=options["since"],
        until=options["until"],
    )


def _tenants(name: str | None) -> list[Tenant]:
    if name is None:
        return list(Tenant.objects.filter(erased_at=None).order_by("id"))
    found = tenants_of(name)
    if not found:
        raise CommandError(f"No tenant has the id or the domain {name!r}.")
    return found


def _in_words(found: PutBack, *, only_count: bool) -> str:
    said = f"{found.queued:,} {'would be put back' if only_count else 'put back'}"
    if found.pruned:
        more = "at least " if found.pruned >= replay.MOST_COUNTED else ""
        said += f"; {more}{found.pruned:,} cannot be, since their bodies were pruned"
    return said
