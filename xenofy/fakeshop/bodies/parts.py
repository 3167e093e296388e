"""Refunds, transactions, parcels and returns."""

from __future__ import annotations

from decimal import Decimal

from xenofy.fakeshop.bodies.lines import line_item
from xenofy.fakeshop.bodies.values import Body, bag, gid, text
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.leaves import Duty
from xenofy.fakeshop.records import (
    Adjustment,
    Fulfillment,
    Order,
    Refund,
    RefundedShipping,
    RefundLine,
    Return,
    ReturnLine,
    Transaction,
)
from xenofy.fakeshop.state import ShopState


def refund(state: ShopState, found: Refund) -> Body:
    """Return what `refunds/create` carries; its lines have numbers where all else has text."""
    zone = state.settings.timezone
    order = found.order
    differences = [_adjustment(found, item) for item in found.adjustments]
    shipping = [_shipping_adjustment(found, part) for part in found.shipping]
    return {
        "id": found.id,
        "admin_graphql_api_id": gid("Refund", found.id),
        "created_at": local(found.at, zone),
        "note": found.note,
        "order_id": order.id,
        "processed_at": local(found.at, zone),
        "restock": any(item.restock != "no_restock" for item in found.lines),
        "total_additional_fees_set": bag(order, 0),
        "total_duties_set": bag(order, sum(duty.amount for duty in found.duties)),
        "user_id": None,
        "order_adjustments": [*shipping, *differences],
        "transactions": [transaction(state, one) for one in found.transactions],
        "refund_line_items": [_refund_line(item) for item in found.lines],
        "duties": [_duty(order, duty) for duty in found.duties],
        "additional_fees": [],
    }


def transaction(state: ShopState, one: Transaction) -> Body:
    zone = state.settings.timezone
    order = one.order
    return {
        "id": one.id,
        "admin_graphql_api_id": gid("OrderTransaction", one.id),
        "amount": text(order, one.amount),
        "authorization": None,
        "created_at": local(one.at, zone),
        "currency": order.currency,
        "device_id": None,
        "error_code": None,
        "gateway": one.gateway,
        "kind": one.kind,
        "location_id": None,
        "message": None,
        "order_id": order.id,
        "parent_id": one.parent_id,
        "processed_at": local(one.at, zone),
        "receipt": {},
        "source_name": order.source_name,
        "status": one.status,
        "test": order.test,
        "total_unsettled_set": bag(order, 0),
        "user_id": None,
    }


def fulfillment(state: ShopState, parcel: Fulfillment) -> Body:
    zone = state.settings.timezone
    numbers = [parcel.tracking_number] if parcel.tracking_number else []
    return {
        "id": parcel.id,
        "admin_graphql_api_id": gid("Fulfillment", parcel.id),
        "created_at": local(parcel.at, zone),
        "location_id": parcel.location_id,
        "name": parcel.name,
        "order_id": parcel.order.id,
        "origin_address": {},
        "receipt": {},
        "service": "manual",
        "shipment_status": parcel.shipment_status,
        "status": parcel.status,
        "tracking_company": parcel.tracking_company,
        "tracking_number": parcel.tracking_number,
        "tracking_numbers": numbers,
        "tracking_url": None,
        "tracking_urls": [],
        "updated_at": local(parcel.updated_at, zone),
        "line_items": [{**line_item(line), "quantity": units} for line, units in parcel.units],
    }


def returned(state: ShopState, found: Return) -> Body:
    """Return what the topics of returns carry."""
    zone = state.settings.timezone
    return {
        "id": found.id,
        "admin_graphql_api_id": gid("Return", found.id),
        "created_at": local(found.at, zone),
        "name": found.name,
        "status": found.status.lower(),
        "total_return_line_items": sum(line.quantity for line in found.lines),
        "order": {
            "id": found.order.id,
            "admin_graphql_api_id": gid("Order", found.order.id),
        },
        "return_line_items": [_return_line(line) for line in found.lines],
    }


def _return_line(line: ReturnLine) -> Body:
    return {
        "id": line.id,
        "admin_graphql_api_id": gid("ReturnLineItem", line.id),
        "quantity": line.quantity,
        "return_reason": line.reason.lower(),
        "return_reason_note": line.note,
        "customer_note": None,
        "line_item": {
            "id": line.line.id,
            "admin_graphql_api_id": gid("LineItem", line.line.id),
        },
    }


def _refund_line(item: RefundLine) -> Body:
    order = item.line.order
    return {
        "id": item.id,
        "line_item_id": item.line.id,
        "location_id": item.location_id,
        "quantity": item.quantity,
        "restock_type": item.restock,
        "subtotal": float(Decimal(text(order, item.subtotal))),
        "subtotal_set": bag(order, item.subtotal),
        "total_tax": float(Decimal(text(order, item.tax))),
        "total_tax_set": bag(order, item.tax),
        "line_item": line_item(item.line),
    }


def _adjustment(found: Refund, item: Adjustment) -> Body:
    order = found.order
    return {
        "id": item.id,
        "amount": text(order, item.amount),
        "amount_set": bag(order, item.amount),
        "kind": "refund_discrepancy",
        "order_id": order.id,
        "reason": "Refund discrepancy",
        "refund_id": found.id,
        "tax_amount": text(order, 0),
        "tax_amount_set": bag(order, 0),
    }


def _shipping_adjustment(found: Refund, part: RefundedShipping) -> Body:
    """Return shipping that was given back: negative, its tax apart."""
    order = found.order
    amount = part.subtotal - (part.tax if order.taxes_included else 0)
    return {
        "id": part.id,
        "amount": text(order, -amount),
        "amount_set": bag(order, -amount),
        "kind": "shipping_refund",
        "order_id": order.id,
        "reason": "Shipping refund",
        "refund_id": found.id,
        "tax_amount": text(order, -part.tax),
        "tax_amount_set": bag(order, -part.tax),
    }


def _duty(order: Order, duty: Duty) -> Body:
    return {"duty_id": duty.id, "amount_set": bag(order, duty.amount)}
