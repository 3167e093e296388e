"""Whether the process is up, and whether everything it needs is."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xenofy.common.moments import iso


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """Answer that the process serves, whatever the database does."""
    return JsonResponse({"status": "OK", "timestamp": iso(timezone.now())})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all parts work, 503 with the part that does not; no detail of why."""
    parts = {name: _works(check) for name, check in CHECKS.items()}
    status = "OK" if all(parts.values()) else "UNAVAILABLE"
    body = {
        "status": status,
        "parts": {name: "up" if works else "down" for name, works in parts.items()},
        "timestamp": iso(timezone.now()),
    }
    response = JsonResponse(body, status=200 if status == "OK" else 503)
    if response.status_code == 503:
        response["Retry-After"] = "5"
    return response


def _works(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return False


def _database_answers() -> bool:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def _queue_answers() -> bool:
    """Tell whether the worker's login reaches the inbox."""
    with connections["worker"].cursor() as cursor:
        cursor.execute("SELECT FROM webhooks_inboxevent LIMIT 1")
    return True


def _tables_are_current() -> bool:
    executor = MigrationExecutor(connections["default"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


CHECKS = {
    "database": _database_answers,
    "queue": _queue_answers,
    "migrations": _tables_are_current,
}
