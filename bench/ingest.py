"""Receiving and processing, beside yardsticks that share the machine and the moment.

Receiving: deliveries acknowledged durably over HTTP, in rounds that alternate with the same server
answering an empty view, pgbench doing the same insert and, where Node is, an Express handler.
Processing: from the inbox to mirror, ledger and marks, and what a quiet tenant feels of a busy one.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack

import django

from bench import bodies
from bench.contenders import express, pgbench
from bench.facts import shops
from bench.installation import Installation, machine, prepare_environment
from bench.load import Result, load
from bench.sender import headers_of
from bench.stories import FIRST_DAY, Message

BODY_SIZE = 8_195  # bytes: an ordinary order
OURS = "Xenofy, acknowledged durably"
Contender = Callable[[], Result]


def main(given: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench ingest", description=__doc__)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=4, help="of each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--events", type=int, default=10_000, help="to process")
    parser.add_argument("--backlog", type=int, default=100_000, help="of the busy tenant")
    arguments = parser.parse_args(given)
    installation = Installation(prepare_environment(), workers=0)
    django.setup()
    try:
        installation.start()
        print(machine(installation), flush=True)
        _receiving(installation, arguments)
        from bench.processing import measure  # noqa: PLC0415  # Django is set up by now

        measure(installation, events=arguments.events, backlog=arguments.backlog)
    finally:
        installation.stop()
    return 0


def _receiving(installation: Installation, arguments: argparse.Namespace) -> None:
    """Let the contenders take turns and print the medians of their rounds."""
    rounds: dict[str, list[Result]] = defaultdict(list)
    with ExitStack() as stack:
        contenders = _contenders(installation, arguments, stack)
        for _ in range(arguments.rounds):
            for name, contender in contenders.items():
                rounds[name].append(contender())
                with installation.database() as connection:
                    connection.execute("TRUNCATE webhooks_inboxevent")
                    connection.execute("CHECKPOINT")
    _print_receiving(rounds, arguments)


def _contenders(
    installation: Installation, arguments: argparse.Namespace, stack: ExitStack
) -> dict[str, Contender]:
    from bench.registration import SECRET, register  # noqa: PLC0415

    (shop,) = shops(1)
    tenant = register(shop)
    message = Message(shop, "orders/create", "w-{}", "e-1", FIRST_DAY, _order())
    signed = headers_of(message, SECRET)
    size = {"connections": arguments.connections, "seconds": arguments.seconds}
    post = _request("POST", "/api/webhooks/shopify/orders/create", signed, message.body)
    found: dict[str, Contender] = {
        OURS: lambda: load(installation.port, post, **size),
        "Xenofy, an empty view": lambda: load(
            installation.port, _request("GET", "/health", {}, b""), **size
        ),
        "pgbench, the same insert": lambda: pgbench(installation, tenant, message.body, **size),
    }
    port = stack.enter_context(
        express(installation, tenant, SECRET, connections=arguments.connections)
    )
    if port is not None:
        hook = _request("POST", "/hook", signed, message.body)
        found["Express, the same check and insert"] = lambda: load(port, hook, **size)
    return found


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> Callable[[], bytes]:
    """Return a function that makes the next request; every one has a webhook id of its own."""
    numbers = itertools.count()
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    before, _, after = ("\r\n".join(lines) + "\r\n\r\n").partition("{}")
    head, tail = before.encode(), after.encode() + body
    return lambda: head + (str(next(numbers)).encode() if tail else b"") + tail


def _order() -> bytes:
    """Return an order's body of the ordinary size."""
    order = {"id": 1, "currency": "INR", "note": "", "line_items": [{"id": n} for n in range(200)]}
    missing = BODY_SIZE - len(bodies.encode(order))
    return bodies.encode({**order, "note": "n" * missing})


def _print_receiving(rounds: dict[str, list[Result]], arguments: argparse.Namespace) -> None:
    ours = statistics.median(result.per_second for result in rounds[OURS])
    print(f"\n{arguments.connections} connections, {BODY_SIZE:,} bytes each,"
          f" median of {arguments.rounds} rounds that took turns")  # fmt: skip
    print("| | a second | p50 ms | p99 ms | ratio of Xenofy to it |\n|---|---|---|---|---|")
    for name, results in rounds.items():
        rate = statistics.median(result.per_second for result in results)
        p50, p99 = (statistics.median(result.percentile(share) for result in results)
                    for share in (0.50, 0.99))  # fmt: skip
        print(f"| {name} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {ours / rate:.2f} |", flush=True)
        failed = sum((result.answers for result in results), start=type(results[0].answers)())
        if failed.keys() - {"200"}:
            print(f"  answers other than 200: {dict(failed)}")
