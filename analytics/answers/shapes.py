"""The keys of the answers of reports: those of all, those of a series, a split, a proof."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, TypedDict

from analytics.figures.comparing import GROWTH, POINTS
from analytics.metric import Declared, Unit
from analytics.reports.listed import Kind, Told
from xenofy.common.shapes import (
    Code,
    Count,
    Day,
    Keys,
    ListOf,
    Moment,
    Money,
    OrNull,
    Share,
    ShopifyId,
    keys_of,
)

Hundredths = Annotated[Money, "To the hundredth."]


class FrameBody(TypedDict):
    """What the answer of every report says of its days and of how fresh it is."""

    currency: Code | None
    timezone: Annotated[str, "The shop's."]
    lens: Annotated[Literal["event", "order"], "Whose day a reversal counts on."]
    startDate: Day
    endDate: Day
    asOf: Moment
    knownSince: Annotated[Day | None, "The first day with figures."]
    daysUpdating: Annotated[int, "How many of its days are still being recomputed."]
    dataVersion: Annotated[int, "Rises when a figure of the shop may have changed."]


class PageBody(TypedDict):
    total: Annotated[int, "Rows of all pages."]
    page: Count
    limit: Count


class DaysBody(TypedDict):
    startDate: Day
    endDate: Day


class LedgerRowBody(TypedDict):
    """A row of the sale ledger; `amount` is its part of the value."""

    key: str
    happenedAt: Moment
    day: Day
    orderId: ShopifyId
    orderName: str | None
    action: Literal["order", "update", "return"]
    lineType: str
    quantity: int
    gross: Money
    discount: Money
    tax: Money
    amount: Money


class _ProofBody(FrameBody):
    metric: str
    value: Annotated[Money, "What the amounts of all rows add up to."]
    reported: Annotated[Money, "What the report says."]
    formula: str
    version: Annotated[int, "Rises when the meaning of the figure changes."]
    rowCount: Count
    page: Count
    limit: Count


def answer_of(*parts: Any) -> Keys:
    """Return the shape of the answer of a report: its frame, and what is its own."""
    return keys_of(FrameBody, *parts)


def figures_of(figures: Iterable[Declared]) -> dict[str, Any]:
    """Return S of the contract, or the part of it that applies."""
    return {figure.key: _figure(figure) for figure in figures}


def series_shape(figures: Sequence[Declared], of_totals: Sequence[Declared] = ()) -> Keys:
    """Return the shape of figures bucket by bucket, beside those of earlier days."""
    whole = (*figures, *of_totals)
    totals = Keys(figures_of(whole))
    buckets = {"buckets": ListOf(Keys({"start": _START, **figures_of(figures)}))}
    earlier = compared({"totals": OrNull(totals), **buckets}, figures=whole)
    return answer_of({"grain": str, "totals": totals, **buckets}, earlier)


def compared(*parts: Any, figures: Sequence[Declared]) -> Keys:
    """Return the shape of the earlier days of a report, which are there where asked for.

    Where they are not known, what they would have told is null, with the reason.
    """
    changes = changes_of(figures)
    told = keys_of(DaysBody, *parts, {"reason": str}, changes)
    return Keys({"comparison": Keys(told.of, ("reason", *changes.of))}, ("comparison",))


def changes_of(figures: Sequence[Declared]) -> Keys:
    """Return the shape of how figures changed."""
    shares = [figure.key for figure in figures if figure.unit is Unit.SHARE]
    others = [figure.key for figure in figures if figure.unit is not Unit.SHARE]
    found = {
        kind.key: Keys(dict.fromkeys(keys, Share | None))
        for kind, keys in ((GROWTH, others), (POINTS, shares))
        if keys
    }
    return Keys(found, tuple(found))


def proof_of(*rows: Keys | type) -> Keys:
    """Return the shape of the rows behind one figure."""
    row = keys_of(*rows)
    always = set.intersection(*({*keys_of(each).of} - {*keys_of(each).optional} for each in rows))
    optional = tuple(key for key in row.of if key not in always)
    return keys_of(_ProofBody, {"rows": ListOf(Keys(row.of, optional))})


def listed_row(columns: Iterable[Told]) -> Keys:
    """Return the shape of a customer, an order or a checkout behind a figure."""
    return Keys({**{told.key: OrNull(_TOLD[told.kind]) for told in columns}, "amount": Money})


_START = Annotated[str, "A day of the shop, `2026-11-04`, or an hour, `2026-11-04T09:00`."]
_TOLD: Mapping[Kind, Any] = {
    Kind.ID: ShopifyId,
    Kind.TEXT: str,
    Kind.COUNT: int,
    Kind.DAY: Day,
    Kind.MOMENT: Moment,
    Kind.MINOR: Money,
    Kind.MONEY: Money,
    Kind.DURATION: Annotated[Money, "Hours."],
}
_UNITS: Mapping[Unit, Any] = {
    Unit.MONEY: Money,
    Unit.COUNT: int,
    Unit.SHARE: Share,
    Unit.NUMBER: Hundredths,
    Unit.CLASS: str,
}


def _figure(figure: Declared) -> Any:
    """Return the shape of a figure; an average or a rate may mean nothing."""
    kind = _UNITS[figure.unit]
    unknown = figure.below or figure.unit is Unit.NUMBER
    return Annotated[kind | None if unknown else kind, figure.formula]
