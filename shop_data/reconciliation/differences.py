"""What differed from Shopify: kept by day and metric, with the orders that explain it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from shop_data.models import Order, Reconciliation, SalesDifference
from shop_data.reconciliation.lines import Figure, Figures

MOST_NAMED = 50  # orders of one difference

Names = dict[int, str]  # Shopify's id of an order -> what a merchant calls it


def names_of(shopify_ids: Collection[int]) -> Names:
    """Return how orders are called that are here."""
    rows = Order.objects.filter(shopify_id__in=list(shopify_ids))
    return {number: name or str(number) for number, name in rows.values_list("shopify_id", "name")}


def note_healed(
    running: Reconciliation,
    before: Mapping[int, Figures],
    after: Mapping[int, Figures],
    names: Names,
    *,
    now: datetime,
) -> None:
    """Note what asking Shopify again has changed in orders; what is alike is no difference."""
    by_figure: dict[Figure, list[int]] = defaultdict(list)
    for order_id in sorted(before.keys() | after.keys()):
        ours, theirs = before.get(order_id, Figures()), after.get(order_id, Figures())
        for figure in ours.keys() | theirs.keys():
            if ours[figure] != theirs[figure]:
                by_figure[figure].append(order_id)
    for figure, order_ids in sorted(by_figure.items()):
        found = _difference(running, figure, now=now)
        found.ours += sum(before.get(each, Figures())[figure] for each in order_ids)
        found.theirs += sum(after.get(each, Figures())[figure] for each in order_ids)
        found.order_count += len(order_ids)
        named = [[str(each), names.get(each, str(each))] for each in order_ids]
        found.orders = [*found.orders, *named][:MOST_NAMED]
        found.save(update_fields=["ours", "theirs", "order_count", "orders"])


def note_open(running: Reconciliation, figure: Figure, ours: int, theirs: int) -> None:
    """Note that the whole of a day still differs, which no order explains."""
    SalesDifference.objects.update_or_create(
        of=running,
        day=figure.day,
        metric=figure.metric,
        currency=figure.currency,
        defaults={"ours": ours, "theirs": theirs, "healed_at": None},
    )


def _difference(running: Reconciliation, figure: Figure, *, now: datetime) -> SalesDifference:
    found: SalesDifference
    found, _ = SalesDifference.objects.get_or_create(
        of=running,
        day=figure.day,
        metric=figure.metric,
        currency=figure.currency,
        defaults={"ours": 0, "theirs": 0, "healed_at": now},
    )
    return found
