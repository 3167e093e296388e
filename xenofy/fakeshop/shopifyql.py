"""ShopifyQL, as far as it asks for the sales of each day; any other question is a parse error."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from xenofy.fakeshop.daily import Day, by_day
from xenofy.fakeshop.money import bare, major
from xenofy.fakeshop.state import ShopState

COUNTS = frozenset({"orders"})  # measures that are no money
MEASURES: dict[str, Callable[[Day], int]] = {
    "orders": lambda day: day.orders,
    "gross_sales": lambda day: day.gross,
    "discounts": lambda day: -day.discounts,
    "returns": lambda day: day.returns,
    "net_sales": lambda day: day.net,
    "shipping_charges": lambda day: day.shipping,
    "taxes": lambda day: day.taxes,
    "duties": lambda day: day.duties,
    "total_sales": lambda day: day.total,
}
_DATE = r"today|-\d+d|\d{4}-\d\d-\d\d"
_QUESTION = re.compile(
    rf"\s*FROM\s+sales\s+SHOW\s+(?P<measures>\w+(?:\s*,\s*\w+)*)\s+TIMESERIES\s+day"
    rf"\s+SINCE\s+(?P<since>{_DATE})(?:\s+UNTIL\s+(?P<until>{_DATE}))?"
    r"(?:\s+ORDER\s+BY\s+day)?\s*",
    re.IGNORECASE,
)


class Table(NamedTuple):
    """An answer: the names of the columns, and a row for each day, also where nothing was sold."""

    columns: list[str]
    rows: list[dict[str, Any]]


class NotUnderstood(Exception):
    """The question is none that the double can answer."""


def ask(state: ShopState, question: str) -> Table:
    """Return the sales of days, of which both ends are in the shop's time zone and included."""
    found = _QUESTION.fullmatch(question)
    if found is None:
        raise NotUnderstood("The double answers: FROM sales SHOW … TIMESERIES day SINCE …")
    names = [name.strip().lower() for name in found["measures"].split(",")]
    if unknown := [name for name in names if name not in MEASURES]:
        raise NotUnderstood(f"Column '{unknown[0]}' not found.")
    days, today = by_day(state), _today(state)
    first, last = _day(found["since"], today), _day(found["until"] or "today", today)
    wanted = (first + timedelta(days=number) for number in range((last - first).days + 1))
    rows = [_row(day, days.get(day, Day()), names, state) for day in wanted]
    return Table(["day", *names], rows)


def _row(day: date, sums: Day, names: list[str], state: ShopState) -> dict[str, Any]:
    currency = state.settings.currency
    return {
        "day": day.isoformat(),
        **{name: _written(name, MEASURES[name](sums), currency) for name in names},
    }


def _written(name: str, value: int, currency: str) -> str:
    return str(value) if name in COUNTS else bare(major(value, currency))


def _today(state: ShopState) -> date:
    return state.clock.now().astimezone(state.settings.timezone).date()


def _day(text: str, today: date) -> date:
    if text.lower() == "today":
        return today
    if text.startswith("-"):
        return today - timedelta(days=int(text[1:-1]))
    return date.fromisoformat(text)
