"""Each threat that security has to hold against has a test, or its number and reason stand here.

1 another shop's objects, 2 row-level security, 3 code outside of a scope, 4 tokens, 5 guessing,
6 forged requests, origins, hosts and redirects, 7 scripts and formulas in texts, 8 addresses that
we would call, 9 OAuth, 10 secrets, 11 API keys, 12 the admin, 13 the audit log, 14 logs,
15 erasure, 16 the deployment check
"""

from __future__ import annotations

import re

from django.conf import settings

THREATS = frozenset(range(1, 17))
OTHERS: dict[int, str] = {}
_MARK = re.compile(r"mark\.threat\((\d+)\)")


def marked() -> set[int]:
    """Return the numbers that tests are marked with."""
    found = (settings.BASE_DIR / "tests").rglob("test_*.py")
    return {int(number) for path in found for number in _MARK.findall(path.read_text())}


def test_each_threat_has_a_test_or_a_reason() -> None:
    assert sorted(THREATS - marked()) == sorted(OTHERS)


def test_no_other_number_is_marked() -> None:
    assert marked() <= THREATS
