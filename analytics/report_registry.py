"""Every report of the API: its parameters and its answer. A split is one line in `splits`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from analytics.answers.answer import Answer
from analytics.answers.bridge import bridge_answer
from analytics.answers.carts import carts_answer
from analytics.answers.cohorts import cohorts_answer, last_months
from analytics.answers.fulfilment import fulfilment_answer
from analytics.answers.hours import hours_answer
from analytics.answers.inventory import SORTS, inventory_answer
from analytics.answers.proof import proof_answer
from analytics.answers.rfm import rfm_answer
from analytics.answers.series import customers_answer, orders_answer, sales_answer
from analytics.answers.splits import breakdown_answer
from analytics.enums import Comparison, Grain
from analytics.metrics import NET_SALES, PROVABLE
from analytics.parameters import ReportParameters
from analytics.periods import Period
from analytics.reports.coverage import Coverage
from analytics.reports.splits import SPLITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report of the API: the parameters it takes besides those of all, and its answer."""

    answer: Callable[[ReportParameters, Coverage], Answer]
    takes: Collection[str] = ("format",)
    words: Mapping[str, Collection[str]] = field(default_factory=dict)
    days: Callable[[Coverage], Period] | None = None  # where none are asked for


ADDRESSES = {name: name for name in SPLITS if name not in ("countries", "regions")} | {
    "geography": "countries"
}  # the split that tells which metrics an address has


def _sorts(split: str) -> list[str]:
    return _both_ways([*(metric.key for metric in SPLITS[split].metrics), "name", "key"])


def _both_ways(keys: list[str]) -> list[str]:
    return [*keys, *(f"-{key}" for key in keys)]


def _breakdowns() -> dict[str, Report]:
    return {
        name: Report(
            answer=breakdown_answer(name),
            takes=("format", "sort", *(("by",) if name == "geography" else ())),
            words={"sort": _sorts(split)},
        )
        for name, split in ADDRESSES.items()
    }


def _proofs() -> dict[str, Report]:
    provable = {"sales": list(PROVABLE), "hours": list(PROVABLE), "bridge": [NET_SALES.key]}
    for name, split in ADDRESSES.items():
        provable[name] = [each.key for each in SPLITS[split].metrics if each.lines]
    return {
        f"{name}/proof": Report(
            answer=proof_answer(name),
            takes=(
                *("format", "metric"),
                *(("key",) if name in ADDRESSES else ()),
                *(("by",) if name == "geography" else ()),
            ),
            words={"metric": metrics},
        )
        for name, metrics in provable.items()
    }


REPORTS: dict[str, Report] = {
    "sales": Report(answer=sales_answer, takes=("format", "grain")),
    "orders": Report(answer=orders_answer, takes=("format", "grain")),
    "customers": Report(answer=customers_answer, takes=("format", "grain")),
    "cohorts": Report(answer=cohorts_answer, days=last_months),
    "rfm": Report(answer=rfm_answer),
    "fulfillment": Report(answer=fulfilment_answer),
    "abandoned-carts": Report(
        answer=carts_answer,
        takes=("format", "grain"),
        words={"grain": [each.value for each in Grain if each is not Grain.HOUR]},
    ),
    "inventory": Report(
        answer=inventory_answer, takes=("format", "sort", "of"), words={"sort": _both_ways(SORTS)}
    ),
    **_breakdowns(),
    "hours": Report(answer=hours_answer),
    "bridge": Report(
        answer=bridge_answer,
        words={"compare": [each.value for each in Comparison if each is not Comparison.NONE]},
    ),
    **_proofs(),
}
