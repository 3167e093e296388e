"""Audit entries as the settings page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.models import User
from tenants.audit import Action
from tenants.models import AuditEntry
from xenofy.common.formats import clock, day

GONE = "somebody who has no account any more"


class LogRow(NamedTuple):
    """An entry in words, its moment in the shop's time; `about` is whom or what it concerns."""

    number: int
    what: str
    who: str
    about: str
    at: str
    address: str


def log_rows(entries: Sequence[AuditEntry], *, zone: ZoneInfo, now: datetime) -> list[LogRow]:
    """Return the rows of a page, in the order given."""
    emails = _emails({found for each in entries if (found := _person_id(each))})
    today = now.astimezone(zone).date()
    return [
        LogRow(
            number=each.number,
            what=_what(each),
            who=each.actor,
            about=", ".join(filter(None, [_whom(each, emails), *_detail(each.detail)])),
            at=f"{day(local.date(), today=today)}, {clock(local)}",
            address=each.ip_address or "",
        )
        for each in entries
        for local in [each.at.astimezone(zone)]
    ]


def _what(entry: AuditEntry) -> str:
    """Return the words of an action; its name, should a later version have written it."""
    return Action(entry.action).label if entry.action in Action.values else entry.action


def _person_id(entry: AuditEntry) -> UUID | None:
    """Return the id of the person whom an entry concerns, if it has one."""
    given = entry.detail.get("person") or entry.subject
    about_people = entry.action.startswith(("member.", "person."))
    try:
        return UUID(given) if about_people else None
    except ValueError:
        return None


def _emails(ids: set[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(id__in=ids).values_list("id", "email")) if ids else {}


def _whom(entry: AuditEntry, emails: Mapping[UUID, str]) -> str:
    person_id = _person_id(entry)
    if person_id is not None:
        return emails.get(person_id, GONE)
    return "" if entry.action == Action.CUSTOMER_DATA_TAKEN else entry.subject


def _detail(detail: Mapping[str, Any]) -> list[str]:
    """Return what else an entry says: "reason: a call", "scopes: read:orders read:products"."""
    return [
        f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in detail.items()
        if name != "person"
    ]
