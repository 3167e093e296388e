"""Log lines say where something went wrong, and nothing that a delivery or a row holds."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from shop_data.payloads.values import PayloadError
from xenofy.common.log import JsonFormatter, LineFormatter

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


@pytest.mark.threat(14)
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


@pytest.mark.threat(14)
@pytest.mark.parametrize(
    "said",
    [
        f"Mail to {CANARY} was refused.",
        "Key xen_live_0123abcd_s3cret-s3cret was used.",
        "Token shpat_0123456789abcdef is over.",
        "Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzM2NyZXQifQ.s3cret is over.",
        "Not Found: /invitations/s3cret_of_a_link-that-somebody-was-mailed-0000/",
        "Not Found: /orders/?q=quillon&page=2",
        "No answer of postgres://quillon:s3cret@db.example/xenofy",
        "Nobody answers +49 1573 0099887.",
    ],
)
@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_what_gets_into_a_line_all_the_same_is_taken_out(
    formatter: logging.Formatter, said: str
) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (said,), None)
    record.subject = said

    line = formatter.format(record)

    assert [each for each in ("s3cret", "quillon", "0123456789", "0099887") if each in line] == []


def test_a_line_of_json_has_the_fields_and_ends_where_it_ends() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "Not Found: %s", ("/a\n{}",), None)
    record.event, record.tenant = "request.answered", 7

    line = JsonFormatter().format(record)

    written = json.loads(line)
    assert "\n" not in line
    assert (written["level"], written["event"], written["tenant"]) == (
        *("INFO", "request.answered"),
        7,
    )


def test_a_line_forges_no_other() -> None:
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "Not Found: %s", ("/a\n12:00 ERROR",), None
    )

    assert "\n" not in LineFormatter().format(record)
