"""`make bench ARGS=hostile`: signed bodies that no shop would send, each timed.

Mutations of real bodies, generated JSON and plain bytes are delivered over HTTP to the web server
of production and processed one by one. None may be answered 5xx, take a second, or be kept in other
bytes than it came in. Ends with 1 where one is.
"""

from __future__ import annotations

import argparse
import http.client
import os
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

import django
from hypothesis import HealthCheck, Phase, given, settings

from bench.facts import shops
from bench.installation import Installation, machine, prepare_environment
from bench.sender import headers_of
from bench.stories import FIRST_DAY, Message

MOST = 1.0  # seconds of any body, for receiving and for processing it
KEPT = "SELECT webhook_id, body, status FROM webhooks_inboxevent WHERE webhook_id LIKE 'hostile-%'"


@dataclass
class Timed:
    """What was sent, and how long each body took, in seconds."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    received: list[tuple[float, str]] = field(default_factory=list)
    processed: list[tuple[float, str]] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)


def main(given_arguments: list[str]) -> int:
    """Measure, print, and compare what is kept with what was sent."""
    parser = argparse.ArgumentParser(prog="bench hostile", description=__doc__)
    parser.add_argument("--bodies", type=int, default=2_000)
    arguments = parser.parse_args(given_arguments)
    installation = Installation(prepare_environment(), workers=0)
    os.environ["LOG_LEVEL"] = "ERROR"  # quarantine is what is expected here
    django.setup()
    try:
        installation.start()
        print(machine(installation), flush=True)
        timed = _send_all(installation, arguments.bodies)
        return _tell(installation, timed)
    finally:
        installation.stop()


def _send_all(installation: Installation, count: int) -> Timed:
    from bench.registration import register  # noqa: PLC0415  # Django is set up by now
    from tests.fuzz import hostile  # noqa: PLC0415

    (shop,) = shops(1)
    tenant_id = register(shop)
    timed = Timed()
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30)

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(hostile.deliveries())
    def send(delivery: hostile.Delivery) -> None:
        topic, body = delivery
        name = f"hostile-{len(timed.bodies)}"
        message = Message(shop, topic, name, "", FIRST_DAY, body)
        timed.bodies[name] = body
        timed.answers[_receive(connection, message, timed)] += 1
        _process(tenant_id, name, timed)

    send()
    connection.close()
    return timed


def _receive(connection: http.client.HTTPConnection, message: Message, timed: Timed) -> int:
    from bench.registration import SECRET  # noqa: PLC0415

    begun = time.monotonic()
    connection.request("POST", f"/api/webhooks/shopify/{message.topic}", message.body,
                       headers_of(message, SECRET))  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    timed.received.append((time.monotonic() - begun, message.webhook_id))
    return answer.status


def _process(tenant_id: UUID, name: str, timed: Timed) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from webhooks.processing import drain  # noqa: PLC0415

    begun = time.monotonic()
    drain(tenant_id, now=timezone.now())
    timed.processed.append((time.monotonic() - begun, name))


def _tell(installation: Installation, timed: Timed) -> int:
    with installation.database() as session:
        rows = session.execute(KEPT).fetchall()
    kept = {str(name): bytes(body) for name, body, _ in rows}  # type: ignore[call-overload]
    differing = [name for name, body in timed.bodies.items() if kept.get(name) != body]
    print(f"{len(timed.bodies):,} bodies, answers {dict(timed.answers)},"
          f" then {dict(Counter(str(status) for *_, status in rows))}")  # fmt: skip
    print("| | median ms | p99 ms | slowest ms |\n|---|---|---|---|")
    for what, times in (("received", timed.received), ("processed", timed.processed)):
        print(f"| {what} | {_row(times)} |")
    with suppress(IndexError):
        print("Slowest bodies: " + ", ".join(_described(timed, each) for each in _worst(timed)))
    print(f"Not kept byte for byte: {len(differing)}")
    slow = [each for each in (*timed.received, *timed.processed) if each[0] > MOST]
    failed = sum(count for status, count in timed.answers.items() if status >= 500)
    return 1 if differing or slow or failed else 0


def _row(times: list[tuple[float, str]]) -> str:
    ordered = sorted(seconds * 1000 for seconds, _ in times)
    ranks = (len(ordered) // 2, len(ordered) * 99 // 100, len(ordered) - 1)
    return " | ".join(f"{ordered[rank]:.1f}" for rank in ranks)


def _worst(timed: Timed) -> list[tuple[float, str]]:
    return sorted((*timed.received, *timed.processed), reverse=True)[:5]


def _described(timed: Timed, each: tuple[float, str]) -> str:
    seconds, name = each
    body = timed.bodies[name]
    return f"{seconds * 1000:.0f} ms for {len(body):,} bytes from {body[:24]!r}"
