"""What customers asked of a shop, as its owner sees it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from shop_data.models import CustomerFile, PrivacyRequest
from shop_data.privacy.people import Person
from shop_data.privacy.requests import due_at
from shop_data.store import shop_time_zone
from xenofy.common import formats

SHOWN = 100  # requests, the newest
_WORDS = {
    PrivacyRequest.Kind.DATA: "A customer’s data",
    PrivacyRequest.Kind.REDACT_CUSTOMER: "Forget a customer",
    PrivacyRequest.Kind.REDACT_SHOP: "Erase the shop",
}


class RequestRow(NamedTuple):
    """One request; `file` is the id of what can be downloaded until the day `expires`."""

    what: str
    whom: str
    asked: str
    due: str
    status: str
    tone: str
    detail: str
    file: UUID | None
    expires: str


def request_rows(*, now: datetime) -> list[RequestRow]:
    """Return the requests of the current tenant, the newest first."""
    zone = shop_time_zone()
    requests = list(PrivacyRequest.objects.order_by("-requested_at", "-id")[:SHOWN])
    ids = [request.id for request in requests]
    files = CustomerFile.objects.filter(request_id__in=ids, expires_at__gt=now)
    by_request = {file.request_id: file for file in files.defer("content_encrypted")}
    return [_row(request, by_request.get(request.id), zone, now) for request in requests]


def _row(
    request: PrivacyRequest, file: CustomerFile | None, zone: ZoneInfo, now: datetime
) -> RequestRow:
    status, tone = _status(request, now)
    return RequestRow(
        what=_WORDS[PrivacyRequest.Kind(request.kind)],
        whom=_whom(request),
        asked=_day(request.requested_at, zone, now),
        due=_day(due_at(request), zone, now),
        status=status,
        tone=tone,
        detail=_detail(request, zone, now),
        file=file.id if file else None,
        expires=_day(file.expires_at, zone, now) if file else "",
    )


def _whom(request: PrivacyRequest) -> str:
    """Return who is meant; nobody's name once they are forgotten."""
    if not request.customer_encrypted:
        return ""
    person = Person.from_json(request.customer)
    return next(iter(sorted(person.emails)), f"Customer {min(person.customers)}")


def _status(request: PrivacyRequest, now: datetime) -> tuple[str, str]:
    if request.status == PrivacyRequest.Status.DONE:
        return "done", "good"
    if request.status == PrivacyRequest.Status.REFUSED:
        return "not carried out", "warn"
    return ("overdue", "bad") if due_at(request) < now else ("in progress", "warn")


def _detail(request: PrivacyRequest, zone: ZoneInfo, now: datetime) -> str:
    if request.reason:
        return request.reason
    return f"Done on {_day(request.done_at, zone, now)}" if request.done_at else ""


def _day(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return formats.day(at.astimezone(zone).date(), today=now.astimezone(zone).date())
