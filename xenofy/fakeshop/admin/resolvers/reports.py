"""Shopify's own figures, by ShopifyQL, where the app may read reports."""

from __future__ import annotations

from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.fields import field
from xenofy.fakeshop.shopifyql import COUNTS, NotUnderstood, Table, ask


class Column(NamedTuple):
    name: str
    data_type: str

    @property
    def display_name(self) -> str:
        return self.name.replace("_", " ").capitalize()


class Data(NamedTuple):
    columns: list[Column]
    rows: list[dict[str, Any]]


class Response(NamedTuple):
    parse_errors: list[str]
    table_data: Data | None


@field("QueryRoot", "shopifyqlQuery")
def shopifyql(root: Any, asked: Ask, query: str) -> Response:
    asked.needs("read_reports", "shopifyqlQuery")
    asked.needs_people("shopifyqlQuery")
    try:
        table: Table = ask(asked.state, query)
    except NotUnderstood as error:
        return Response([str(error)], None)
    columns = [Column(name, _kind_of(name)) for name in table.columns]
    return Response([], Data(columns, table.rows))


def _kind_of(column: str) -> str:
    if column == "day":
        return "DAY_TIMESTAMP"
    return "INTEGER" if column in COUNTS else "MONEY"
