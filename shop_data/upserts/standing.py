"""How orders stand in the mirror before and after a batch: by what their figures are split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from shop_data.models import Order

SPLIT_BY = (
    *("counts", "source_name", "country_code", "province_code", "payment_gateways"),
    "discount_codes",
)


class Standing(NamedTuple):
    """An order in the mirror: our id, and by what its figures are split."""

    id: UUID
    split: tuple[Any, ...]  # the values of `SPLIT_BY`

    @property
    def counts(self) -> bool:
        return bool(self.split[0])

    def counting(self, counts: bool) -> Standing:
        return self._replace(split=(counts, *self.split[1:]))

    @classmethod
    def after(cls, before: Standing | None, id: UUID, row: Mapping[str, Any]) -> Standing:
        """Return how an order stands once a row was written; what that leaves out stays."""
        stood = before.split if before else (None,) * len(SPLIT_BY)
        said = zip(SPLIT_BY, stood, strict=True)
        return cls(id, tuple(row.get(name, value) for name, value in said))


def standing_orders(shopify_ids: Iterable[int]) -> dict[int, Standing]:
    """Return how the orders stand that are here."""
    orders = Order.objects.filter(shopify_id__any=shopify_ids)
    rows = orders.values_list("shopify_id", "id", *SPLIT_BY)
    return {key: Standing(id, tuple(split)) for key, id, *split in rows}
