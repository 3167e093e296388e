"""The list of products, or of variants, as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse

from analytics import metrics
from analytics.list_forms import BY_PRODUCT, BY_VARIANT, ProductsForm
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.figure import drawn
from analytics.pages.figures import Cell
from analytics.pages.frame import Chart, Frame, chart, frame
from analytics.pages.links import Links, rows_href
from analytics.pages.orders import Tag
from analytics.pages.picker import Choice
from analytics.reports.overview import OverviewQuery
from analytics.reports.product_list import ListedProduct
from analytics.reports.products import NO_PRODUCT
from analytics.reports.sales import SalesReport
from analytics.sums import Sums, total_of
from xenofy.common import formats

PAGE = 50
CLASSES = {"A": "good", "B": "", "C": "", "U": "warn"}
SHOWN = (metrics.NET_SALES, metrics.UNITS, metrics.UNITS_RETURNED, metrics.RETURNED_VALUE)
NAMES = {BY_PRODUCT: "Products", BY_VARIANT: "Variants"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One product or variant of the list."""

    name: str
    href: str
    detail: str
    abc: Tag | None
    width: str
    share: Cell
    cells: list[Cell]
    stock: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductsPage:
    """The inputs of analytics/products.html; the totals are of all that is listed."""

    sub: str
    frame: Frame
    nothing: bool
    chart: Chart
    kinds: list[Choice]
    kept: list[tuple[str, str]]
    clear: str
    columns: list[str]
    rows: list[ListedRow]
    totals: list[Cell]
    newer: str
    older: str


def products_page(
    listed: list[ListedProduct],
    sales: SalesReport,
    *,
    form: ProductsForm,
    query: OverviewQuery,
    links: Links,
) -> ProductsPage:
    """Return one page of the list, the first being number 1."""
    number, search = form.number, form.cleaned_data["q"].casefold()
    sold = sum(each.sums.units > 0 for each in listed if each.shopify_id != NO_PRODUCT)
    whole = total_of([Sums(), *(each.sums for each in listed)])
    found = [each for each in listed if each.is_like(search)] if search else listed
    table = _Table(form.cleaned_data["of"], query, whole, _best(listed))
    return ProductsPage(
        sub=f"{words.counted(sold, table.noun, query.currency)} sold, by net sales",
        frame=frame(query, links, coverage=sales.coverage, report=table.of, stale=sales.stale),
        nothing=sales.coverage.first_day is None and not listed,
        chart=chart(drawn(query, sales), links, ProductsForm.strip, file="sales"),
        kinds=[
            Choice(label=label, href=links.to(of=of), current=of == table.of)
            for of, label in NAMES.items()
        ],
        kept=links.kept("q"),
        clear=links.to(q=""),
        columns=[metric.label for metric in SHOWN],
        rows=[table.row(each) for each in found[(number - 1) * PAGE : number * PAGE]],
        totals=table.totals(total_of([Sums(), *(each.sums for each in found)]), linked=not search),
        newer=links.to(page=str(number - 1)) if number > 1 else "",
        older=links.to(page=str(number + 1)) if len(found) > number * PAGE else "",
    )


def _best(listed: list[ListedProduct]) -> int:
    """Return the greatest net sales, which have the longest bar."""
    return max((each.sums.net_sales for each in listed), default=0)


class _Table:
    """The rows of products or of variants."""

    def __init__(self, of: str, query: OverviewQuery, whole: Sums, best: int) -> None:
        self.of = of
        self.noun = "variant" if of == BY_VARIANT else "product"
        self.query = query
        self.whole = whole
        self.best = best

    def row(self, each: ListedProduct) -> ListedRow:
        """Return one of them."""
        net, total, currency = each.sums.net_sales, self.whole.net_sales, self.query.currency
        width = Decimal(max(0, net)) / self.best if self.best > 0 else Decimal(0)
        return ListedRow(
            name=self._name(each),
            href=self._href(each),
            detail=", ".join(each.skus) if self.of == BY_VARIANT else "",
            abc=Tag(text=each.abc, tone=CLASSES[each.abc]) if each.abc else None,
            width=f"{width * 100:.1f}%",
            share=Cell(
                text=formats.percent(Decimal(net) / total) if total else words.UNKNOWN,
                href=self._cell(metrics.NET_SALES, each.sums, self._key(each)).href,
            ),
            cells=[self._cell(metric, each.sums, self._key(each)) for metric in SHOWN],
            stock=Cell(
                text=words.UNKNOWN if each.stock is None else formats.integer(each.stock, currency),
                href=f"{self._href(each)}#rows" if each.stock and self._href(each) else "",
            ),
        )

    def totals(self, sums: Sums, *, linked: bool) -> list[Cell]:
        """Return the sums of all that is listed; a search has no rows of its own to lead to."""
        cells = [self._cell(metric, sums, None) for metric in SHOWN]
        return cells if linked else [Cell(text=cell.text) for cell in cells]

    def _cell(self, metric: Metric, sums: Sums, key: str | None) -> Cell:
        value = metric.value(sums, self.query.currency)
        rows = rows_href(
            metric,
            self.query.period,
            currency=self.query.currency,
            lens=self.query.lens,
            split="" if key is None else self.of,
            key=key or "",
        )
        return Cell(
            text=words.shown(metric, value, self.query.currency),
            href=rows if value else "",
            strong=metric is metrics.NET_SALES,
        )

    def _key(self, each: ListedProduct) -> str:
        return str(each.shopify_id) if each.shopify_id != NO_PRODUCT else ""

    def _name(self, each: ListedProduct) -> str:
        if each.shopify_id == NO_PRODUCT:
            return "Without a product" if self.of == BY_PRODUCT else "Without a variant"
        return each.title or f"{self.noun.capitalize()} {each.shopify_id}"

    def _href(self, each: ListedProduct) -> str:
        return product_href(each.product, self.query) if each.product != NO_PRODUCT else ""


def product_href(product: int, query: OverviewQuery) -> str:
    """Return the page of a product with the days of another page."""
    days = {
        "start": query.period.first.isoformat(),
        "end": query.period.last.isoformat(),
        "currency": query.currency,
        "lens": query.lens.value,
    }
    return f"{reverse('analytics:product', args=[product])}?{urlencode(days)}"
