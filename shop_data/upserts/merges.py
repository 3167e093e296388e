"""Which customers became part of which others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from shop_data.models import CustomerMerge


def merges_of(shopify_ids: Collection[int | None]) -> dict[int, int]:
    """Return customer -> who they are now, for those of the ids that were merged into others."""
    asked = {key for key in shopify_ids if key is not None}
    if not asked:
        return {}
    rows = CustomerMerge.objects.filter(shopify_id__in=list(asked))
    return dict(rows.values_list("shopify_id", "into_shopify_id"))


def note_merges(merges: Mapping[int, int], *, now: datetime) -> dict[int, int]:
    """Note who became part of whom; return the same, each with who they are after all merges.

    Merges come in any order, so a chain may close at its beginning, middle or end.
    """
    found: set[int | None] = set()
    for gone, into in merges.items():
        kept = merges_of([into]).get(into, into)
        if kept == gone:  # back into themselves: one of the two is the older news
            continue
        CustomerMerge.objects.update_or_create(
            shopify_id=gone, defaults={"into_shopify_id": kept, "merged_at": now}
        )
        CustomerMerge.objects.filter(into_shopify_id=gone).update(into_shopify_id=kept)
        found.add(gone)
    return merges_of(found)
