"""Reports as files: CSV, workbooks and JSON Lines hold what the body holds, all of it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection

from analytics.answers.tables import Named
from analytics.figures import SHARE
from analytics.metric import Unit
from analytics.report_registry import REPORTS
from tenants import exports
from tests.accounts.clients import Api
from tests.analytics.conftest import Books, an_order
from tests.analytics.shopkeeping import RANGE, ask, query_of, sent
from xenofy.common import workbooks
from xenofy.common.tables import Column, Table

PLAIN = [name for name in REPORTS if not name.endswith("/proof")]
NESTED = {"cohorts", "fulfillment"}  # of which one row of the body is several of the file
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

pytestmark = pytest.mark.usefixtures("now")


def named_in(report: str) -> Mapping[str, Named]:
    """Return what the columns of figures are made of, by key."""
    return {
        figure.key: figure
        for figure in REPORTS[report].figures
        if figure.unit is not Unit.CLASS and figure is not SHARE  # whose column says of what
    }


def rows_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(next(body[part] for part in ("buckets", "rows", "parts") if part in body))


def objects(file: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.splitlines()]


def cells(sheet: bytes) -> Iterator[list[str | None]]:
    """Yield the texts and numbers of each row of a sheet."""
    for row in ET.fromstring(sheet).iter(f"{SHEET}row"):
        yield [cell.findtext(f"{SHEET}v") or _text(cell) for cell in row]


def _text(cell: ET.Element) -> str | None:
    """Return a cell's text; of what XML cannot hold, the code stands there."""
    text = cell.findtext(f"{SHEET}is/{SHEET}t")
    return text and re.sub("_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), text)


def sheets(file: bytes) -> list[list[list[str | None]]]:
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        assert parts.testzip() is None
        names = sorted(name for name in parts.namelist() if name.startswith("xl/worksheets/"))
        return [list(cells(parts.read(name))) for name in names]


def written(table: Table) -> list[list[list[str | None]]]:
    with workbooks.workbook(table) as file:
        return sheets(file.read())


@pytest.mark.parametrize("name", PLAIN)
def test_every_kind_of_file_holds_the_same_rows(token: str, shop: Books, name: str) -> None:
    query = query_of(name)
    text = sent(ask(token, name, f"{query}&format=csv")).decode()
    lines = [
        json.loads(line) for line in sent(ask(token, name, f"{query}&format=jsonl")).splitlines()
    ]
    (sheet,) = sheets(sent(ask(token, name, f"{query}&format=xlsx")))

    head, *rows = csv.reader(io.StringIO(text))
    assert head == sheet[0]
    assert len(rows) == len(lines) == len(sheet) - 1 > 0
    assert len(head) == len(lines[0])


@pytest.mark.parametrize("name", [name for name in PLAIN if name not in NESTED])
def test_files_hold_what_the_body_holds(token: str, shop: Books, name: str) -> None:
    query = query_of(name)
    body = ask(token, name, query).json()
    text = sent(ask(token, name, f"{query}&format=csv")).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    lines = [
        json.loads(line) for line in sent(ask(token, name, f"{query}&format=jsonl")).splitlines()
    ]

    told, named = rows_of(body), named_in(name)
    assert len(rows) == len(lines) == len(told)
    for row, line, told_row in zip(rows, lines, told, strict=True):
        for key in told_row.keys() & named.keys():
            value = told_row[key]
            money = f" ({body['currency']})" if named[key].unit is Unit.MONEY else ""
            printed = row[f"{named[key].label}{money}"]
            assert (Decimal(printed) if printed else None) == (
                None if value is None else Decimal(str(value))
            )
            assert line[key] == value


def test_file_names_its_zone_and_its_days(token: str, shop: Books) -> None:
    answer = ask(token, "sales", f"{RANGE}&format=csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="sales-2026-10-01-to-2026-11-20.csv"' in answer["Content-Disposition"]
    assert sent(answer).decode().startswith("Series,Start (Asia/Kolkata),Gross sales (INR),")


def test_page_and_limit_do_not_cut_a_file(token: str, shop: Books) -> None:
    whole = sent(ask(token, "products", f"{RANGE}&format=jsonl"))

    assert sent(ask(token, "products", f"{RANGE}&format=jsonl&limit=1&page=2")) == whole


HOSTILE = ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1"]


@pytest.mark.threat(7)
@pytest.mark.parametrize("name", HOSTILE)
def test_file_holds_no_formula_of_a_stranger(token: str, books: Books, name: str) -> None:
    order = an_order(1, "2026-11-04T12:00:00", "100").body() | {"source_name": name}
    books.tell(("orders/create", order))

    text = sent(ask(token, "channels", f"{RANGE}&format=csv")).decode()
    (sheet,) = sheets(sent(ask(token, "channels", f"{RANGE}&format=xlsx")))
    (line,) = sent(ask(token, "channels", f"{RANGE}&format=jsonl")).splitlines()

    assert [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1] == f"'{name}"
    assert (sheet[1][0] or "").strip() == name.strip()
    assert json.loads(line)["key"] == name


def test_workbook_has_numbers_and_texts_and_no_formula(token: str, shop: Books) -> None:
    file = sent(ask(token, "products", f"{RANGE}&format=xlsx"))

    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        assert b"#,##0.00" in parts.read("xl/styles.xml")
    assert b"<f>" not in sheet
    assert b't="inlineStr"' in sheet


def test_workbook_goes_on_on_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    columns = [Column(key="a", label="A"), Column(key="b", label="B", currency="KWD")]
    rows = [[str(number), Decimal(number) / 1000] for number in range(5)]

    found = written(Table(name="t", columns=columns, rows=rows))

    assert [[row[0] for row in sheet] for sheet in found] == [
        ["A", "0", "1"], ["A", "2", "3"], ["A", "4"],
    ]  # fmt: skip
    assert found[0][2][1] == "0.001"


def test_workbook_without_rows_has_its_head() -> None:
    columns = [Column(key="a", label="A")]

    assert written(Table(name="t", columns=columns, rows=[])) == [[["A"]]]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_file_that_breaks_off_says_so(
    token: str, shop: Books, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(name: str, *more: Any) -> Any:
        def rows() -> Iterator[list[str]]:
            yield ["1"]
            raise ZeroDivisionError

        return Table(name=name, columns=[Column(key="a", label="A")], rows=rows(), count=2)

    monkeypatch.setattr("analytics.answers.splits.table", breaking)

    parts: list[bytes] = []
    with pytest.raises(ZeroDivisionError):
        parts.extend(ask(token, "channels", f"{RANGE}&format={kind}"))
    *_, last = b"".join(parts).decode().splitlines()

    assert exports.BROKEN in last
    assert kind == "csv" or json.loads(last)["code"] == "INCOMPLETE"


def test_a_workbook_that_breaks_off_is_an_error(
    token: str, shop: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("tenants.exports.workbook", breaking)
    api = Api()
    api.client.raise_request_exception = False

    answer = api.get(f"/api/data/reports/channels?{RANGE}&format=xlsx", token)

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/json")


def test_no_clock_cuts_a_long_file(transactional_db: None) -> None:
    """A file streams for as long as its reader takes it: no statement of the web has a limit."""
    fresh = connection.copy()  # processing sets a limit of its own in this process's connection

    with closing(fresh), fresh.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
