"""Any history of deliveries and disasters ends as if nothing had gone wrong.

Hypothesis delivers a made-up shop's messages in any order and again, kills web server and worker at
named points, replays and prunes. At the end mirror and ledger are what the oracle of the soak says,
and the rollups what a recomputation gives. `make fuzz` plays longer, and makes what failed short.
"""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from analytics import leaderboards, rollups
from bench.deliveries import HOSTILE
from bench.facts import KINDS
from bench.facts import Shop as Facts
from bench.reckoning import Reckoning
from bench.sender import headers_of
from bench.stories import FIRST_DAY, Message, Story
from tenants.scope import tenant_scope
from tests.factories import SECRET, ConnectionFactory, TenantFactory
from tests.fuzz.conftest import fuzzing
from tests.shops import Shop
from tests.webhooks.deaths import dies
from tests.webhooks.processes import other_session
from webhooks import inbox, processing, replay, retention
from webhooks.models import InboxEvent
from xenofy.common.failpoints import NAMES
from xenofy.verification.tenant import verify_tenant

WEB = ("before_insert_commit", "after_insert")
ELSEWHERE = {"before_derive_commit", "before_privacy_commit", "after_privacy_step"}
WORKER = sorted(NAMES - {*WEB, *ELSEWHERE})
EVERYTHING = replay.Selection(statuses=replay.EVERY_STATUS)
ANY = st.integers(0, 2**16)
_numbers = itertools.count()


class Histories(RuleBasedStateMachine):
    """One shop: `outstanding` are deliveries that Shopify has no 200 for, `sent` the others."""

    @initialize(seed=ANY)
    def begin(self, seed: int) -> None:
        self.facts = Facts(next(_numbers), *KINDS[seed % len(KINDS)])
        self.story = Story(self.facts, random.Random(seed))
        self.happenings: Iterator[list[Message]] = self.story.messages()
        self.tenant_id = TenantFactory().id
        self.shop = Shop(ConnectionFactory(tenant_id=self.tenant_id, domain=self.facts.domain))
        self.outstanding: list[Message] = []
        self.sent: list[Message] = []
        self.ahead = timedelta(0)  # of our clock
        self.happen()

    def now(self) -> datetime:
        return timezone.now() + self.ahead

    # ── Shopify ───────────────────────────────────────────────────────────────────────────────

    @rule()
    def happen(self) -> None:
        self.outstanding += next(self.happenings)

    @precondition(lambda self: self.outstanding)
    @rule(places=st.lists(ANY, min_size=1, max_size=6))
    def deliver(self, places: list[int]) -> None:
        """Deliver some of what is outstanding, in any order."""
        for place in places[: len(self.outstanding)]:
            self._deliver(self.outstanding.pop(place % len(self.outstanding)))

    @precondition(lambda self: self.sent)
    @rule(place=ANY, same_id=st.booleans())
    def deliver_again(self, place: int, same_id: bool) -> None:
        message = self.sent[place % len(self.sent)]
        if not same_id:
            message = replace(message, webhook_id=f"again-{len(self.sent)}-{message.webhook_id}")
        self._deliver(message)

    @rule(body=st.sampled_from(HOSTILE))
    def deliver_what_nobody_can_read(self, body: bytes) -> None:
        name = f"bad-{len(self.sent)}"
        self._deliver(
            Message(self.facts, "orders/create", name, "", FIRST_DAY, body, readable=False)
        )

    @precondition(lambda self: self.outstanding)
    @rule(place=ANY, failpoint=st.sampled_from(WEB))
    def kill_the_web_server(self, place: int, failpoint: str) -> None:
        """Without an answer, Shopify will send the delivery again."""
        message = self.outstanding[place % len(self.outstanding)]
        assert dies(failpoint, lambda: self._post(message))

    def _post(self, message: Message) -> int:
        headers = {name.replace("-", "_"): value for name, value in headers_of(message, "").items()}
        del headers["X_Shopify_Hmac_Sha256"], headers["Content_Type"]
        return self.shop.post(message.topic, message.body, secret=SECRET, **headers).status_code

    def _deliver(self, message: Message) -> None:
        assert self._post(message) == 200
        self.sent.append(message)

    # ── us ────────────────────────────────────────────────────────────────────────────────────

    def _drain(self) -> object:
        return processing.drain(self.tenant_id, now=self.now())

    def _refresh(self) -> object:
        rollups.refresh(self.tenant_id, now=self.now())
        return leaderboards.keep_boards(self.tenant_id, now=self.now())

    def _put_back(self) -> object:
        with tenant_scope(self.tenant_id):
            return replay.put_back(EVERYTHING, now=self.now(), by="Put back by a test.")

    def _prune(self) -> object:
        return retention.prune(self.tenant_id, now=self.now() + timedelta(days=100))

    @rule(work=st.sampled_from([_drain, _refresh, _put_back, _prune]))
    def work(self, work: Callable[[Histories], object]) -> None:
        work(self)

    @rule(failpoint=st.sampled_from(WORKER), passage=st.integers(1, 2))
    def kill_the_worker(self, failpoint: str, passage: int) -> None:
        """Whether it comes to the point depends on what there is to do."""
        dies(f"{failpoint}:{passage}", self._everything)
        self.ahead += timedelta(seconds=1)

    def _everything(self) -> None:
        for work in (self._drain, self._refresh, self._put_back, self._prune, self._drain):
            work()

    @rule()
    def restart(self) -> None:
        """Forget what a process keeps: connections, and shops that have signed."""
        connections.close_all()
        inbox._known.clear()

    # ── what holds ────────────────────────────────────────────────────────────────────────────

    @invariant()
    def nothing_acknowledged_is_lost(self) -> None:
        acknowledged = {(message.topic, message.webhook_id) for message in self.sent}
        with tenant_scope(self.tenant_id):
            kept = set(InboxEvent.objects.values_list("topic", "webhook_id"))
        assert acknowledged <= kept

    def teardown(self) -> None:
        """Let Shopify deliver the rest and everything be processed; then compare."""
        if not hasattr(self, "tenant_id"):
            return
        while self.outstanding:
            self._deliver(self.outstanding.pop())
        self.ahead += timedelta(days=2)  # whatever waits for its next try
        self.shop.drain(later=self.ahead)
        self._refresh()
        with other_session() as session:
            compared = Reckoning(session, self.tenant_id, self.story, self.sent, Counter())
            assert list(compared.differences()) == []
        found = verify_tenant(self.tenant_id, limit=5, progress=lambda *_: None)
        assert found.differences.first == []
        assert (found.rollups.waiting, found.inbox.accounted_for) == (0, found.inbox.accepted)


@pytest.mark.django_db(transaction=True)
@pytest.mark.fault(1)
@pytest.mark.fault(2)
@pytest.mark.fault(3)
@pytest.mark.fault(26)
def test_any_history_ends_as_if_nothing_had_gone_wrong() -> None:
    run_state_machine_as_test(
        Histories,
        settings=hypothesis_settings(
            fuzzing,
            max_examples=max(4, fuzzing.max_examples // 12),
            stateful_step_count=15,
            phases=set(Phase) - (set() if "FUZZ_EXAMPLES" in os.environ else {Phase.shrink}),
        ),
    )
