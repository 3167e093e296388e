"""Parcels and the places that they come from."""

from __future__ import annotations

from typing import Any, NamedTuple

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.connections import Page, page
from xenofy.fakeshop.admin.fields import field, fields, nothing
from xenofy.fakeshop.admin.names import gid
from xenofy.fakeshop.admin.resolvers.orders import Stub
from xenofy.fakeshop.admin.resolvers.refunds import Sent
from xenofy.fakeshop.catalogue_records import Location
from xenofy.fakeshop.records import Fulfillment


class Tracking(NamedTuple):
    company: str | None
    number: str | None
    url: str | None = None


fields("Fulfillment", {
    "status": lambda one: one.status.upper(),
    "displayStatus": lambda one: (one.shipment_status or "fulfilled").upper(),
    "createdAt": lambda one: one.at,
    "totalQuantity": lambda one: sum(count for _, count in one.units),
    "trackingInfo": lambda one: (
        [Tracking(one.tracking_company, one.tracking_number)] if one.tracking_number else []
    ),
    "service": lambda one: Stub(gid("FulfillmentService", "manual"), "Manual", "manual"),
    "requiresShipping": lambda one: True,
})  # fmt: skip
nothing("Fulfillment", "inTransitAt", "estimatedDeliveryAt")


@field("Fulfillment", "location")
def location_of(one: Fulfillment, ask: Ask) -> Any:
    return ask.state.locations.get(one.location_id or 0)


@field("Fulfillment", "fulfillmentLineItems")
def parts(one: Fulfillment, ask: Ask, **paging: Any) -> Page:
    sent = [
        Sent(gid("FulfillmentLineItem", one.id + line.id), line, count) for line, count in one.units
    ]
    return page(ask, sent, **paging)


class Step(NamedTuple):
    """A step of a parcel."""

    id: str
    status: str
    happened_at: Any

    @property
    def created_at(self) -> Any:
        return self.happened_at


nothing("FulfillmentEvent", "message")


@field("Fulfillment", "events")
def steps(one: Fulfillment, ask: Ask, **paging: Any) -> Page:
    arrived = (
        [Step(gid("FulfillmentEvent", one.id), "DELIVERED", one.delivered_at)]
        if one.delivered_at
        else []
    )
    return page(ask, arrived, **paging)


fields("Location", {
    "isActive": lambda place: place.active,
    "fulfillsOnlineOrders": lambda place: place.active,
    "shipsInventory": lambda place: place.active,
    "fulfillmentService": lambda place: None,
})  # fmt: skip


@field("Location", "hasActiveInventory")
def has_inventory(place: Location, ask: Ask) -> bool:
    return any(location == place.id for _, location in ask.state.levels)


nothing("FulfillmentService", "serviceName", value="Manual")
fields("LocationAddress", {"countryCode": lambda address: address.country_code})
