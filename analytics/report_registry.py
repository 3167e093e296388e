"""Every report of the API: its parameters and its answer. A split is one line in `splits`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analytics.answers.answer import Answer
from analytics.answers.bridge import BRIDGE, bridge_answer
from analytics.answers.carts import CARTS, OF_CHECKOUTS, carts_answer
from analytics.answers.cohorts import COHORTS, MOST_COHORTS, cohorts_answer
from analytics.answers.fulfilment import FULFILMENT, fulfilment_answer
from analytics.answers.hours import HOURS, hours_answer
from analytics.answers.inventory import INVENTORY, OF_PRODUCTS, SORTS, inventory_answer
from analytics.answers.listed import OF_BUYERS_OR_LEDGER, SHAPES, buyers_answer, listed_answer
from analytics.answers.proof import OF_LEDGER, proof_answer
from analytics.answers.rfm import CELLS, KINDS, RFM, rfm_answer
from analytics.answers.segments import SEGMENTS_SHAPE, segments_answer
from analytics.answers.series import (
    OF_ALL_DAYS,
    OF_CUSTOMERS,
    OF_ORDERS,
    customers_answer,
    orders_answer,
    sales_answer,
)
from analytics.answers.shapes import series_shape
from analytics.answers.splits import CLASSED, breakdown_answer, split_shape
from analytics.enums import Comparison, Grain
from analytics.figures import (
    ABC,
    COHORT_SIZE,
    OF_BRIDGE,
    OF_CARTS,
    OF_COHORTS,
    OF_FULFILMENT,
    OF_RFM,
    OF_SEGMENTS,
    OF_STOCK,
    SEGMENTS,
    SHARE,
)
from analytics.figures.fulfilment import DELIVERED, FULFILLED, OF_AGES
from analytics.metric import Declared, Metric
from analytics.metrics import NET_SALES, STATEMENT
from analytics.parameters import MOST_BUCKETS, ReportParameters
from analytics.periods import Period
from analytics.reports.behind import BOUGHT
from analytics.reports.cohorts import GRAINS as COHORTS_BY
from analytics.reports.cohorts import last_cohorts
from analytics.reports.coverage import Coverage
from analytics.reports.hours import BY_HOUR
from analytics.reports.proof import lines_of
from analytics.reports.splits import SPLITS
from xenofy.common.shapes import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report of the API: the parameters it takes besides those of all, and its answer.

    `figures` are those that it answers; a proof answers one of its report's. `shape` is that of
    the answer.
    """

    answer: Callable[[ReportParameters, Coverage], Answer]
    shape: Keys
    takes: Collection[str] = ("format",)
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    days: Callable[[Coverage, Grain], Period] | None = None  # where none are asked for
    defaults: Mapping[str, str] = field(default_factory=dict)  # of `words`
    most_buckets: int = MOST_BUCKETS
    compares: bool = True  # whether earlier days can be asked for
    figures: Sequence[Declared] = ()

    def parameters(self, data: Mapping[str, str], coverage: Coverage) -> ReportParameters:
        """Return what checks the parameters of a request."""
        return ReportParameters(
            data,
            coverage=coverage,
            takes=self.takes,
            words=self.words,
            days=self.days,
            defaults=self.defaults,
            most_buckets=self.most_buckets,
            compares=self.compares,
        )


# Reports of these days alone, and so their proofs.
UNCOMPARED = ("cohorts", "rfm", "segments", "inventory", "hours")

ADDRESSES = {name: name for name in SPLITS if name not in ("countries", "regions")} | {
    "geography": "countries"
}  # the split that tells which metrics an address has

TWOFOLD = {"geography": ("by",), "inventory": ("of",)}  # what says which of two splits is meant


def _sorts(split: str) -> list[str]:
    return _both_ways([*(metric.key for metric in SPLITS[split].metrics), "name", "key"])


def _both_ways(keys: list[str]) -> list[str]:
    return [*keys, *(f"-{key}" for key in keys)]


def _breakdowns() -> dict[str, Report]:
    return {
        name: Report(
            answer=breakdown_answer(name),
            shape=split_shape(name, SPLITS[split]),
            takes=("format", "sort", *TWOFOLD.get(name, ())),
            words={"sort": _sorts(split)},
            figures=(*SPLITS[split].metrics, SHARE, *((ABC,) if name in CLASSED else ())),
        )
        for name, split in ADDRESSES.items()
    }


def _proofs() -> dict[str, Report]:
    keyed = {name: SPLITS[split].metrics for name, split in ADDRESSES.items()}
    keyed |= {"hours": BY_HOUR.metrics, "inventory": OF_PRODUCTS}
    whole = {"orders": OF_ORDERS, "bridge": (NET_SALES,)}
    proven = {
        f"{name}/proof": Report(
            answer=proof_answer(name),
            shape=OF_LEDGER,
            takes=(
                *("format", "metric"),
                *(("key",) if name in keyed else ()),
                *TWOFOLD.get(name, ()),
            ),
            words={"metric": [each.key for each in metrics if lines_of(each)]},
        )
        for name, metrics in {**whole, **keyed}.items()
    }
    return {**proven, **_proofs_of_lists()}


def _proofs_of_lists() -> dict[str, Report]:
    """Return the proofs whose rows are customers, orders or checkouts."""
    people = {each.key: each for each in (*SEGMENTS, *OF_SEGMENTS)}
    return {
        "sales/proof": _of_buyers("sales", STATEMENT),
        "customers/proof": _of_buyers("customers", (*OF_CUSTOMERS, *OF_ALL_DAYS)),
        "cohorts/proof": Report(
            answer=listed_answer("cohorts", _keyed(COHORT_SIZE, *OF_COHORTS)),
            shape=OF_BUYERS_OR_LEDGER,
            takes=("format", "metric", "key", "number", "grain"),
            words={
                "metric": ["size", "customers", "netSales"],
                "grain": [each.value for each in COHORTS_BY],
            },
            days=last_cohorts,
            defaults={"grain": Grain.MONTH.value},
            most_buckets=MOST_COHORTS,
        ),
        "rfm/proof": _list_of("rfm", _keyed(*OF_RFM), "key"),
        "segments/proof": _list_of("segments", people, "key"),
        "fulfillment/proof": _list_of("fulfillment", _keyed(*OF_AGES, FULFILLED, DELIVERED)),
        "abandoned-carts/proof": _list_of("abandoned-carts", _keyed(*OF_CARTS[:-1])),
    }


def _of_buyers(name: str, metrics: Sequence[Metric]) -> Report:
    """Return the proof of a report that counts customers too."""
    buyers = {each.key: each for each in metrics if each.key in BOUGHT}
    return Report(
        answer=buyers_answer(name, buyers),
        shape=OF_BUYERS_OR_LEDGER,
        takes=("format", "metric"),
        words={"metric": [*buyers, *(each.key for each in metrics if lines_of(each))]},
    )


def _keyed(*figures: Declared) -> dict[str, Declared]:
    return {figure.key: figure for figure in figures}


def _list_of(name: str, figures: Mapping[str, Declared], *more: str) -> Report:
    return Report(
        answer=listed_answer(name, figures),
        shape=SHAPES[name],
        takes=("format", "metric", *more),
        words={"metric": list(figures)},
    )


_REPORTS: dict[str, Report] = {
    "sales": Report(
        answer=sales_answer,
        shape=series_shape(STATEMENT),
        takes=("format", "grain"),
        figures=STATEMENT,
    ),
    "orders": Report(
        answer=orders_answer,
        shape=series_shape(OF_ORDERS),
        takes=("format", "grain"),
        figures=OF_ORDERS,
    ),
    "customers": Report(
        answer=customers_answer,
        shape=series_shape(OF_CUSTOMERS, OF_ALL_DAYS),
        takes=("format", "grain"),
        figures=(*OF_CUSTOMERS, *OF_ALL_DAYS),
    ),
    "cohorts": Report(
        answer=cohorts_answer,
        shape=COHORTS,
        takes=("format", "grain"),
        words={"grain": [each.value for each in COHORTS_BY]},
        days=last_cohorts,
        defaults={"grain": Grain.MONTH.value},
        most_buckets=MOST_COHORTS,
        figures=(COHORT_SIZE, *OF_COHORTS),
    ),
    "rfm": Report(
        answer=rfm_answer,
        shape=RFM,
        takes=("format", "of"),
        words={"of": KINDS},
        defaults={"of": CELLS},
        figures=(*OF_RFM, SHARE),
    ),
    "segments": Report(
        answer=segments_answer, shape=SEGMENTS_SHAPE, figures=(*SEGMENTS, *OF_SEGMENTS, SHARE)
    ),
    "fulfillment": Report(answer=fulfilment_answer, shape=FULFILMENT, figures=OF_FULFILMENT),
    "abandoned-carts": Report(
        answer=carts_answer,
        shape=CARTS,
        takes=("format", "grain"),
        words={"grain": [each.value for each in Grain if each is not Grain.HOUR]},
        figures=(*OF_CARTS, *OF_CHECKOUTS),
    ),
    "inventory": Report(
        answer=inventory_answer,
        shape=INVENTORY,
        takes=("format", "sort", "of"),
        words={"sort": _both_ways(SORTS)},
        figures=(*OF_PRODUCTS, *OF_STOCK, ABC),
    ),
    **_breakdowns(),
    "hours": Report(answer=hours_answer, shape=HOURS, figures=BY_HOUR.metrics),
    "bridge": Report(
        answer=bridge_answer,
        shape=BRIDGE,
        words={"compare": [each.value for each in Comparison if each is not Comparison.NONE]},
        figures=OF_BRIDGE,
    ),
    **_proofs(),
}
REPORTS = {
    name: replace(report, compares=name.removesuffix("/proof") not in UNCOMPARED)
    for name, report in _REPORTS.items()
}


def about(name: str) -> str:
    """Say in a sentence what a report answers."""
    report = name.removesuffix("/proof")
    if report != name:
        return f"Answer the rows behind one figure of {report}; their amounts add up to it."
    if name in ADDRESSES:
        return f"Answer sales by {SPLITS[ADDRESSES[name]].label.lower()}."
    return str(REPORTS[name].answer.__doc__)
