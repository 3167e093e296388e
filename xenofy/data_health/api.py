"""GET /api/data/reports/data-health."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, TypedDict, cast

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from shop_data.reconciliation.results import compared
from tenants.credentials import Credential
from tenants.rights import Right
from webhooks.health import Accounting, DeliveriesHealth, Lag, deliveries_health
from webhooks.serializers import iso_or_none
from webhooks.subscription_checks import Subscribed
from xenofy.common.operations import Nothing, operation
from xenofy.common.shapes import Count, Day, Id, Moment
from xenofy.data_health.compared_api import ReconciliationBody, compared_body

Reason = Annotated[str | None, "Null for who may not see people: it may quote a body."]


class LagBody(TypedDict):
    """How long deliveries took from receipt to the mirror."""

    deliveries: Count
    p50Milliseconds: int | None
    p95Milliseconds: int | None


class AccountingBody(TypedDict):
    """Where accepted deliveries are now."""

    accepted: Count
    done: Count
    superseded: Count
    quarantined: Count
    pending: Count


class TopicBody(AccountingBody):
    topic: str
    isKnown: bool
    lag: LagBody
    oldestWaitingAt: Moment | None


class UnknownVersionBody(TypedDict):
    apiVersion: str
    deliveries: Count
    firstDay: Day
    lastDay: Day


class WaitingTopicBody(TypedDict):
    topic: str
    state: str
    failures: Count
    reason: Reason
    openedAt: Moment | None
    nextProbeAt: Moment | None


class SetAsideBody(TypedDict):
    id: Id
    topic: str
    webhookId: str
    receivedAt: Moment
    attempts: Count
    reason: Reason
    hasBody: bool


class RefusedBody(TypedDict):
    topic: str
    missing: Annotated[str, "The rights that are missing in Shopify, or what Shopify says."]


class SubscribedBody(TypedDict):
    """What Shopify tells us of by webhooks, as the last look at the shop found it."""

    checkedAt: Moment
    topics: list[str]
    refused: list[RefusedBody]
    doubled: Annotated[list[str], "Topics that came twice in the last day."]
    unreachable: Annotated[str | None, "Why Shopify cannot deliver, a sentence."]


class BodiesBody(TypedDict):
    retentionDays: int | None
    keptSince: Moment | None


class DataHealthBody(TypedDict):
    """Where the deliveries of the shop are, how late, what is set aside, and what Shopify says."""

    asOf: Moment
    accounting: AccountingBody
    lag: LagBody
    oldestWaitingAt: Moment | None
    topics: list[TopicBody]
    unknownVersions: list[UnknownVersionBody]
    waitingTopics: list[WaitingTopicBody]
    quarantine: list[SetAsideBody]
    uninstalledAt: Moment | None
    subscribed: SubscribedBody | None
    otherVersion: Annotated[str | None, "Of Shopify's Admin API, where another one answers."]
    bodies: BodiesBody
    reconciliation: ReconciliationBody


class DataHealthView(APIView):
    right = Right.READ_ANALYTICS

    @operation(DataHealthBody, Nothing)
    def get(self, request: Request, given: Nothing) -> Response:
        """Answer where the deliveries of the shop are, what is set aside, and what Shopify says."""
        report = deliveries_health(now=timezone.now())
        credential = cast("Credential", request.auth)
        body = report_body(report, may_see_people=credential.may_see_people)
        body["reconciliation"] = compared_body(compared())
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
        "subscribed": _subscribed(report.subscribed),
        "otherVersion": report.other_version or None,
        "bodies": {
            "retentionDays": report.retention_days,
            "keptSince": iso_or_none(report.bodies_kept_since),
        },
    }


def _subscribed(found: Subscribed | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "checkedAt": iso_or_none(found.checked_at),
        "topics": found.topics,
        "refused": [
            {"topic": topic, "missing": why}
            for why, topics in found.refused.items()
            for topic in topics
        ],
        "doubled": found.doubled,
        "unreachable": found.unreachable or None,
    }


def _accounting(accounting: Accounting) -> dict[str, int]:
    return {"accepted": accounting.accepted, **asdict(accounting)}


def _lag(lag: Lag) -> dict[str, int | None]:
    return {"deliveries": lag.deliveries, "p50Milliseconds": lag.p50, "p95Milliseconds": lag.p95}
