"""The client of a shop's Admin API.

It stays within the shop's budget, renews tokens, waits and asks again where that helps, and says
in a sentence what is wrong where it does not. It calls out: use it outside of transactions.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from shop_data.shopify import answers, budget, tokens, transport
from shop_data.shopify.answers import Again
from shop_data.shopify.errors import NotConnected, ReauthRequired, Unreachable
from shop_data.shopify.hosts import admin_url, bulk_url
from shop_data.shopify.transport import Answer
from tenants.models import Connection, ConnectionState, Grant

MOST_TRIES = 6
PATIENCE = 60.0  # seconds that one call waits in all, for points or for Shopify to answer again

now = timezone.now
sleep = time.sleep
_costs: dict[str, int] = {}  # document -> the points that Shopify asked for it last


def admin_client(tenant_id: UUID, *, patience: float = PATIENCE) -> AdminClient:
    """Return a client for the tenant's shop; raise `NotConnected` or `ReauthRequired`.

    `patience` is for how many seconds one call may wait.
    """
    rows = Connection.objects.filter(tenant_id=tenant_id)
    connection = rows.order_by(F("proven_at").asc(nulls_last=True), "id").first()
    if connection is None or not _has_way_in(connection):
        raise NotConnected
    if connection.state != ConnectionState.CONNECTED:
        raise ReauthRequired(connection.last_error)
    return AdminClient(connection.id, tenant_id, connection.domain, patience)


@dataclass(frozen=True)
class AdminClient:
    """Asks one shop."""

    connection_id: UUID
    tenant_id: UUID
    domain: str
    patience: float = PATIENCE

    def run(self, document: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the `data` of a document's answer, its decimals exact.

        Raises `AccessDenied` where some of it may not be read, `Refused` for errors of the
        document or in `userErrors`, `ReauthRequired`, and `Unreachable` when waiting did not help.
        A mutation of which nothing is known is not sent twice.
        """
        call = _Call(self, document, variables or {})
        while True:
            try:
                return call.once()
            except Again as again:
                call.wait(again)

    def download(self, address: str, *, begin: int = 0) -> AbstractContextManager[Iterator[bytes]]:
        """Open a bulk result that is read in pieces, from a byte on; no token goes there.

        Raises `Unreachable`, also when it breaks off, and `Refused` for another's host or for what
        is there no more.
        """
        return transport.download(bulk_url(address), begin=begin)


@dataclass
class _Call:
    """One document on its way: how often it was sent, and for how long it waited."""

    client: AdminClient
    document: str
    variables: Mapping[str, Any]
    tries: int = 0
    waited: float = 0.0
    refused_token: str = field(default="", repr=False)

    def once(self) -> dict[str, Any]:
        """Send it within the budget and return its data; raise `Again` where that may help."""
        cost = _costs.get(self.document, budget.FIRST_GUESS)
        token = self._token()
        self._reserve(cost)
        try:
            answer = self._send(token, cost)
            seconds = self._settle(cost, answer)
            if answers.refuses_token(answer):
                self._refuse(token)
            return answers.data(answer, seconds=seconds)
        except Again as again:
            if again.is_unknown and self.document.startswith("mutation"):
                raise Unreachable(again.reason) from again
            raise

    def wait(self, again: Again) -> None:
        """Wait before the next time; raise why not when it was enough."""
        seconds = again.seconds
        if again.is_unknown:
            self.tries += 1
            seconds = max(seconds, random.uniform(0.5, 1) * 2 ** (self.tries - 1))  # noqa: S311
        if self.tries >= MOST_TRIES or self.waited + seconds > self.client.patience:
            raise Unreachable(again.reason)
        self.waited += seconds
        sleep(seconds)

    def _token(self) -> str:
        return tokens.access_token(self.client.connection_id, now=now(), refused=self.refused_token)

    def _reserve(self, cost: int) -> None:
        seconds = budget.reserve(self.client.tenant_id, cost, now=now())
        if seconds:
            raise Again("The shop’s Admin API is busy with what was asked before.", seconds)

    def _send(self, token: str, reserved: int) -> Answer:
        try:
            return self._post(token)
        except Unreachable as error:
            budget.settle(self.client.tenant_id, reserved, {}, version="", now=now())
            raise Again(error.message, is_unknown=True) from error

    def _post(self, token: str) -> Answer:
        return transport.post(
            admin_url(self.client.domain),
            json={"query": self.document, "variables": self.variables},
            headers={"X-Shopify-Access-Token": token, "Accept": "application/json"},
        )

    def _settle(self, reserved: int, answer: Answer) -> float:
        """Correct the budget; return the seconds after which a document that cost too much goes."""
        cost = answers.cost(answer)
        if "requestedQueryCost" in cost:
            _costs[self.document] = int(cost["requestedQueryCost"])
        version = answer.headers.get("X-Shopify-API-Version", "")[:20]
        return budget.settle(self.client.tenant_id, reserved, cost, version=version, now=now())

    def _refuse(self, token: str) -> None:
        """Go on with another token; where that is refused too, the merchant has to help."""
        if self.refused_token:
            tokens.give_up(self.client.connection_id, refused=token, now=now())
        self.refused_token = token
        raise Again("Shopify takes the access token no more.")


def _has_way_in(connection: Connection) -> bool:
    if connection.access_token_encrypted is not None:
        return True
    return connection.grant == Grant.CLIENT_CREDENTIALS
