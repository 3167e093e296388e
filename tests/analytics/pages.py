"""Reading a page of figures as a person does."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

ROW = re.compile(
    r'<th scope="row">(?:<a href="[^"]*">)?([^<]+)(?:</a>)?</th>\s*'
    r'<td>(?:<a href="[^"]*">)?([^<]*)(?:</a>)?</td>'
    r'(?:\s*<td class="d">([^<]*)<)?'
)
KPI = re.compile(
    r'<div class="l"[^>]*>(?:<a[^>]*>)?([^<]+)(?:</a>)?</div>.*?'
    r'<div class="v num[^"]*">(?:<a[^>]*>)?([^<]+)(?:</a>)?</div>.*?<div class="n">(.*?)</div>',
    re.DOTALL,
)


class Seen:
    """The figures of an answered page, as texts."""

    def __init__(self, response: HttpResponse) -> None:
        self.status = response.status_code
        self.html = response.content.decode()

    @property
    def headline(self) -> str:
        return self._first(r'<p class="big num[^"]*">([^<]+)</p>')

    @property
    def aside(self) -> str:
        return self._text(self._first(r'<p class="cmp">(.*?)</p>'))

    @property
    def sub(self) -> str:
        return self._first(r'<p class="sub">([^<]*)</p>')

    @property
    def proof(self) -> str:
        return self._text(self._first(r'<p class="proof[^"]*">(.*?)</p>'))

    @property
    def statement(self) -> dict[str, str]:
        return {label: amount for label, amount, _ in self._statement_rows()}

    @property
    def changes(self) -> dict[str, str]:
        return {label: change for label, _, change in self._statement_rows()}

    @property
    def kpis(self) -> dict[str, str]:
        return {label: unescape(value) for label, value, _ in KPI.findall(self.html)}

    @property
    def kpi_notes(self) -> dict[str, str]:
        return {label: self._text(note) for label, _, note in KPI.findall(self.html)}

    @property
    def notes(self) -> list[str]:
        return [
            self._text(note)
            for note in re.findall(r'<div class="note.*?</div>', self.html, re.DOTALL)
        ]

    @property
    def heading(self) -> str:
        return self._text(self._first(r"<figure.*?<h2>(.*?)</h2>"))

    @property
    def spec(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._first(r'type="application/json">(.*?)</script>'))
        return found

    @property
    def table(self) -> list[list[str]]:
        """Return the rows of the chart's table."""
        body = self._first(r'<details class="data">.*?<tbody>(.*?)</tbody>')
        rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        return [
            [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(?:<a[^>]*>)?([^<]*)<", row)]
            for row in rows
        ]

    @property
    def products(self) -> list[list[str]]:
        """Return name, net sales, units and returned value of each product."""
        body = self._first(r'aria-label="Top products">.*?<tbody>(.*?)</tbody>')
        rows = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
        cells = [re.findall(r"<t[hd][^>]*>(?:<a[^>]*>)?([^<]+)<", row) for row in rows]
        return [[unescape(cell) for cell in row if cell.strip()] for row in cells]

    def _statement_rows(self) -> list[list[str]]:
        table = self._first(r'<table class="ledger">(.*?)</table>')
        return [[unescape(text) for text in row] for row in ROW.findall(table)]

    def _first(self, pattern: str) -> str:
        found = re.search(pattern, self.html, re.DOTALL)
        assert found, f"The page has no {pattern}"
        return unescape(found[1])

    def _text(self, html: str) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def following(client: Client, address: str) -> tuple[Seen, Seen]:
    """Return a page of a list and the next one, which its link leads to."""
    first = Seen(client.get(address))
    found = re.search(r'href="([^"#]+)[^"]*" rel="next"', first.html)
    assert found, f"{address} has no next page"
    return first, Seen(client.get(f"{address.partition('?')[0]}{unescape(found[1])}"))


def seen(client: Client, query: str = "") -> Seen:
    """Return what the Overview shows."""
    return Seen(client.get(f"/{query}"))
