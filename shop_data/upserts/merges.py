"""Which customers became part of which others.

Every merge that was told is kept, and who became whom follows from all of them in the order in
which they happened: who is gone stays gone, and a merge into somebody who is gone is one into who
they became. A merge that contradicts earlier ones (its customer is gone already, or would become
part of themselves) changes nothing. So no order of arrival changes the outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from shop_data.models import CustomerMerge


class ToldMerge(NamedTuple):
    """A merge as Shopify told it; sorts by when it happened."""

    at: datetime
    gone: int
    kept: int


class Merged(NamedTuple):
    """What merges changed: customer -> who they are, before and now; who is not in it is there."""

    before: Mapping[int, int]
    now: Mapping[int, int]

    def changed(self) -> set[int]:
        """Return the customers who are somebody else than before."""
        return {
            key
            for key in self.before.keys() | self.now.keys()
            if self.before.get(key) != self.now.get(key)
        }

    def whose_things_move(self) -> set[int]:
        """Return the customers who may have things that are another customer's now."""
        changed = self.changed()
        return changed | {self.before[key] for key in changed if key in self.before}


def merges_of(shopify_ids: Collection[int | None]) -> dict[int, int]:
    """Return customer -> who they are now, for those of the ids that were merged into others."""
    asked = {key for key in shopify_ids if key is not None}
    if not asked:
        return {}
    rows = CustomerMerge.objects.filter(shopify_id__any=asked, into_shopify_id__isnull=False)
    return dict(rows.values_list("shopify_id", "into_shopify_id"))


def note_merges(told: Collection[ToldMerge]) -> Merged:
    """Note merges, and who everybody is that they concern; return what changed."""
    _keep(told)
    rows = _related({key for merge in told for key in (merge.gone, merge.kept)})
    before = {row.shopify_id: row.into_shopify_id for row in rows if row.into_shopify_id}
    valid = valid_merges(ToldMerge(r.merged_at, r.shopify_id, r.told_into_shopify_id) for r in rows)
    now = {gone: who(gone, valid) for gone in valid}
    for row in rows:
        is_valid = valid.get(row.shopify_id) == row.told_into_shopify_id
        row.into_shopify_id = now[row.shopify_id] if is_valid else None
    CustomerMerge.objects.bulk_update(rows, ["into_shopify_id"])
    return Merged(before, now)


def valid_merges(told: Iterable[ToldMerge]) -> dict[int, int]:
    """Return gone -> kept of the merges that contradict no earlier one."""
    valid: dict[int, int] = {}
    for merge in sorted(told):
        if merge.gone not in valid and who(merge.kept, valid) != merge.gone:
            valid[merge.gone] = merge.kept
    return valid


def who(customer: int, merges: Mapping[int, int]) -> int:
    """Return who a customer is after all merges."""
    while customer in merges:
        customer = merges[customer]
    return customer


def _keep(told: Iterable[ToldMerge]) -> None:
    """Write what was told; told again it happened when it was told to have happened first."""
    for merge in told:
        row, is_new = CustomerMerge.objects.get_or_create(
            shopify_id=merge.gone, told_into_shopify_id=merge.kept, defaults={"merged_at": merge.at}
        )
        if not is_new and merge.at < row.merged_at:
            CustomerMerge.objects.filter(id=row.id).update(merged_at=merge.at)


def _related(shopify_ids: set[int]) -> list[CustomerMerge]:
    """Return all merges that the customers, or who is merged with them, are part of."""
    rows: dict[tuple[int, int], CustomerMerge] = {}
    known, asked = set(shopify_ids), set(shopify_ids)
    while asked:
        part_of = Q(shopify_id__any=asked) | Q(told_into_shopify_id__in=list(asked))
        for row in CustomerMerge.objects.filter(part_of):
            rows[row.shopify_id, row.told_into_shopify_id] = row
        asked = {key for pair in rows for key in pair} - known
        known |= asked
    return list(rows.values())
