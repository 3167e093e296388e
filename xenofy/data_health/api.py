"""GET /api/data/reports/data-health."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants.credentials import Credential
from tenants.rights import Right
from webhooks.health import Accounting, DeliveriesHealth, Lag, deliveries_health
from webhooks.serializers import iso_or_none


class DataHealthView(APIView):
    right = Right.READ_ANALYTICS

    def get(self, request: Request) -> Response:
        """Answer where the deliveries of the shop are, how late, and what is set aside."""
        report = deliveries_health(now=timezone.now())
        credential = cast("Credential", request.auth)
        body = report_body(report, may_see_people=credential.may_see_people)
        return Response(body, headers={"Cache-Control": "private, no-cache"})


def report_body(report: DeliveriesHealth, *, may_see_people: bool) -> dict[str, Any]:
    """Return the report as JSON; reasons may quote what a body holds, so not all see them."""
    return {
        "asOf": iso_or_none(report.as_of),
        "accounting": _accounting(report.accounting),
        "lag": _lag(report.lag),
        "oldestWaitingAt": iso_or_none(report.oldest_waiting_at),
        "topics": [
            {
                "topic": each.topic,
                "isKnown": each.is_known,
                **_accounting(each.accounting),
                "lag": _lag(each.lag),
                "oldestWaitingAt": iso_or_none(each.oldest_waiting_at),
            }
            for each in report.topics
        ],
        "unknownVersions": [
            {
                "apiVersion": each.api_version,
                "deliveries": each.deliveries,
                "firstDay": each.first_day.isoformat(),
                "lastDay": each.last_day.isoformat(),
            }
            for each in report.unknown_versions
        ],
        "waitingTopics": [
            {
                "topic": each.topic,
                "state": each.state,
                "failures": each.failures,
                "reason": each.reason if may_see_people else None,
                "openedAt": iso_or_none(each.opened_at),
                "nextProbeAt": iso_or_none(each.probe_at),
            }
            for each in report.waiting_topics
        ],
        "quarantine": [
            {
                "id": str(each.id),
                "topic": each.topic,
                "webhookId": each.webhook_id,
                "receivedAt": iso_or_none(each.received_at),
                "attempts": each.attempts,
                "reason": each.reason if may_see_people else None,
                "hasBody": each.has_body,
            }
            for each in report.quarantine
        ],
        "uninstalledAt": iso_or_none(report.uninstalled_at),
        "bodies": {
            "retentionDays": report.retention_days,
            "keptSince": iso_or_none(report.bodies_kept_since),
        },
    }


def _accounting(accounting: Accounting) -> dict[str, int]:
    return {"accepted": accounting.accepted, **asdict(accounting)}


def _lag(lag: Lag) -> dict[str, int | None]:
    return {"deliveries": lag.deliveries, "p50Milliseconds": lag.p50, "p95Milliseconds": lag.p95}
