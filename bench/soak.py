"""`make soak`: thousands of deliveries, repeated and shuffled, while processes are killed.

Starts a private installation, sends over HTTP, kills web server, workers and database with SIGKILL
at random moments, waits until all is processed, and then accounts for every delivery, every row of
the mirror and every row of the ledger against an oracle. Ends with 1 on any difference.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import django
import psycopg

from bench.deliveries import mixture
from bench.facts import shops
from bench.installation import PROJECT, VICTIMS, Installation, prepare_environment
from bench.reckoning import Reckoning
from bench.sender import Sender
from bench.stories import Story

DRAIN_LIMIT = 300  # seconds without any progress after which draining has failed
PAUSE = 0.05
_LAST_WORDS = 300  # lines, of a run that failed: nothing else is left of it
FAILING = """
    SELECT topic, attempts, last_error FROM webhooks_inboxevent
    WHERE status = 'pending' AND last_error <> '' LIMIT 5
"""
WAITING = """
    SELECT (SELECT count(*) FROM webhooks_inboxevent WHERE status = 'pending'),
        (SELECT count(*) FROM shop_data_rollupmark)
"""


@dataclass
class Soak:
    """One run."""

    installation: Installation
    arguments: argparse.Namespace
    draw: random.Random
    kills: list[str] = field(default_factory=list)
    restarts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    times: dict[str, float] = field(default_factory=dict)

    def run(self) -> int:
        """Do everything; return the exit code."""
        from bench.registration import SECRET, register  # noqa: PLC0415  # Django is set up by now

        wanted = shops(self.arguments.tenants)
        messages, stories = mixture(wanted, self.arguments.events, self.arguments.seed)
        self.installation.start()
        tenants = {shop.number: register(shop) for shop in wanted}
        sender = Sender(self.installation.port, SECRET, messages)
        begun = time.monotonic()
        sender.start()
        self._send(sender)
        self.times["sending"] = time.monotonic() - begun
        self._drain()
        self.times["until drained"] = time.monotonic() - begun
        self._reckon(sender, stories, tenants)
        return self._tell(sender)

    # ── while it runs ─────────────────────────────────────────────────────────────────────────

    def _send(self, sender: Sender) -> None:
        """Watch the sender, with most of the kills spread over its progress."""
        planned = _plan(self.draw, self.arguments.kills, len(sender.messages))
        shown = 0.0
        while not sender.finished:
            self._tend()
            if planned and sender.acknowledged >= planned[0] and self.installation.listens():
                planned.pop(0)
                self._kill()
            if time.monotonic() - shown > 2:
                shown = time.monotonic()
                _say(f"{sender.acknowledged:>8,} of {len(sender.messages):,} acknowledged")
            time.sleep(PAUSE)

    def _drain(self) -> None:
        """Wait until nothing waits, with the rest of the kills; end when nothing moves any more."""
        before, moved = None, time.monotonic()
        while (waiting := self._waiting()) != (0, 0) or self._kills_left:
            self._tend()
            if waiting and waiting != before:
                before, moved = waiting, time.monotonic()
                _say(f"{waiting[0]:>8,} deliveries and {waiting[1]:,} marks wait")
            if time.monotonic() - moved > DRAIN_LIMIT:
                raise SystemExit(f"Nothing moves: {waiting}, {self._failing()}")
            if self._kills_left and waiting and self.installation.listens():
                self._kill()
            time.sleep(self.draw.uniform(PAUSE, 0.5))

    @property
    def _kills_left(self) -> int:
        return int(self.arguments.kills) - len(self.kills)

    def _kill(self) -> None:
        """Kill each kind of victim once, then whichever."""
        turn = len(self.kills)
        victim = VICTIMS[turn] if turn < len(VICTIMS) else self.draw.choice(VICTIMS)
        self.kills.append(victim)
        _say(f"         {self.installation.kill(victim, self.draw)}")

    def _tend(self) -> None:
        for name in self.installation.tend():
            self.restarts[name.split()[0]] += 1
            _say(f"         {name} had ended; started again")

    def _waiting(self) -> tuple[int, int] | None:
        """Return how many deliveries and marks wait; None while the database is away."""
        try:
            with self.installation.database() as connection:
                found: Any = connection.execute(WAITING).fetchone()
        except psycopg.OperationalError:
            return None
        return found[0], found[1]

    def _failing(self) -> Any:
        with self.installation.database() as connection:
            return connection.execute(FAILING).fetchall() or ""

    # ── afterwards ────────────────────────────────────────────────────────────────────────────

    def _reckon(self, sender: Sender, stories: list[Story], tenants: dict[int, UUID]) -> None:
        if sender.given_up:
            self.differences.append(f"{len(sender.given_up)} deliveries were never accepted")
            return  # nobody knows what of them was stored: nothing else can be compared
        if sender.answers.keys() & {"500", "400", "401", "404"}:
            self.differences.append(f"answers that are wrong: {dict(sender.answers)}")
        with self.installation.database() as connection:
            for story in stories:
                its_own = [message for message in sender.messages if message.shop == story.shop]
                reckoning = Reckoning(
                    connection, tenants[story.shop.number], story, its_own, self.counts
                )
                self.differences += reckoning.differences()
        self._verify()

    def _verify(self) -> None:
        """Let `manage.py verify` derive ledger and rollups again and compare."""
        command = [sys.executable, "manage.py", "verify"]
        ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        if ended.returncode:
            self.differences.append(f"verify: {ended.stdout[-2000:]}{ended.stderr[-2000:]}")

    def _tell(self, sender: Sender) -> int:
        for difference in self.differences:
            _say(difference)
        distinct = {(m.shop.number, m.topic, m.webhook_id) for m in sender.messages}
        outcome = ("done", "superseded", "quarantined", "pending")
        rows = {
            "Deliveries sent": f"{len(sender.messages):,}",
            "  of them repeated": f"{len(sender.messages) - len(distinct):,} with the same id",
            "Answers": ", ".join(f"{n:,} × {a}" for a, n in sender.answers.most_common()),
            "Killed": ", ".join(f"{n} × {v}" for v, n in sorted(Counter(self.kills).items())),
            "Ended otherwise": ", ".join(f"{n} × {v}" for v, n in self.restarts.items()) or "none",
            "Accepted": f"{self.counts['accepted']:,} = "
            + " + ".join(f"{self.counts[name]:,} {name}" for name in outcome),
            "Mirror, ledger": f"{self.counts['mirror rows']:,} and"
            f" {self.counts['ledger rows']:,} rows as the oracle says",
            "Time": ", ".join(f"{seconds:.1f} s {name}" for name, seconds in self.times.items()),
            "Differences": str(len(self.differences)),
        }
        _say("\n".join(f"{name:20}{value}" for name, value in rows.items()))
        return 1 if self.differences else 0


def main(given: list[str]) -> int:
    """Run with the arguments of the command line."""
    parser = argparse.ArgumentParser(prog="bench soak", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="deliveries, repeated ones too")
    parser.add_argument("--tenants", type=int, default=10)
    parser.add_argument("--kills", type=int, default=None, help="default: one in 600 deliveries")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(given)
    arguments.kills = arguments.kills or max(3, arguments.events // 600)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # through `finally` below
    installation = Installation(prepare_environment())
    django.setup()
    failed = True
    try:
        failed = bool(Soak(installation, arguments, random.Random(arguments.seed)).run())
    finally:
        if failed:
            _say(f"Load {os.getloadavg()[0]:.1f}. What the processes said last:")
            _say(installation.last_words(_LAST_WORDS))
        installation.stop()
    return int(failed)


def _plan(draw: random.Random, kills: int, deliveries: int) -> list[int]:
    """Return after how many acknowledged deliveries to kill; a fifth is kept for the draining."""
    return sorted(draw.randrange(deliveries) for _ in range(kills - kills // 5))


def _say(text: str) -> None:
    print(text, flush=True)
