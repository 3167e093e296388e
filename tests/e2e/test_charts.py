"""What charts.js makes of a spec, read from the chart and from the pixels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import NewPage, until

CHART = "Chart.getChart(document.querySelector('canvas'))"
INK = """() => {
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const seen = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 200) seen.add(`${data[at] >> 4} ${data[at + 1] >> 4} ${data[at + 2] >> 4}`);
  }
  return seen.size;
}"""
MIDDLE = f"""() => {{
  const {{ x, y, base }} = {CHART}.getDatasetMeta(0).data[0];
  const {{ left, top }} = document.querySelector('canvas').getBoundingClientRect();
  return [left + x, top + (y + base) / 2];
}}"""

OUTLINED = f"""() => {{
  const canvas = document.querySelector('canvas');
  const chart = {CHART};
  const {{ data, width }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const inked = (x, y) => data[4 * (Math.round(y) * width + Math.round(x)) + 3] === 255;
  const aside = 0.45 * chart.scales.x.width / 4;
  const earlier = chart.getDatasetMeta(1).data;
  return chart.getDatasetMeta(0).data.map(({{ x }}, index) => {{
    return index in earlier && inked(x - aside, earlier[index].y);
  }});
}}"""


@pytest.fixture
def chart(page: Page) -> Page:
    """The specimen with its chart drawn."""
    return _drawn(page)


def _drawn(page: Page) -> Page:
    page.goto("/specimen")
    page.wait_for_selector("html[data-charts=ready]")
    return page


def test_chart_is_drawn(chart: Page) -> None:
    assert chart.evaluate(INK) >= 4


def test_bars_start_at_zero_and_may_go_below(chart: Page) -> None:
    scale = f"{CHART}.scales.y"
    lift = f"{CHART}.getDatasetMeta(0).data[0].base - {scale}.getPixelForValue(0)"

    assert chart.evaluate(f"{scale}.min") < 0
    assert abs(chart.evaluate(lift)) < 1


def test_bucket_that_still_grows_is_hatched(chart: Page) -> None:
    fills = chart.evaluate(
        f"{CHART}.data.datasets[0].backgroundColor.map((fill) => fill instanceof CanvasPattern)"
    )

    assert fills == [False, False, False, True]


def test_earlier_period_is_outlined_over_whole_buckets(chart: Page) -> None:
    assert chart.evaluate(f"{CHART}.data.datasets[1].data") == [50000, 60000, 0]
    assert chart.evaluate(OUTLINED) == [True, True, True, False]


def test_tooltip_names_both_days_both_values_and_the_change(chart: Page) -> None:
    chart.mouse.move(*chart.evaluate(MIDDLE))
    until(chart, f"{CHART}.tooltip.opacity > 0")

    body, footer = chart.evaluate(
        f"[{CHART}.tooltip.body.flatMap(({{ lines }}) => lines), {CHART}.tooltip.footer]"
    )

    assert [line.split("   ") for line in body] == [
        [" Mon 2 Nov", "₹71,237.50"],
        [" Fri 30 Oct", "₹50,000.00"],
    ]
    assert footer == ["↑ 42.5%"]


def test_rate_is_a_straight_line_in_percent_broken_at_unknowns(chart: Page) -> None:
    rate = "Chart.getChart(document.querySelectorAll('canvas')[1])"
    line = f"{rate}.getDatasetMeta(0).dataset.options"

    assert chart.evaluate(f"{rate}.data.datasets[0].data") == [0.397, None, 0.5, 0.45]
    assert chart.evaluate(f"[{line}.tension, {line}.spanGaps]") == [0, False]
    assert chart.evaluate(f"{rate}.scales.y.ticks.at(-1).label") == "60%"


def test_click_leads_to_the_day(chart: Page) -> None:
    chart.mouse.click(*chart.evaluate(MIDDLE))

    chart.wait_for_url("**/specimen?day=0")


def test_first_tap_pins_and_second_leads(new_page: NewPage) -> None:
    page = _drawn(new_page(width=390, has_touch=True))
    page.locator("canvas").first.scroll_into_view_if_needed()

    page.touchscreen.tap(*page.evaluate(MIDDLE))
    until(page, f"{CHART}.tooltip.opacity > 0")
    assert page.url.endswith("/specimen")

    page.touchscreen.tap(*page.evaluate(MIDDLE))
    page.wait_for_url("**/specimen?day=0")


def test_theme_is_followed_at_once(chart: Page) -> None:
    colour = f"{CHART}.data.datasets[0].backgroundColor[0]"
    light = chart.evaluate(colour)

    chart.locator(".side [data-theme-button]").click()

    until(chart, f"{colour} !== '{light}'")


def test_motion_is_off_where_it_is_not_wanted(chart: Page) -> None:
    assert chart.evaluate(f"{CHART}.options.animation") is False


def test_table_stands_in_where_there_are_no_scripts(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)

    page.goto("/specimen")

    assert page.get_by_role("cell", name="₹71,237.50").last.is_visible()
    assert not page.locator("canvas").first.is_visible()
