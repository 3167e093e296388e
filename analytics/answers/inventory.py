"""Products and variants with their stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, TypedDict

from analytics import metrics
from analytics.answers.answer import Answer, Body, frame, hundredths, share, statement
from analytics.answers.shapes import PageBody, answer_of, figures_of
from analytics.answers.tables import column_of, table
from analytics.figures.stock import OF_STOCK, STOCK
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.inventory import Inventory, StockedProduct, inventory
from analytics.reports.products import NO_PRODUCT
from xenofy.common.shapes import Keys, ListOf, ShopifyId, keys_of
from xenofy.common.tables import Column, Table

OF_PRODUCTS = (
    *(metrics.GROSS_SALES, metrics.DISCOUNTS, metrics.RETURNS, metrics.NET_SALES),
    *(metrics.UNITS, metrics.UNITS_RETURNED, metrics.NET_QUANTITY, metrics.RETURNED_VALUE),
)
SUMMED = OF_PRODUCTS[:-1]
SORTS = [*(each.key for each in (*OF_PRODUCTS, *OF_STOCK)), "name", "key"]
NONE = {"products": "No product", "variants": "No variant"}


class _KindBody(TypedDict):
    key: Annotated[str, "Shopify's id; empty for what belongs to none."]
    name: str
    productId: ShopifyId | None
    skus: list[str]
    abc: Literal["A", "B", "C", "U"] | None


_STOCK = {"stock": Annotated[int | None, STOCK.formula], **figures_of(OF_STOCK[1:])}
INVENTORY = answer_of(
    {"of": Literal["products", "variants"]},
    PageBody,
    {
        "rows": ListOf(keys_of(_KindBody, figures_of(OF_PRODUCTS), _STOCK)),
        "totals": Keys(figures_of(OF_PRODUCTS)),
    },
)


def inventory_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer all products, or variants, with what they sold and what is left of them."""
    of = parameters.validated_data["of"]
    report = inventory(of, parameters.query(), coverage=coverage)
    listed = _Listed(of, report)
    return Answer(body=listed.body, table=listed.table, counted="total")


class _Listed:
    """The rows of a report in the order asked for."""

    def __init__(self, of: str, report: Inventory) -> None:
        self.of = of
        self.report = report
        self.currency = report.query.currency
        self.rows = _sorted([self._row(each) for each in report.rows], report.query.sort)

    def body(self) -> Body:
        """Return a page of them."""
        query = self.report.query
        return {
            **frame(self.report),
            "of": self.of,
            "total": len(self.rows),
            "page": query.page,
            "limit": query.limit,
            "rows": list(query.shown(self.rows)),
            "totals": statement(self.report.totals, self.currency, OF_PRODUCTS),
        }

    def table(self) -> Table:
        """Return all of them."""
        said = [Column(key=key, label=label) for key, label in SAID.items()]
        figures = [column_of(each, self.currency) for each in (*OF_PRODUCTS, *OF_STOCK)]
        columns = [*said, *figures]
        rows = [[_cell(row[column.key]) for column in columns] for row in self.rows]
        return table(f"inventory-{self.of}", self.report, columns, (), rows)

    def _row(self, each: StockedProduct) -> Body:
        listed = each.listed
        nothing = listed.shopify_id == NO_PRODUCT
        return {
            "key": "" if nothing else str(listed.shopify_id),
            "name": (NONE[self.of] if nothing else listed.title) or f"Product {listed.shopify_id}",
            "productId": str(listed.product) if listed.product != NO_PRODUCT else None,
            "skus": list(listed.skus),
            "abc": listed.abc or None,
            **statement(listed.sums, self.currency, OF_PRODUCTS),
            **_stock(each),
        }


SAID = {"key": "Key", "name": "Name", "productId": "Product", "skus": "SKUs", "abc": "Class"}


def _stock(each: StockedProduct) -> Body:
    return {
        "stock": each.listed.stock,
        "sellThrough": share(each.sell_through),
        "unitsPerDay": hundredths(each.units_per_day),
        "daysOfStock": hundredths(each.days_of_stock),
    }


def _cell(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list) else value


def _sorted(rows: list[Body], sort: str) -> list[Body]:
    """Return the rows by one of `SORTS`; what is not known comes last."""
    field, downwards = sort.removeprefix("-"), sort.startswith("-")
    if field in ("name", "key"):
        return sorted(rows, key=lambda row: (row[field], row["key"]), reverse=downwards)
    rows = sorted(rows, key=lambda row: row["key"])  # among equals
    rows = sorted(rows, key=lambda row: row[field] or Decimal(0), reverse=downwards)
    return sorted(rows, key=lambda row: row[field] is None)
