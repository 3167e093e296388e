"""Whether the process is up, and whether everything it needs is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypedDict

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webhooks.reachability import NONCE, PROOF, proof_of
from xenofy.common.moments import iso
from xenofy.common.operations import Nothing, operation
from xenofy.common.shapes import Moment

NOT_KEPT = {"Cache-Control": "no-store"}


class AliveBody(TypedDict):
    status: Literal["OK"]
    timestamp: Moment


class ReadyBody(TypedDict):
    """Whether each part works."""

    status: Literal["OK", "UNAVAILABLE"]
    parts: dict[str, Literal["up", "down"]]
    timestamp: Moment


class AliveView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(AliveBody, Nothing)
    def get(self, request: Request, given: Nothing) -> Response:
        """Answer that the process serves, whatever the database does."""
        body = {"status": "OK", "timestamp": iso(timezone.now())}
        proof = proof_of(request.headers.get(NONCE, ""))  # that it is this installation
        return Response(body, headers={**NOT_KEPT, **({PROOF: proof} if proof else {})})


class ReadyView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(ReadyBody, Nothing, also=(503,))
    def get(self, request: Request, given: Nothing) -> Response:
        """Answer 200 when all parts work, 503 with the part that does not; no detail of why."""
        parts = {name: _works(check) for name, check in CHECKS.items()}
        works = all(parts.values())
        body = {
            "status": "OK" if works else "UNAVAILABLE",
            "parts": {name: "up" if works else "down" for name, works in parts.items()},
            "timestamp": iso(timezone.now()),
        }
        more = {} if works else {"Retry-After": "5"}
        return Response(body, status=200 if works else 503, headers={**NOT_KEPT, **more})


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return False


def _database_answers() -> bool:
    """Tell whether the database takes writes; one that was demoted only answers."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only') = 'off'")
        return bool(cursor.fetchone()[0])


def _queue_answers() -> bool:
    """Tell whether the worker's login reaches the inbox."""
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT FROM webhooks_inboxevent LIMIT 1")
    return True


def _counters_answer() -> bool:
    """Tell whether requests can be counted: what others keep in a cache is a table here."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT FROM accounts_attemptcount LIMIT 1")
    return True


def _tables_are_current() -> bool:
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS = {
    "database": _database_answers,
    "queue": _queue_answers,
    "migrations": _tables_are_current,
    "cache": _counters_answer,
}
