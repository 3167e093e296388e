"""Sales split by channel, product, ... as a body and as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal, TypedDict

from analytics.answers.answer import Answer, Body, earlier_days, frame, growth, share, statement
from analytics.answers.shapes import PageBody, answer_of, changes_of, compared, figures_of
from analytics.answers.tables import column_of, table, values
from analytics.parameters import ReportParameters
from analytics.reports.breakdowns import Breakdown, SplitRow, breakdown
from analytics.reports.coverage import Coverage
from analytics.reports.product_list import NOT_SOLD, abc_classes
from analytics.reports.splits import Split
from analytics.sums import Sums
from xenofy.common.shapes import Keys, ListOf, OrNull, Share, keys_of
from xenofy.common.tables import Column, Row, Table

CLASSED = ("products", "variants")
GEOGRAPHY = {"country": "countries", "region": "regions"}


class _KeyBody(TypedDict):
    key: Annotated[str, "Shopify's id where there is one; empty for what belongs to none."]
    name: str


def split_shape(name: str, split: Split) -> Keys:
    """Return the shape of a split."""
    summed = [each for each in split.metrics if each not in split.once]
    figures, totals = figures_of(split.metrics), Keys(figures_of(summed))
    classed = {"abc": Literal["A", "B", "C", "U"] | None} if name in CLASSED else {}
    before = keys_of(figures, changes_of(split.metrics))
    row = keys_of(
        _KeyBody, classed, figures, {"share": Share | None}, Keys({"comparison": before}, _OPTIONAL)
    )
    earlier = compared({"totals": OrNull(totals)}, figures=summed)
    return answer_of(PageBody, {"rows": ListOf(row), "totals": totals}, earlier)


_OPTIONAL = ("comparison",)


def split_of(name: str, parameters: ReportParameters) -> str:
    """Return which split an address means: some are two, by a parameter."""
    given = parameters.validated_data
    if name == "inventory":
        return str(given["of"])
    return GEOGRAPHY[given["by"]] if name == "geography" else name


def breakdown_answer(name: str) -> Callable[[ReportParameters, Coverage], Answer]:
    """Return what answers a split of sales."""

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        found = breakdown(split_of(name, parameters), parameters.query(), coverage=coverage)
        split = _Split(name, found)
        return Answer(body=split.body, table=split.table, counted="total")

    return answer


class _Split:
    """The rows of a split; products and variants have their class (A, B, C) beside them."""

    def __init__(self, name: str, found: Breakdown) -> None:
        self.name = name
        self.found = found
        self.currency = found.query.currency
        self.metrics = found.split.metrics
        self.summed = [each for each in self.metrics if each not in found.split.once]
        self.classes = _classes(found) if name in CLASSED else None

    def body(self) -> Body:
        """Return a page of the rows."""
        found, query = self.found, self.found.query
        body = {
            **frame(found),
            "total": len(found.rows),
            "page": query.page,
            "limit": query.limit,
            "rows": [self._row(row) for row in found.shown],
            "totals": self._totals(found.totals),
        }
        if query.earlier:
            earlier = found.earlier and self._totals(found.earlier)
            body["comparison"] = {
                **(earlier_days(query) or {}),
                "totals": earlier,
                **growth(self.summed, body["totals"], earlier or None),
            }
        return body

    def table(self) -> Table:
        """Return all rows."""
        columns = [Column(key="key", label="Key"), Column(key="name", label=self.found.split.label)]
        if self.classes is not None:
            columns.append(Column(key="abc", label="Class"))
        columns += [column_of(metric, self.currency) for metric in self.metrics]
        columns.append(Column(key="share", label=f"Share of {self.found.split.main.label.lower()}"))
        return table(
            self.name, self.found, columns, (), [self._cells(row) for row in self.found.rows]
        )

    def _totals(self, sums: Sums) -> Body:
        return statement(sums, self.currency, self.summed)

    def _row(self, row: SplitRow) -> Body:
        body = {
            "key": row.key,
            "name": row.name,
            **({} if self.classes is None else {"abc": self.classes.get(row.key)}),
            **statement(row.sums, self.currency, self.metrics),
            "share": share(row.share),
        }
        if row.earlier is not None:
            earlier = statement(row.earlier, self.currency, self.metrics)
            body["comparison"] = {**earlier, **growth(self.metrics, body, earlier)}
        return body

    def _cells(self, row: SplitRow) -> Row:
        abc = [] if self.classes is None else [self.classes.get(row.key)]
        figures = values(row.sums, self.metrics, self.currency)
        return [row.key, row.name, *abc, *figures, share(row.share)]


def _classes(found: Breakdown) -> dict[str, str]:
    """Return A, B or C for each product that sold, "U" for what only came back."""
    gross = {int(row.key): row.sums.gross_sales for row in found.rows if row.key}
    classes = abc_classes(gross)
    return {str(key): classes.get(key, NOT_SOLD) for key in gross}
