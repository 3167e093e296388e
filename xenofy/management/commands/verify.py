"""`manage.py verify`: is every figure what the rows and documents behind it say?"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.lookup import tenants_of
from tenants.models import Tenant
from tenants.roles import refuse_unsafe_role
from webhooks.health import DeliveriesHealth, TopicHealth
from xenofy.common.formats import money
from xenofy.common.moments import iso
from xenofy.data_health.page import seconds
from xenofy.database import wait_for_database
from xenofy.progress import ProgressLine
from xenofy.verification.records import Difference, InboxCheck, Verification
from xenofy.verification.tenant import verify_tenant


class Command(BaseCommand):
    help = (
        "Derive each order's ledger from its latest document and each rollup from the ledger"
        " again, compare, and name every difference. Writes nothing; ends with 1 if there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="id of a tenant or domain of its shop; default: all")
        parser.add_argument(
            "--limit", type=int, default=sys.maxsize, help="differences to print for each tenant"
        )

    def handle(self, *args: Any, tenant: str | None, limit: int, **options: Any) -> None:
        wait_for_database("default", say=self.stdout.write)
        refuse_unsafe_role("default")
        tenants = _tenants(tenant)
        if not tenants:
            self.stdout.write("There is no tenant yet, so there is nothing to verify.")
        wrong = [one.name for one in tenants if self._verify(one, limit)]
        if wrong:
            raise CommandError(f"There are differences in {', '.join(wrong)}.")

    def _verify(self, tenant: Tenant, limit: int) -> bool:
        """Print the verification of a tenant; tell whether it found a difference."""
        with ProgressLine(self.stderr, "compared") as line:
            found = verify_tenant(tenant.id, limit=limit, progress=line.show)
        self.stdout.write(f"{tenant}\n{_summary(found)}")
        for difference in found.differences.first:
            self.stdout.write(_in_words(difference))
        if found.differences.rest:
            self.stdout.write(f"  … and {found.differences.rest:,} more")
        return found.differences.total > 0


def _tenants(name: str | None) -> list[Tenant]:
    """Return the tenants that an id or a domain means; all of them without a name."""
    if name is None:
        return list(Tenant.objects.filter(erased_at=None).order_by("id"))
    found = tenants_of(name)
    if not found:
        raise CommandError(
            f"No tenant has the id or the domain {name!r}. Without --tenant all are verified."
        )
    return found


def _summary(found: Verification) -> str:
    """Return what was compared, a line each."""
    inbox = found.inbox
    waiting = f"and {found.rollups.waiting:,} that wait to be recomputed"
    lines = [
        ("orders", f"{found.ledger.orders:,}", ""),
        ("ledger rows", f"{found.ledger.rows:,}", ""),
        ("days", f"{found.rollups.days:,}", waiting),
        ("deliveries", f"{inbox.accepted:,}", _fates(inbox)),
        ("audit", f"{found.audit.entries:,}", f"entries, the last one {found.audit.last_hash}"),
    ]
    lines += _health(found.health)
    for currency, net, total in found.totals:
        lines.append(("net sales", money(net, currency), currency))
        lines.append(("total sales", money(total, currency), currency))
    lines.append(("differences", f"{found.differences.total:,}", ""))
    lines.append(("seconds", f"{found.seconds:.1f}", ""))
    return "\n".join(f"  {name:12}{value:>20}  {note}".rstrip() for name, value, note in lines)


def _health(health: DeliveriesHealth) -> list[tuple[str, str, str]]:
    """Return what the page of data health shows: how late, what waits, each topic."""
    lag, count = health.lag, health.accounting
    since = iso(health.oldest_waiting_at) if health.oldest_waiting_at else "nothing"
    return [
        ("lag", seconds(lag.p50), f"p50, {seconds(lag.p95)} p95 of the last 24 hours"),
        ("waiting", f"{count.pending:,}", f"the oldest since {since}"),
        *(("kept back", "", f"{each.topic}: {each.reason}") for each in health.waiting_topics),
        *(("", f"{each.accounting.accepted:,}", f"{each.topic}: {_of_topic(each)}")
          for each in health.topics),
    ]  # fmt: skip


def _of_topic(topic: TopicHealth) -> str:
    return ", ".join(f"{number:,} {fate}" for fate, number in asdict(topic.accounting).items())


def _fates(inbox: InboxCheck) -> str:
    """Return what became of the deliveries: "12 done, 1 superseded, …"."""
    _, *fates = inbox._asdict().items()
    return ", ".join(f"{count:,} {fate}" for fate, count in fates)


def _in_words(difference: Difference) -> str:
    day, order, metric, stored, derived = difference
    place = f"{day or 'no day'}  {order or 'whole day'}"
    return f"  {place}  {metric}: stored {stored}, derived {derived}"
