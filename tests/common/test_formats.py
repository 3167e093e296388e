"""The Python side of tests/vectors/numbers.json, and the days, which only Python writes."""

from __future__ import annotations

import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xenofy.common import formats

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "numbers.json").read_text()
)
TODAY = date(2026, 11, 23)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize("currency", VECTORS["styles"])
def test_money_style_tells_a_browser_how_to_write_a_currency(currency: str) -> None:
    assert formats.money_style(currency) == VECTORS["styles"][currency]


@pytest.mark.parametrize(("amount", "currency", "places", "text"), VECTORS["money"])
def test_money_is_written_in_full(
    amount: str, currency: str, places: int | None, text: str
) -> None:
    assert formats.money(Decimal(amount), currency, places=places) == text


@pytest.mark.parametrize(("amount", "currency", "text"), VECTORS["compact_money"])
def test_compact_money_is_written_in_three_digits(amount: str, currency: str, text: str) -> None:
    assert formats.compact_money(Decimal(amount), currency) == text


@pytest.mark.parametrize(("value", "currency", "text"), VECTORS["integer"])
def test_integer_is_grouped_as_the_currency_is(value: int, currency: str, text: str) -> None:
    assert formats.integer(value, currency) == text


@pytest.mark.parametrize(("amount", "currency", "places", "text"), VECTORS["money"])
def test_number_is_written_as_money_without_its_symbol(
    amount: str, currency: str, places: int | None, text: str
) -> None:
    if places == 2 or (places is None and VECTORS["styles"][currency]["decimals"] == 2):
        symbol = VECTORS["styles"][currency]["symbol"]
        assert formats.number(Decimal(amount), currency) == text.replace(symbol, "")


@pytest.mark.parametrize(("share", "text"), VECTORS["percent"])
def test_percent_has_one_place_rounded_half_to_even(share: str, text: str) -> None:
    assert formats.percent(Decimal(share)) == text


@pytest.mark.parametrize(("difference", "text"), VECTORS["points"])
def test_points_are_named_as_such(difference: str, text: str) -> None:
    assert formats.points(Decimal(difference)) == text


@pytest.mark.parametrize(
    ("current", "previous", "good_up", "points", "expected"), VECTORS["change"]
)
def test_change_says_direction_size_and_tone(
    current: str | None,
    previous: str | None,
    good_up: bool | None,
    points: bool,
    expected: list[str],
) -> None:
    found = formats.change(_decimal(current), _decimal(previous), good_up=good_up, points=points)

    assert list(found) == expected


def test_change_takes_counts_as_well() -> None:
    assert formats.change(1434, 1253, good_up=True).text == "14.4%"


def test_day_names_its_year_only_when_it_is_another() -> None:
    assert formats.day(date(2026, 11, 4), today=TODAY) == "4 Nov"
    assert formats.day(date(2025, 11, 4), today=TODAY) == "4 Nov 2025"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 24), date(2026, 11, 22), "24 Oct – 22 Nov"),
        (date(2026, 1, 1), date(2026, 1, 7), "1 – 7 Jan"),
        (date(2026, 11, 23), date(2026, 11, 23), "23 Nov"),
        (date(2025, 1, 1), date(2025, 1, 7), "1 – 7 Jan 2025"),
        (date(2025, 10, 24), date(2025, 11, 22), "24 Oct – 22 Nov 2025"),
        (date(2025, 11, 1), date(2026, 11, 1), "1 Nov 2025 – 1 Nov 2026"),
    ],
)
def test_day_range_says_no_more_than_is_needed(first: date, last: date, text: str) -> None:
    assert formats.day_range(first, last, today=TODAY) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [(time(0, 5), "12:05 am"), (time(12, 0), "12:00 pm"), (time(15, 12), "3:12 pm")],
)
def test_clock_counts_twelve_hours(moment: time, text: str) -> None:
    assert formats.clock(moment) == text
