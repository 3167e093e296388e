"""Sends deliveries as Shopify does: signed, over kept connections, again when not answered 200."""

from __future__ import annotations

import heapq
import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.stories import Message
from webhooks.signatures import signature

CONNECTIONS = 8
TRIES = 9  # the first and Shopify's eight repetitions
FIRST_PAUSE = 0.25  # seconds; Shopify spreads the same number of tries over four hours
LONGEST_PAUSE = 60.0  # two minutes in all: a machine that is busy starts no server sooner
REST = 0.25  # seconds for which a connection rests after a failure
TIMEOUT = 5.0  # seconds for the whole answer, as Shopify waits


@dataclass
class Sender:
    """Threads that take deliveries from one queue until all are acknowledged or given up."""

    port: int
    secret: str
    messages: Sequence[Message]
    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    given_up: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count()
        self._due = [(0.0, next(self._numbers), 1, message) for message in self.messages]
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, daemon=True)
                         for _ in range(CONNECTIONS)]  # fmt: skip

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def finished(self) -> bool:
        return self.acknowledged + len(self.given_up) == len(self.messages)

    def _send(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        while not self.finished:
            taken = self._take()
            if taken is None:
                time.sleep(0.02)
                continue
            tries, message = taken
            answer = self._answer(connection, message)
            self._note(tries, message, answer)
            if answer != "200":
                time.sleep(REST)  # else every delivery would be tried in vain while nobody is there
        connection.close()

    def _take(self) -> tuple[int, Message] | None:
        with self._lock:
            if not self._due or self._due[0][0] > time.monotonic():
                return None
            _, _, tries, message = heapq.heappop(self._due)
        return tries, message

    def _answer(self, connection: http.client.HTTPConnection, message: Message) -> str:
        """Send one delivery; return the status, or the kind of failure."""
        try:
            connection.request(
                "POST", f"/api/webhooks/shopify/{message.topic}", message.body,
                headers_of(message, self.secret),
            )  # fmt: skip
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()  # the next request opens it again
            return type(error).__name__
        return str(response.status)

    def _note(self, tries: int, message: Message, answer: str) -> None:
        with self._lock:
            self.answers[answer] += 1
            if answer == "200":
                self.acknowledged += 1
            elif tries == TRIES:
                self.given_up.append(message)
            else:
                pause = min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)
                due = (time.monotonic() + pause, next(self._numbers), tries + 1, message)
                heapq.heappush(self._due, due)


def headers_of(message: Message, secret: str) -> dict[str, str]:
    """Return the headers of a delivery, with its signature."""
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": message.topic,
        "X-Shopify-Hmac-Sha256": signature(message.body, secret),
        "X-Shopify-Shop-Domain": message.shop.domain,
        "X-Shopify-API-Version": "2026-07",
        "X-Shopify-Webhook-Id": message.webhook_id,
        "X-Shopify-Event-Id": message.event_id,
        "X-Shopify-Triggered-At": message.triggered_at.isoformat(),
    }
