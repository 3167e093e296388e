"""The best products of what is mostly asked for, kept by the worker.

Which products sold best cannot be told without reading all of them. Where those are many, the
worker does it once for each preset, after it has recomputed days, and a page reads the answer.
A board is never old: whoever recomputes a day to something else deletes the boards it is in, and
nobody reads one over days that wait to be recomputed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from analytics.enums import Lens, Preset
from analytics.models import ProductBoard, VariantDay
from analytics.periods import Period, preset_period
from analytics.product_reads import BestProducts, best_products, sales_by_product
from analytics.reports.coverage import Coverage, coverage
from analytics.rollups import hold_writers
from analytics.sums import PRODUCT_COLUMNS, Sums
from tenants.scope import tenant_scope

SHOWN = 8
MANY = 3_000  # rows of variants in 30 days, from which reading them takes longer than a page may


def keep_boards(tenant_id: UUID, *, now: datetime) -> int:
    """Write the boards of today's presets that are missing; return how many."""
    with tenant_scope(tenant_id):
        hold_writers()
        known = coverage(now=now)
        windows = _windows(known) if _has_many(known) else set()
        have = {_window(board): board.id for board in ProductBoard.objects.defer("every")}
        ProductBoard.objects.filter(id__in=[have[each] for each in have.keys() - windows]).delete()
        missing = [
            _board(*each, is_over=each[1].last < known.today)
            for each in windows - have.keys()
            if not _waits(each[1], known)
        ]
        ProductBoard.objects.bulk_create(missing)
    return len(missing)


def kept_board(period: Period, currency: str) -> BestProducts | None:
    """Return the board of a window whose days wait for nothing, where there is one."""
    boards = ProductBoard.objects.defer("every")
    board = boards.filter(currency=currency, first_day=period.first, last_day=period.last).first()
    if board is None:
        return None
    sums = {
        product: Sums(**dict(zip(PRODUCT_COLUMNS, values, strict=True)))
        for product, *values in board.best
    }
    return BestProducts(sums, board.sold, board.net_sales)


def _has_many(known: Coverage) -> bool:
    month = preset_period(Preset.DAYS_30, today=known.today, since=known.today, financial_month=1)
    rows = VariantDay.objects.filter(day__range=(month.first, month.last)).order_by()
    return rows[: MANY + 1].count() > MANY


def _windows(known: Coverage) -> set[tuple[str, Period]]:
    """Return the windows of all presets, each in every currency."""
    since = known.first_day or known.today  # as the pages do
    month = known.financial_month
    wanted = (
        preset_period(preset, today=known.today, since=since, financial_month=month)
        for preset in Preset
        if preset is not Preset.CUSTOM
    )
    periods = {part for period in wanted if (part := known.known_part(period))}
    plain = {Period(period.first, period.last) for period in periods}
    return {(currency, period) for currency in known.currencies for period in plain}


def _window(board: ProductBoard) -> tuple[str, Period]:
    return board.currency, Period(board.first_day, board.last_day)


def _waits(period: Period, known: Coverage) -> bool:
    return any(day in period for day in known.live.days | known.live.stale)


def _board(currency: str, period: Period, *, is_over: bool) -> ProductBoard:
    best = best_products(period, currency=currency, live=frozenset(), lens=Lens.EVENT, most=SHOWN)
    rows = [
        [product, *(getattr(sums, name) for name in PRODUCT_COLUMNS)]
        for product, sums in best.sums.items()
    ]
    return ProductBoard(
        currency=currency,
        first_day=period.first,
        last_day=period.last,
        best=rows,
        every=_every(currency, period) if is_over else None,
        sold=best.sold,
        net_sales=best.net_sales,
    )


def _every(currency: str, period: Period) -> list[list[int]] | None:
    """Return all products, and each of `PRODUCT_COLUMNS` of them in the same order."""
    sold = sales_by_product(period, currency=currency, live=frozenset(), lens=Lens.EVENT)
    columns = [[getattr(sums, name) for sums in sold.values()] for name in PRODUCT_COLUMNS]
    return [list(sold), *columns] if sold else None
