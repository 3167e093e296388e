"""Which earlier days stand behind which bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from analytics.enums import Comparison, Grain
from analytics.periods import Period, chosen_period
from analytics.series import Pair, paired


def side(pairs: list[Pair], index: int) -> Iterator[date]:
    return (day for pair in pairs if (period := pair[index]) for day in period.dates())


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(0, 800),
    st.sampled_from(Grain),
    st.sampled_from(Comparison),
)
def test_each_day_of_both_periods_is_in_one_pair(
    first: date, more: int, grain: Grain, comparison: Comparison
) -> None:
    period = chosen_period(first, first + timedelta(days=more))
    earlier = period.compared(comparison)

    pairs = paired(period, earlier, grain)

    assert list(side(pairs, 0)) == list(period.dates())
    assert list(side(pairs, 1)) == list(earlier.dates() if earlier else ())


def test_days_that_only_the_earlier_period_has_stand_alone() -> None:
    september = chosen_period(date(2026, 9, 1), date(2026, 9, 30))

    last = paired(september, september.previous(), Grain.DAY)[-1]

    assert last == (None, Period(date(2026, 8, 31), date(2026, 8, 31)))


def test_weeks_go_with_the_days_at_the_same_distance() -> None:
    period = Period(date(2026, 10, 24), date(2026, 11, 22))

    second = paired(period, period.previous(), Grain.WEEK)[1]

    assert second == (
        Period(date(2026, 10, 26), date(2026, 11, 1)),
        Period(date(2026, 9, 26), date(2026, 10, 2)),
    )


def test_whole_months_go_with_whole_months() -> None:
    year = chosen_period(date(2024, 1, 1), date(2024, 12, 31))

    march = paired(year, year.year_before(), Grain.MONTH)[2]

    assert march[1] == Period(date(2023, 3, 1), date(2023, 3, 31))
