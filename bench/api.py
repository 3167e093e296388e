"""Requests to the REST API a second, by some clients at once, beside an empty view of the server.

Builds a shop, sums it, and asks the production web server over kept connections, the contenders in
turns. `304` asks whether an answer is still right; `any` days and pages are asked for the first
time. The generator shares the machine's cores.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from http.client import HTTPConnection
from random import Random
from uuid import UUID

import django

from bench.installation import Installation, machine, prepare_environment
from bench.load import Result, load

SHOP = UUID(int=1)
ROWS = 50  # of a page
ENDLESS = str(10**9)  # requests a minute
PATHS = {"dashboard": "/api/data/dashboard", "orders": "/api/data/orders/detailed"}
LAST = date(2026, 11, 20)
DAYS = 700  # before it
NEW = {  # what nobody has asked before, so that no process has kept the answer
    "dashboard of any days": lambda draw, _: f"/api/data/dashboard?{_days(draw)}",
    "orders of any days": lambda draw, _: f"/api/data/orders/detailed?{_days(draw)}",
    "orders, any page": lambda draw, pages: (
        f"/api/data/orders/detailed?page={draw.randrange(pages) + 1}"
    ),
}


def _days(draw: Random) -> str:
    """Return some days of the shop as parameters."""
    first = LAST - timedelta(days=draw.randrange(DAYS))
    last = first + timedelta(days=draw.randrange((LAST - first).days + 1))
    return f"startDate={first}&endDate={last}"


def main(given: list[str]) -> int:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="bench api", description=__doc__)
    parser.add_argument("--orders", type=int, default=1_200_000)
    parser.add_argument("--products", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=4, help="for each contender and round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 16, 100])
    arguments = parser.parse_args(given)
    installation = Installation(prepare_environment(), workers=0)
    os.environ["REQUESTS_PER_MINUTE"] = ENDLESS
    django.setup()
    try:
        installation.start_database()
        print(machine(installation), flush=True)
        build(arguments.orders, arguments.products)
        installation.tend()
        installation.wait_until_it_serves()
        return measure(
            *(installation.port, arguments.orders // ROWS or 1, arguments.clients),
            seconds=arguments.seconds,
            rounds=arguments.rounds,
        )
    finally:
        installation.stop()


def build(orders: int, products: int) -> None:
    """Write the shop and fill its rollups."""
    from django.utils import timezone  # noqa: PLC0415

    from analytics import rollups  # noqa: PLC0415
    from bench.data import Size, build_tenant, without_indexes  # noqa: PLC0415
    from bench.database import owner_connection  # noqa: PLC0415

    with without_indexes(say=print):
        build_tenant(SHOP, "large", Size(orders, max(orders // 4, 1), products), say=print)
    rollups.rebuild(SHOP, now=timezone.now(), progress=lambda *_: None)
    with owner_connection() as connection:
        connection.execute("VACUUM ANALYZE")


def measure(port: int, pages: int, clients: list[int], *, seconds: float, rounds: int) -> int:
    """Print a table; return 1 where an answer was an error."""
    contenders = _contenders(port, pages, _token())
    print("\n| asked | clients | a second | p50 ms | p95 ms | errors | of the empty view | load |"
          "\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    errors = 0
    for count in clients:
        found: dict[str, list[Result]] = {name: [] for name in contenders}
        for _ in range(rounds):
            for name, (request, _) in contenders.items():
                found[name].append(load(port, request, connections=count, seconds=seconds))
        errors += _print(found, {name: right for name, (_, right) in contenders.items()}, count)
    return min(errors, 1)


def _contenders(port: int, pages: int, token: str) -> dict[str, tuple[Callable[[], bytes], str]]:
    """Return what makes the requests, and the status of a right answer."""
    found: dict[str, tuple[Callable[[], bytes], str]] = {}
    empty = _request(port, "/health", token)
    found["an empty view"] = (lambda: empty, "200")
    for name, path in PATHS.items():
        kept = _request(port, path, token)
        unchanged = _request(port, path, token, f"If-None-Match: {_etag(port, path, token)}\r\n")
        found[name] = (lambda kept=kept: kept, "200")  # type: ignore[misc]
        found[f"{name}, 304"] = (lambda unchanged=unchanged: unchanged, "304")  # type: ignore[misc]
    draw = Random(1)
    for name, path_of in NEW.items():
        found[name] = (lambda of=path_of: _request(port, of(draw, pages), token), "200")  # type: ignore[misc]
    return found


def _print(found: dict[str, list[Result]], right: dict[str, str], count: int) -> int:
    """Print the medians of each contender; return how many answers were errors."""
    floor = statistics.median(each.per_second for each in found["an empty view"])
    errors = 0
    for name, results in found.items():
        rate = statistics.median(each.per_second for each in results)
        p50, p95 = (
            statistics.median(each.percentile(share) for each in results) for share in (0.5, 0.95)
        )
        wrong = sum(sum(each.answers.values()) - each.answers[right[name]] for each in results)
        errors += wrong
        print(f"| {name} | {count} | {rate:,.0f} | {p50:.1f} | {p95:.1f} | {wrong}"
              f" | {rate / floor:.2f} | {os.getloadavg()[0]:.0f} |", flush=True)  # fmt: skip
    return errors


def _token() -> str:
    """Sign in as the shop's owner."""
    from django.utils import timezone  # noqa: PLC0415

    from accounts.models import Membership, Role, User  # noqa: PLC0415
    from accounts.sessions import open_session  # noqa: PLC0415

    person, _ = User.objects.using("owner").get_or_create(email="bench@example.com")
    Membership.objects.using("owner").get_or_create(
        user=person, tenant_id=SHOP, defaults={"role": Role.OWNER}
    )
    user = User.objects.get(pk=person.pk)
    return open_session(user, tenant_id=SHOP, now=timezone.now()).token


def _request(port: int, path: str, token: str, more: str = "") -> bytes:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}{more}\r\n".encode()


def _etag(port: int, path: str, token: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    length = len(answer.read())
    print(f"  {path}: {length:,} bytes, first {(time.perf_counter() - begun) * 1000:.0f} ms")
    connection.close()
    return str(answer.headers["ETag"])
