"""Reports for machines, under /api/data/reports/."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import cast

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from analytics.answers.answer import Answer
from analytics.conditional import conditional
from analytics.parameters import ReportParameters
from analytics.report_registry import REPORTS, about
from analytics.reports.coverage import Coverage, data_version
from analytics.reports.unchanged import kept_coverage
from tenants.exports import TYPES, exported
from tenants.rights import Right
from xenofy.common.operations import Operation
from xenofy.common.pagination import page_links

MAX_AGE = 60  # seconds
SLOT = timedelta(minutes=15)  # every zone's midnight lies on one


class ReportsViewSet(ViewSet):
    """Every report; which one is part of the address."""

    name = ""
    right = Right.READ_ANALYTICS

    @property
    def operation(self) -> Operation:
        """Return what the report takes and answers; its parameters need what is known of a shop."""
        report, of_no_shop = REPORTS[self.name], cast("Coverage", None)
        return Operation(
            about=about(self.name),
            answer=report.shape,
            takes=report.parameters({}, of_no_shop),
            files=tuple(TYPES.values()),
            kept=True,
        )

    def retrieve(self, request: Request) -> HttpResponseBase:
        """Answer the report as JSON or as a file."""
        now = timezone.now()
        return conditional(
            request,
            max_age=MAX_AGE,
            body=lambda: self._answer(request, now),
            moment=_moment(request, now),
        )

    def _answer(self, request: Request, now: datetime) -> HttpResponseBase:
        report, known = REPORTS[self.name], kept_coverage(now=now)
        parameters = report.parameters(request.query_params, known)
        parameters.is_valid(raise_exception=True)
        answer = report.answer(parameters, known)
        if parameters.validated_data["format"] != "json":
            return exported(request, answer.table, parameters.validated_data["format"])
        return _json(request, parameters, answer)


def _json(request: Request, parameters: ReportParameters, answer: Answer) -> Response:
    body = answer.body()
    response = Response({**body, "dataVersion": data_version()})
    if answer.counted:
        page, limit = parameters.validated_data["page"], parameters.validated_data["limit"]
        total = body[answer.counted]
        response["Link"] = page_links(request, page=page, limit=limit, total=total)
    return response


def _moment(request: Request, now: datetime) -> str:
    """Return what of the time an answer depends on: nothing, once its days are over everywhere."""
    try:
        last = date.fromisoformat(request.query_params.get("endDate", ""))
    except ValueError:
        last = date.max
    if last < now.astimezone(UTC).date() - timedelta(days=1):
        return ""
    return str(int(now.timestamp() // SLOT.total_seconds()))
