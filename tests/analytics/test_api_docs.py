"""docs/api.md and docs/reports*.md: every report is named, and its example is what it answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from analytics.parameters import ReportParameters
from analytics.report_registry import REPORTS
from tests.analytics.conftest import Books
from tests.analytics.shopkeeping import ROOT, ask

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = re.compile(rf"```\nGET {ROOT}/(\S+)\?(\S+)\n\n(.+?)\n```", re.DOTALL)
FRAME = {
    *("currency", "timezone", "lens", "startDate", "endDate", "asOf", "knownSince"),
    *("daysUpdating", "dataVersion"),
}  # of every answer; said once, in the example of sales
MOVING = {"asOf", "dataVersion"}

pytestmark = pytest.mark.usefixtures("now")


def shortened(value: Any) -> Any:
    """Return an answer with the first of each list only."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return [shortened(each) for each in value[:1]] if isinstance(value, list) else value


def read(text: str | bytes) -> Any:
    """Return what JSON says, with numbers as they are printed: money has all its places."""
    return json.loads(text, parse_float=str)


def example_of(token: str, report: str, query: str) -> dict[str, Any]:
    """Return what docs/reports*.md show of an answer."""
    body = read(ask(token, report, query).content)
    left_out = MOVING if report == "sales" else FRAME
    return {key: shortened(value) for key, value in body.items() if key not in left_out}


def examples() -> list[tuple[str, str, str]]:
    texts = (path.read_text() for path in sorted(DOCS.glob("reports*.md")))
    return [example for text in texts for example in EXAMPLE.findall(text)]


def test_every_report_has_an_example() -> None:
    shown = {report for report, _, _ in examples()}

    assert {name for name in REPORTS if not name.endswith("/proof")} <= shown
    assert any(name.endswith("/proof") for name in shown)


@pytest.mark.parametrize(("report", "query", "answer"), examples())
def test_example_is_what_a_report_answers(
    token: str, shop: Books, report: str, query: str, answer: str
) -> None:
    assert example_of(token, report, query) == read(answer)


def test_every_parameter_and_report_is_described() -> None:
    text = (DOCS / "api.md").read_text()

    own = {"report"}  # of the page of proofs
    for name in set(ReportParameters.__dict__["_declared_fields"]) - own:
        assert f"`{name}`" in text, name
    for name in REPORTS:
        assert f"`{name.replace('/proof', '')}`" in text, name
