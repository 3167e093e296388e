"""Log lines say where something went wrong, and nothing that a delivery or a row holds."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from shop_data.payloads.values import PayloadError
from xenofy.common.log import LineFormatter

CANARY = "quillon@canary.example"


def _refused_by_the_database() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [CANARY])


def _twice_in_one_row() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE once (mail text UNIQUE)")
        cursor.execute("INSERT INTO once VALUES (%s), (%s)", [CANARY, CANARY])


def _no_number() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise PayloadError(f"id is not a whole number: {CANARY!r}.") from error


def _no_such_key() -> None:
    {}[CANARY]


def line_of(fail: Callable[[], None]) -> str:
    try:
        fail()
    except Exception as error:  # noqa: BLE001
        info = (type(error), error, error.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "", 0, "A step failed.", None, info)
        return LineFormatter().format(record)
    raise AssertionError("It did not fail.")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fail", "said"),
    [
        (_refused_by_the_database, "SQLSTATE 22P02"),
        (_twice_in_one_row, "SQLSTATE 23505"),
        (_no_number, "PayloadError"),
        (_no_such_key, "KeyError"),
    ],
)
def test_an_error_is_named_with_its_place_and_quotes_nobody(
    fail: Callable[[], None], said: str
) -> None:
    line = line_of(fail)

    assert said in line and f"in {fail.__name__}" in line
    assert CANARY not in line


def test_what_quotes_nobody_is_said() -> None:
    def fail() -> None:
        raise ImproperlyConfigured("SECRET_KEY is missing.")

    assert "SECRET_KEY is missing." in line_of(fail)
