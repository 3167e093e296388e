"""Customers, orders and products as the contract writes them.

Who may not see people gets null for names, emails and phone numbers, and no address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import cast, overload

from analytics.data.shapes import (
    AddressType,
    CustomerBody,
    IdentityBody,
    OrderAddressBody,
    OrderBody,
    OrderItemBody,
    OrderSummaryBody,
    ProductBody,
)
from analytics.metric import Metric
from analytics.models import CustomerTotal
from analytics.sums import Sums
from shop_data.models import Customer, Order, OrderAddress, OrderItem, Product
from xenofy.common.moments import iso
from xenofy.common.money import from_minor, minor_units

# What `order_summary` tells: an order has three times as many columns.
ORDER_FIELDS = (
    *("tenant_id", "shopify_id", "name", "customer_shopify_id", "currency"),
    *("total_price", "subtotal_price", "total_tax", "total_discounts"),
    *("financial_status", "fulfillment_status", "processed_at", "cancelled_at"),
    *("order_created_at", "order_updated_at"),
)


def customer_body(
    customer: Customer, totals: CustomerTotal | None, *, currency: str, may_see_people: bool
) -> CustomerBody:
    """Return a customer with what they ordered in one currency; zeros where nothing was."""
    spent = from_minor(totals.net_sales if totals else 0, currency) if currency else None
    return {
        **identity(customer),
        "email": customer.email if may_see_people else None,
        "firstName": customer.first_name if may_see_people else None,
        "lastName": customer.last_name if may_see_people else None,
        "createdAt": moment(customer.customer_created_at),
        "updatedAt": moment(customer.customer_updated_at),
        "totalOrders": totals.orders if totals else 0,
        "totalSpent": spent,
        "currency": currency or None,
        "lastOrderAt": moment(totals.last_at) if totals else None,
    }


def order_summary(order: Order) -> OrderSummaryBody:
    """Return an order without its lines and addresses."""
    return {
        **identity(order),
        "name": order.name,
        "customerId": text(order.customer_shopify_id),
        "totalPrice": exact(order.total_price, order.currency),
        "subtotalPrice": exact(order.subtotal_price, order.currency),
        "totalTax": exact(order.total_tax, order.currency),
        "totalDiscounts": exact(order.total_discounts, order.currency),
        "currency": order.currency,
        "financialStatus": order.financial_status,
        "fulfillmentStatus": order.fulfillment_status,
        "processedAt": moment(order.processed_at),
        "cancelledAt": moment(order.cancelled_at),
        "createdAt": moment(order.order_created_at),
        "updatedAt": moment(order.order_updated_at),
    }


def order_body(
    order: Order, items: Iterable[OrderItem], addresses: Iterable[OrderAddress]
) -> OrderBody:
    """Return an order with its lines and the addresses that may be seen."""
    return {
        **order_summary(order),
        "items": [_item(item, order) for item in items],
        "addresses": [_address(address) for address in addresses],
    }


def product_body(product: Product, *, currency: str) -> ProductBody:
    """Return a product; price and stock are null where Shopify did not tell them."""
    return {
        **identity(product),
        "title": product.title,
        "handle": product.handle,
        "price": exact(product.price, currency),
        "currency": currency or None,
        "inventoryQuantity": product.inventory_quantity,
        "inventoryPolicy": product.inventory_policy,
        "createdAt": moment(product.product_created_at),
        "updatedAt": moment(product.product_updated_at),
    }


def identity(row: Customer | Order | Product) -> IdentityBody:
    """Return the ids of a row, as texts: they exceed what a JSON number holds exactly."""
    return {
        "id": str(row.id),
        "tenantId": str(row.tenant_id),
        "shopifyId": str(row.shopify_id),
    }


@overload
def exact(given: Decimal, currency: str) -> Decimal: ...
@overload
def exact(given: Decimal | None, currency: str) -> Decimal | None: ...
def exact(given: Decimal | None, currency: str) -> Decimal | None:
    """Return an amount with the places of its currency."""
    if given is None or not currency:
        return given
    return round(given, minor_units(currency))


def amount(metric: Metric, sums: Sums, currency: str) -> Decimal:
    """Return what a metric of money comes to; it is known of any sums."""
    return cast("Decimal", metric.value(sums, currency))


def number(metric: Metric, sums: Sums) -> int:
    """Return what a metric counts; it is known of any sums."""
    return cast("int", metric.value(sums, ""))


@overload
def moment(at: datetime) -> str: ...
@overload
def moment(at: datetime | None) -> str | None: ...
def moment(at: datetime | None) -> str | None:
    return iso(at) if at else None


def text(number: int | None) -> str | None:
    return str(number) if number is not None else None


def _item(item: OrderItem, order: Order) -> OrderItemBody:
    return {
        "id": str(item.id),
        "shopifyId": str(item.shopify_id),
        "orderId": str(order.id),
        "productId": text(item.product_shopify_id),
        "variantId": text(item.variant_shopify_id),
        "title": item.title,
        "variantTitle": item.variant_title,
        "sku": item.sku,
        "quantity": item.quantity,
        "price": exact(item.price, order.currency),
        "linePrice": exact(item.price * item.quantity, order.currency),
    }


def _address(address: OrderAddress) -> OrderAddressBody:
    return {
        "type": cast("AddressType", address.type),
        "name": address.name,
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "country": address.country,
        "zip": address.zip,
        "phone": address.phone,
    }
