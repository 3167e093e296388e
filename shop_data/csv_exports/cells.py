"""Single cells, as Shopify writes them, in the form that bodies of webhooks have.

An empty cell of a column that is there says "none" (null); a column that is not there says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shop_data.payloads.values import PayloadError, amount, identifier, whole

Cells = Mapping[str, str]

_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+\.\d{1,6}")  # with a point: else it may be a comma's
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d) ?(Z|UTC|[+-]\d\d:?\d\d)")
_FORMULAS = ("'=", "'+", "'-", "'@")  # spreadsheets run what begins so, unless it is quoted
_TRUE, _FALSE = {"true", "yes"}, {"false", "no"}


def text(cells: Cells, *names: str) -> str | None:
    """Return what the first of the columns that is there says; None for an empty cell."""
    for name in names:
        found = cells.get(name)
        if found is not None:
            is_quoted = found.startswith(_FORMULAS)
            return (found[1:] if is_quoted else found) or None
    return None


def lower(cells: Cells, *names: str) -> str | None:
    """Return a word in small letters, as the API writes states."""
    found = text(cells, *names)
    return found.lower() if found else None


def unquoted(cells: Cells, *names: str) -> str | None:
    """Return digits before which Shopify puts an apostrophe: a phone, a zip."""
    found = text(cells, *names)
    return found.removeprefix("'") or None if found else None


def number(cells: Cells, *names: str) -> int | None:
    """Return a number of Shopify's."""
    found = identifier(unquoted(cells, *names), names[0])
    if found is not None and found <= 0:
        raise PayloadError(f"{names[0]} is not one of Shopify’s numbers: {found}.")
    return found


def count(cells: Cells, *names: str) -> int | None:
    """Return a whole number, which may be below 0."""
    return whole(unquoted(cells, *names), names[0])


def money(cells: Cells, *names: str) -> Decimal | None:
    """Return an amount: 1234.5, or 1,234.50."""
    found = text(cells, *names)
    if found and _GROUPED.fullmatch(found):
        found = found.replace(",", "")
    return amount(found, names[0])


def moment(cells: Cells, *names: str) -> str | None:
    """Return a moment as ISO 8601; one without an offset could be any hour of the day."""
    found = text(cells, *names)
    if found is None:
        return None
    parts = _MOMENT.fullmatch(found)
    if parts is None:
        raise PayloadError(
            f"{names[0]} is not a moment with its offset, as 2026-11-04 09:30:00 +0530 is:"
            f" {found[:40]!r}."
        )
    return f"{parts[1]}T{parts[2]}{parts[3].replace('UTC', 'Z')}"


def truth(cells: Cells, *names: str) -> bool | None:
    """Return what yes and no, true and false say."""
    found = (text(cells, *names) or "").lower()
    if found and found not in _TRUE | _FALSE:
        raise PayloadError(f"{names[0]} is neither yes nor no: {found[:40]!r}.")
    return found in _TRUE if found else None


def present(cells: Cells, fields: Mapping[str, tuple[Any, tuple[str, ...]]]) -> dict[str, Any]:
    """Return field -> value of those fields of which a column is there."""
    return {
        field: read(cells, *names)
        for field, (read, names) in fields.items()
        if any(name in cells for name in names)
    }
