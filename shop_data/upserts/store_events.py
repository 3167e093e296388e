"""Writing what happened in the shop: one line for each delivery that was processed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection

from shop_data.payloads.happenings import Happening
from tenants.scope import current_tenant_id

_WRITE = """
INSERT INTO shop_data_storeevent
    (tenant_id, id, event_id, type, verb, description, subject_shopify_id, happened_at)
SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[],
    %s::bigint[], %s::timestamptz[])
ON CONFLICT DO NOTHING
"""


class Told(NamedTuple):
    """What a delivery told. `event_id` is Shopify's, the same for all that one action caused."""

    topic: str
    event_id: str
    happened_at: datetime
    what: Happening

    def key(self) -> UUID:
        """Return the id of the line: told again, it is the same."""
        return uuid5(NAMESPACE_URL, f"{self.topic} {self.event_id} {self.what.own}")


def write_store_events(told: Iterable[Told]) -> None:
    """Write a line for each that is not there yet, in one statement; the first to tell counts."""
    lines: dict[UUID, Told] = {}
    for each in told:
        lines.setdefault(each.key(), each)
    if lines:
        columns = zip(*(_row(key, lines[key]) for key in sorted(lines)), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [current_tenant_id(), *map(list, columns)])


def _row(key: UUID, told: Told) -> tuple[Any, ...]:
    what = told.what
    subject, happened_at = what.subject, told.happened_at
    return key, told.event_id, what.type, what.verb, what.description, subject, happened_at
