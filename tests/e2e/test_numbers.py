"""The browser's side of tests/vectors/numbers.json; Python's is tests/common/test_formats.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "vectors" / "numbers.json").read_text()
)

RUN = """
async ([kind, rows, styles]) => {
  const numbers = await import('/static/js/numbers.js');
  const { money, compactMoney, integer, percent, points, change } = numbers;
  const write = {
    money: ([amount, currency, places]) => money(amount, styles[currency], places ?? undefined),
    compact_money: ([amount, currency]) => compactMoney(amount, styles[currency]),
    integer: ([count, currency]) => integer(count, styles[currency].grouping),
    percent: ([share]) => percent(share),
    points: ([difference]) => points(difference),
    change: ([current, previous, goodUp, asPoints]) => {
      const { direction, text, tone } = change(current, previous, { goodUp, asPoints });
      return [direction, text, tone];
    },
  };
  return rows.map(write[kind]);
}
"""


def test_browser_writes_numbers_as_python_does(page: Page) -> None:
    page.goto("/login/")
    kinds: list[str] = [kind for kind in VECTORS if kind != "styles"]

    written = {kind: page.evaluate(RUN, [kind, VECTORS[kind], VECTORS["styles"]]) for kind in kinds}

    assert written == {kind: [row[-1] for row in VECTORS[kind]] for kind in kinds}
