"""Primary keys: of version 7, all different, in the order of the milliseconds they were made in."""

from __future__ import annotations

import time

import pytest

from xenofy.common.identifiers import uuid7

MILLISECOND = 1_000_000  # nanoseconds
NOW = 1_795_600_000_000 * MILLISECOND


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a millisecond pass whenever the time is asked for."""
    moments = iter(range(NOW, NOW + 10_000 * MILLISECOND, MILLISECOND))
    monkeypatch.setattr(time, "time_ns", lambda: next(moments))


def test_a_thousand_are_of_version_7_and_all_different() -> None:
    made = [uuid7() for _ in range(1000)]

    assert {(each.version, each.variant) for each in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 1000


def test_later_milliseconds_have_greater_ones(ticking: None) -> None:
    made = [uuid7() for _ in range(1000)]

    assert made == sorted(made)


def test_the_first_half_tells_the_millisecond(ticking: None) -> None:
    assert [uuid7().int >> 80 for _ in range(3)] == [NOW // MILLISECOND + n for n in range(3)]
