"""The whole Overview page, from the request to the last byte, as one person's browser asks for it.

In this process, without a socket: sign-in, tenant, figures, template. `first` is what it costs when
the data has changed, `again` when it has not.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from uuid import UUID

PAGES = {
    "Today": "/?period=today",
    "Last 7 days": "/?period=7d",
    "Last 30 days": "/?period=30d",
    "Last 90 days": "/?period=90d",
    "Last 12 months": "/?period=12m",
    "All time": "/?period=all",
    "398 days of one's own": "/?start=2025-10-19&end=2026-11-20",
}


def measure(tenants: dict[str, UUID], rounds: int) -> None:
    """Print the median and the 95th percentile of each page."""
    from django.core.management import call_command  # noqa: PLC0415

    from analytics.reports import unchanged  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    print("\n| Overview page | orders | first p50 ms | first p95 ms | our CPU of it | again p50 ms"
          " | our CPU of it | load |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    for name, path in PAGES.items():
        for size, tenant in tenants.items():
            with _browser(tenant) as asked:
                asked(path)
                first, again = [], []
                for _ in range(rounds):
                    unchanged.forget()
                    first.append(asked(path))
                    again.append(asked(path))
            (p50, p95, cpu), (again_p50, _, again_cpu) = map(_summary, (first, again))
            print(f"| {name} | {size} | {p50:.0f} | {p95:.0f} | {cpu:.0f} | {again_p50:.0f}"
                  f" | {again_cpu:.0f} | {os.getloadavg()[0]:.1f} |", flush=True)  # fmt: skip


def _summary(requests: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the median, the 95th percentile, and the median of the CPU."""
    took, cpu = zip(*requests, strict=True)
    p95 = sorted(took)[max(0, round(len(took) * 0.95) - 1)]
    return statistics.median(took), p95, statistics.median(cpu)


@contextmanager
def _browser(tenant: UUID) -> Iterator[_Asked]:
    """Sign somebody in to a shop, at the moment at which its data ends."""
    from django.test import Client  # noqa: PLC0415

    from accounts.models import Membership, Role, User  # noqa: PLC0415
    from bench.report_pairs import NOW  # noqa: PLC0415

    person, _ = User.objects.using("owner").get_or_create(email=f"bench{tenant}@example.com")
    Membership.objects.using("owner").get_or_create(
        user=person, tenant_id=tenant, defaults={"role": Role.OWNER}
    )
    with patch("django.utils.timezone.now", lambda: NOW):
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(pk=person.pk))
        yield _Asked(client)


class _Asked:
    """Milliseconds of one request: of the clock, and of this process's CPU."""

    def __init__(self, client: object) -> None:
        self._client = client

    def __call__(self, path: str) -> tuple[float, float]:
        begun, used = time.perf_counter(), time.process_time()
        answer = self._client.get(path)  # type: ignore[attr-defined]
        took, cpu = time.perf_counter() - begun, time.process_time() - used
        assert answer.status_code == 200, answer.status_code
        return took * 1000, cpu * 1000
