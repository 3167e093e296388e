"""Webhooks out: who subscribed to what, what is still to be sent, and what became of it."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import RLock
from typing import Any

from xenofy.fakeshop import subscriptions
from xenofy.fakeshop.apps import App, Apps
from xenofy.fakeshop.bodies.topics import body_of, written
from xenofy.fakeshop.bodies.withheld import without_people
from xenofy.fakeshop.clock import Clock
from xenofy.fakeshop.mishaps import Mishaps
from xenofy.fakeshop.sending import LADDER, Delivery, Post, post
from xenofy.fakeshop.state import Listener, ShopState
from xenofy.fakeshop.subscriptions import TOLD, Problem, Subscription, slashed

COMPLIANCE = frozenset({"customers/data_request", "customers/redact", "shop/redact"})
_AT_ONCE = 4  # threads that send
_KEPT = 500  # deliveries that are shown after they ended
_WORST = 8  # failures in a row after which a subscription is removed


class Hooks:
    """The deliveries of a world. `post` may be replaced by a function in the same process."""

    def __init__(self, apps: Apps, clock: Clock, lock: RLock) -> None:
        self.apps, self.clock, self.lock = apps, clock, lock
        self.mishaps = Mishaps()
        self.post: Post = post
        self.subscriptions: dict[int, Subscription] = {}
        self.waiting: list[Delivery] = []
        self.ended: deque[Delivery] = deque(maxlen=_KEPT)
        self.dropped = 0
        self._told = 0  # events so far; each is a microsecond after the one before

    # ── subscriptions ─────────────────────────────────────────────────────────────────────────

    def of(self, client_id: str, domain: str) -> list[Subscription]:
        """Return an app's subscriptions in a shop, the oldest first."""
        found = self.subscriptions.values()
        return [one for one in found if (one.client_id, one.domain) == (client_id, domain)]

    def subscribe(self, wanted: Subscription, given: Mapping[str, Any]) -> list[Problem]:
        """Keep a subscription, new or changed, unless something is wrong with it."""
        found = subscriptions.problems(wanted, given)
        for other in self.of(wanted.client_id, wanted.domain):
            same = (other.topic, other.uri) == (wanted.topic, wanted.uri)
            if same and other.id != wanted.id:
                message = "Address for this topic has already been taken"
                found.append(Problem(["webhookSubscription", "uri"], message))
        if not found:
            self.subscriptions[wanted.id] = wanted
        return found

    def unsubscribe(self, client_id: str, domain: str) -> None:
        """Drop all subscriptions of an app in a shop."""
        for one in self.of(client_id, domain):
            del self.subscriptions[one.id]

    def configure(self, client_id: str, state: ShopState) -> None:
        """Subscribe to all that the double tells, as an app's configuration file may."""
        app, now = self.apps.by_id[client_id], self.clock.now()
        for topic in TOLD:
            made = Subscription(
                state.new_id(), client_id, state.domain, topic,
                f"{app.webhooks_uri}/{slashed(topic)}", app.webhook_version, now, now,
                is_configured=True,
            )  # fmt: skip
            self.subscriptions[made.id] = made

    # ── what happens ──────────────────────────────────────────────────────────────────────────

    def listener(self, state: ShopState) -> Listener:
        """Return what a shop tells its events to."""

        def listen(topic: str, subject: Any) -> None:
            clients = {one.client_id for one in self.subscriptions.values()}
            if topic in COMPLIANCE:
                clients = set(self.apps.by_id)
            for client_id in sorted(clients):
                self.send(client_id, state, topic, subject)

        return listen

    def send(
        self,
        client_id: str,
        state: ShopState,
        topic: str,
        subject: Any,
        *,
        after: timedelta = timedelta(0),
    ) -> None:
        """Put a delivery into the queue for each subscription of an app to a topic."""
        with self.lock:
            targets = self._targets(client_id, state.domain, topic)
            if not targets:
                return
            self._told += 1
            whole, event_id = self._body(client_id, state, topic, subject), str(uuid.uuid4())
            for target in targets:
                body = self._padded(topic, _chosen(whole, target.include_fields))
                self._queue(target, topic, written(body), event_id=event_id, after=after)

    def _body(self, client_id: str, state: ShopState, topic: str, subject: Any) -> dict[str, Any]:
        """Return what an app may see of what happened."""
        body, app = body_of(state, topic, subject), self.apps.by_id.get(client_id)
        if app is None or app.people or topic in COMPLIANCE:
            return body
        seen = without_people(topic, body)
        return seen if app.customer_data or "customer" not in seen else {**seen, "customer": None}

    def _targets(self, client_id: str, domain: str, topic: str) -> list[Subscription]:
        if topic not in COMPLIANCE:
            return [one for one in self.of(client_id, domain) if one.slashed == topic]
        app = self.apps.by_id.get(client_id)
        if app is None or not app.webhooks_uri:
            return []
        now = self.clock.now()
        return [
            Subscription(0, client_id, domain, topic, f"{app.webhooks_uri}/{topic}",
                         app.webhook_version, now, now)
        ]  # fmt: skip

    def _padded(self, topic: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make the next order's body long, if that is asked for."""
        if not (self.mishaps.pad_bytes and topic.startswith("orders/")):
            return body
        size, self.mishaps.pad_bytes = self.mishaps.pad_bytes, 0
        return {**body, "note_attributes": [{"name": "padding", "value": "x" * size}]}

    def _queue(
        self, target: Subscription, topic: str, body: bytes, *, event_id: str, after: timedelta
    ) -> None:
        mishaps, now = self.mishaps, self.clock.now()
        if mishaps.happens(mishaps.drop):
            self.dropped += 1
            return
        one = Delivery(
            target.id, target.client_id, target.domain, topic, target.uri, body, target.version,
            now + timedelta(microseconds=self._told % 10**6),
            now + after + mishaps.lateness(), event_id, target.name,
        )  # fmt: skip
        if mishaps.happens(mishaps.stale):
            one.tries, one.statuses = 1, [0]
            one.due_at += LADDER[0]
        one.is_forged = mishaps.happens(mishaps.wrong_hmac)
        one.is_signed_old = mishaps.happens(mishaps.old_secret)
        self.waiting.append(one)
        if mishaps.happens(mishaps.duplicate):
            self.waiting.append(_again(one))

    # ── sending ───────────────────────────────────────────────────────────────────────────────

    def flush(self) -> list[Delivery]:
        """Send all that is due by the clock, and return it; what failed waits for its retry."""
        with self.lock:
            due = self._take_due()
        if self.post is post and len(due) > 1:
            with ThreadPoolExecutor(_AT_ONCE) as threads:
                list(threads.map(self._send, due))
        else:
            for one in due:
                self._send(one)
        return due

    def settle(self) -> int:
        """Move the clock along all that waits, and return how often something was sent."""
        sent = 0
        while self.waiting:
            self.clock.set(max(self.clock.now(), min(one.due_at for one in self.waiting)))
            sent += len(self.flush())
        return sent

    def _take_due(self) -> list[Delivery]:
        now = self.clock.now()
        due = [one for one in self.waiting if one.due_at <= now]
        self.waiting = [one for one in self.waiting if one.due_at > now]
        if self.mishaps.shuffle:
            self.mishaps.random.shuffle(due)
        else:
            due.sort(key=lambda one: one.due_at)
        return due

    def _send(self, one: Delivery) -> None:
        status = self.post(one.uri, one.body, one.headers(self._secret(one)))
        with self.lock:
            one.tries += 1
            one.statuses.append(status)
            self._note(one)

    def _secret(self, one: Delivery) -> str:
        app = self.apps.by_id.get(one.client_id) or App(one.client_id, "")
        if one.is_forged:
            return f"not-{app.secret}"
        old = one.is_signed_old and app.may_sign_old(now=self.clock.now())
        return app.old_secret if old else app.secret

    def _note(self, one: Delivery) -> None:
        """Write down what became of a delivery; after eight failures its subscription goes."""
        source = self.subscriptions.get(one.subscription_id)
        if source is not None:
            source.failures = 0 if one.is_taken else source.failures + 1
        if one.is_taken or one.tries > len(LADDER):
            self.ended.append(one)
            if source is not None and source.failures >= _WORST and not source.is_configured:
                del self.subscriptions[source.id]
            return
        one.due_at = self.clock.now() + LADDER[one.tries - 1]
        self.waiting.append(one)


def _again(one: Delivery) -> Delivery:
    """Return the same delivery once more, under its own id."""
    return Delivery(
        one.subscription_id, one.client_id, one.domain, one.topic, one.uri, one.body, one.version,
        one.triggered_at, one.due_at, one.event_id, one.name, one.webhook_id,
    )  # fmt: skip


def _chosen(body: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Keep the fields that a subscription names; all where it names none."""
    wanted = set(names)
    return {name: value for name, value in body.items() if name in wanted} if wanted else body
