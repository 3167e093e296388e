"""Every report of the API: its parameters and its answer. A split is one line in `splits`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from analytics.enums import Comparison
from analytics.metrics import NET_SALES, PROVABLE
from analytics.parameters import ReportParameters
from analytics.report_answers import (
    Answer,
    breakdown_answer,
    bridge_answer,
    hours_answer,
    proof_answer,
    sales_answer,
)
from analytics.reports.coverage import Coverage
from analytics.reports.splits import SPLITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report of the API: the parameters it takes besides those of all, and its answer."""

    answer: Callable[[ReportParameters, Coverage], Answer]
    takes: Collection[str] = ("format",)
    words: Mapping[str, Collection[str]] = field(default_factory=dict)


ADDRESSES = {name: name for name in SPLITS if name not in ("countries", "regions")} | {
    "geography": "countries"
}  # the split that tells which metrics an address has


def _sorts(split: str) -> list[str]:
    keys = [*(metric.key for metric in SPLITS[split].metrics), "name", "key"]
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
    **_breakdowns(),
    "hours": Report(answer=hours_answer),
    "bridge": Report(
        answer=bridge_answer,
        words={"compare": [each.value for each in Comparison if each is not Comparison.NONE]},
    ),
    **_proofs(),
}
