"""Every page of figures, asked with every choice that it offers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import cycle, product
from urllib.parse import urlencode

import pytest
from django.test import Client

from analytics.enums import Comparison, Grain, Lens, Preset
from tests.analytics.conftest import Books

PAGES = ["/", "/sales/", "/orders/", "/products/", "/products/7001/", "/customers/", "/carts/",
         "/fulfilment/"]  # fmt: skip
PERIODS: list[dict[str, str]] = [
    *({"period": preset.value} for preset in Preset if preset is not Preset.CUSTOM),
    {"start": "2026-11-07", "end": "2026-11-07"},
    {"start": "2024-02-29", "end": "2026-11-23"},
]
COMPARED: list[dict[str, str]] = [
    *({"vs": comparison.value} for comparison in Comparison),
    {"vs_start": "2026-10-01", "vs_end": "2026-10-31"},
]

EVERY = list(product(PERIODS, COMPARED))
EACH_ONCE = list(zip(PERIODS, cycle(COMPARED), strict=False))

pytestmark = pytest.mark.usefixtures("now")


def walk(
    page: Client, path: str, choices: Iterable[tuple[dict[str, str], dict[str, str]]]
) -> list[str]:
    """Return the addresses that fail: 400 is for a grain that a page does not have.

    Grains and lenses turn with the days, so that each meets each of them on some page.
    """
    turns = cycle(product(Grain.values, Lens.values))
    failed = []
    for days, compared in choices:
        grain, lens = next(turns)
        address = f"{path}?{urlencode({**days, **compared, 'by': grain, 'lens': lens})}"
        answer = page.get(address)
        fits = path != "/" or grain in ("day", "week", "month")
        if answer.status_code not in ((200,) if fits else (200, 400)):
            failed.append(f"{address}: {answer.status_code}")
    return failed


@pytest.mark.parametrize("path", PAGES)
def test_no_choice_fails(page: Client, shop: Books, path: str) -> None:
    assert walk(page, path, EVERY) == []


@pytest.mark.parametrize("path", [path for path in PAGES if "7001" not in path])
def test_no_choice_fails_in_an_empty_shop(page: Client, books: Books, path: str) -> None:
    """Which days a choice means was tried above; here it is that there is nothing in them."""
    assert walk(page, path, EACH_ONCE) == []


@pytest.mark.parametrize("path", [path for path in PAGES if "7001" not in path])
def test_shop_that_sold_nothing_is_told_so(page: Client, books: Books, path: str) -> None:
    """Its figures are not 0: they are not known."""
    html = page.get(path).content.decode()

    assert " yet</h2>" in html
    assert 'class="kpi"' not in html and "<table" not in html


@pytest.mark.parametrize("path", [*PAGES, "/orders/1/", "/customers/7/",
                                  "/proof/?metric=netSales"])  # fmt: skip
def test_unknown_parameters_are_left_out(page: Client, shop: Books, path: str) -> None:
    """Mail programs add theirs to each link; what a page knows must still be right."""
    more = "&" if "?" in path else "?"

    plain, decorated = (
        re.sub(r'"csrfmiddlewaretoken" value="\w+"', "", page.get(address).content.decode())
        for address in (path, f"{path}{more}utm_source=mail&x=%00")
    )

    assert decorated == plain
