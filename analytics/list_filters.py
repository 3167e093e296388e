"""What the lists of a shop are filtered and ordered by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from analytics.reports.activity import lines_of_feed
from analytics.reports.carts import COUNTED, LEFT, RECOVERED, WITH_EMAIL, held, kinds, online
from analytics.reports.long_lists import row_count
from analytics.reports.orders import FINANCIAL, FULFILMENT, UNFULFILLED, of_sku
from shop_data.models import AbandonedCart, Customer, Order, Product, StoreEvent
from shop_data.payloads.happenings import TYPES
from xenofy.common.list_filters import Day, ListFilter, Search, Sort, Words

STATUS = "Those with this status."


class OfDays(ListFilter):
    """Rows of some of the shop's days, by the column `moment`."""

    moment: ClassVar[str]
    startDate = Day(method="since")  # noqa: N815 - the contract's name
    endDate = Day(method="until")  # noqa: N815

    def __init__(self, data: Mapping[str, Any], rows: QuerySet[Any], *, zone: ZoneInfo) -> None:
        super().__init__(data, rows)
        self.zone = zone

    def since(self, found: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Keep the rows of a day and of later ones."""
        return found.filter(**{f"{self.moment}__gte": datetime.combine(value, time.min, self.zone)})

    def until(self, found: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Keep the rows of a day and of earlier ones."""
        after = value + timedelta(days=1) if value < date.max else date.max
        return found.filter(**{f"{self.moment}__lt": datetime.combine(after, time.min, self.zone)})


class OrderFilter(OfDays):
    """Orders by their days, their statuses, and the beginning of a name, a SKU or an e-mail.

    Who may not see people cannot search for their e-mails either: a hit would tell of them.
    """

    moment = "processed_at"
    search = Search(method="begin")
    status = Words(FINANCIAL, field_name="financial_status", label="Payment", help_text=STATUS)
    fulfillmentStatus = Words(  # noqa: N815
        FULFILMENT, method="sent", label="Fulfilment", help_text=STATUS
    )
    sort = Sort(
        {"processedAt": "processed_at", "totalPrice": "total_price_minor"}, default="-processedAt"
    )

    def __init__(self, data: Mapping[str, Any], *, zone: ZoneInfo, may_see_people: bool) -> None:
        super().__init__(data, Order.objects.all(), zone=zone)
        self.may_see_people = may_see_people

    def begin(self, found: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Keep the orders that are called so, with or without the # of their name."""
        hit = _begins("name_search", value) | _begins("name_search", f"#{value}")
        if self.may_see_people:
            hit |= _begins("email_search", value)
        return found.filter(hit | of_sku(value))

    def sent(self, found: QuerySet[Order], name: str, value: str) -> QuerySet[Order]:
        """Keep the orders that are sent so far; Shopify leaves the status out where none is."""
        if value == UNFULFILLED:
            return found.filter(Q(fulfillment_status=None) | Q(fulfillment_status=UNFULFILLED))
        return found.filter(fulfillment_status=value)


class FeedFilter(OfDays):
    """What happened, by its type and its days."""

    moment = "happened_at"
    type = Words({word: word for word in TYPES}, help_text="What it is about; all of it without.")
    sort = Sort({"createdAt": "happened_at"}, default="-createdAt")

    def __init__(self, data: Mapping[str, Any], *, zone: ZoneInfo) -> None:
        super().__init__(data, StoreEvent.objects.all(), zone=zone)

    def count(self, found: QuerySet[StoreEvent]) -> int:
        """Return how many lines are `found`: what is kept counted is not counted again."""
        asked = self.form.cleaned_data
        if asked["startDate"] or asked["endDate"]:
            return row_count(found)
        return lines_of_feed(asked["type"])


class CartFilter(OfDays):
    """Carts in one currency by how they ended, the days they were begun, and what they hold."""

    moment = "checkout_created_at"
    of = Words(
        {word: word for word in (LEFT, WITH_EMAIL, RECOVERED, COUNTED)},
        method="ended",
        help_text="Those left behind, which it is without; left with an email; won back; or any.",
    )
    search = Search(method="hold")
    sort = Sort(
        {"createdAt": "checkout_created_at", "totalPrice": "total_price"}, default="-createdAt"
    )

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        currency: str,
        zone: ZoneInfo,
        now: datetime,
        may_see_people: bool,
    ) -> None:
        super().__init__({**data, "of": data["of"] or LEFT}, online(currency), zone=zone)
        self.now = now
        self.may_see_people = may_see_people

    def ended(
        self, found: QuerySet[AbandonedCart], name: str, value: str
    ) -> QuerySet[AbandonedCart]:
        """Keep the carts that ended so."""
        return found.filter(kinds(self.now)[value])

    def hold(
        self, found: QuerySet[AbandonedCart], name: str, value: str
    ) -> QuerySet[AbandonedCart]:
        """Keep the carts that hold this, or belong to who is called so."""
        return held(found, value, may_see_people=self.may_see_people)


class CustomerFilter(ListFilter):
    """Customers by the beginning of a name or an e-mail, for who may see them."""

    search = Search(method="begin")
    sort = Sort({"createdAt": "customer_created_at"}, default="-createdAt")

    def __init__(self, data: Mapping[str, Any], *, may_see_people: bool) -> None:
        super().__init__(data, Customer.objects.all())
        self.may_see_people = may_see_people

    def begin(self, found: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Keep the customers who are called so."""
        if not self.may_see_people:
            return found.none()
        return found.filter(_begins("name_search", value) | _begins("email_search", value))


class ProductFilter(ListFilter):
    """Products by the beginning of their title, the deleted ones that sold something too."""

    search = Search(method="begin")
    sort = Sort({"createdAt": "product_created_at", "title": "title_search"}, default="-createdAt")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, Product.objects.all())

    def begin(self, found: QuerySet[Product], name: str, value: str) -> QuerySet[Product]:
        """Keep the products that are called so."""
        return found.filter(_begins("title_search", value))


def _begins(column: str, text: str) -> Q:
    return Q(**{f"{column}__startswith": text.lower()})
