"""Each fault of the reliability catalogue has a test, or its number and reason stand here."""

from __future__ import annotations

import re

from django.conf import settings

FAULTS = frozenset(range(1, 45))
OTHERS = {  # belongs to a part that is not there yet
    39: "code beside a newer schema: operations",
    40: "a replica that lags: operations",
}
_MARK = re.compile(r"mark\.fault\((\d+)\)")


def marked() -> set[int]:
    """Return the numbers that tests are marked with."""
    found = (settings.BASE_DIR / "tests").rglob("test_*.py")
    return {int(number) for path in found for number in _MARK.findall(path.read_text())}


def test_each_fault_has_a_test_or_a_reason() -> None:
    assert sorted(FAULTS - marked()) == sorted(OTHERS)


def test_no_other_number_is_marked() -> None:
    assert marked() <= FAULTS
