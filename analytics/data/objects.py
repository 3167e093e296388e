"""Customers, orders and products as the contract writes them.

Who may not see people gets null for names, emails and phone numbers, and no address.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from analytics.models import CustomerTotal
from shop_data.models import Customer, Order, OrderAddress, OrderItem, Product
from xenofy.common.moments import iso
from xenofy.common.money import from_minor, minor_units

Body = dict[str, Any]
ADDRESS = (
    *("name", "company", "address1", "address2", "city", "province", "country", "zip", "phone"),
)


def customer_body(
    customer: Customer, totals: CustomerTotal | None, *, currency: str, may_see_people: bool
) -> Body:
    """Return a customer with what they ordered in one currency; zeros where nothing was."""
    personal = {
        "email": customer.email,
        "firstName": customer.first_name,
        "lastName": customer.last_name,
    }
    spent = from_minor(totals.net_sales if totals else 0, currency) if currency else None
    return {
        **identity(customer),
        **(personal if may_see_people else dict.fromkeys(personal)),
        "createdAt": moment(customer.customer_created_at),
        "updatedAt": moment(customer.customer_updated_at),
        "totalOrders": totals.orders if totals else 0,
        "totalSpent": spent,
        "currency": currency or None,
        "lastOrderAt": moment(totals.last_at) if totals else None,
    }


def order_summary(order: Order) -> Body:
    """Return an order without its lines and addresses."""
    amounts = {
        "totalPrice": order.total_price,
        "subtotalPrice": order.subtotal_price,
        "totalTax": order.total_tax,
        "totalDiscounts": order.total_discounts,
    }
    return {
        **identity(order),
        "name": order.name,
        "customerId": text(order.customer_shopify_id),
        **{name: exact(value, order.currency) for name, value in amounts.items()},
        "currency": order.currency,
        "financialStatus": order.financial_status,
        "fulfillmentStatus": order.fulfillment_status,
        "processedAt": moment(order.processed_at),
        "cancelledAt": moment(order.cancelled_at),
        "createdAt": moment(order.order_created_at),
        "updatedAt": moment(order.order_updated_at),
    }


def order_body(order: Order, items: Iterable[OrderItem], addresses: Iterable[OrderAddress]) -> Body:
    """Return an order with its lines and the addresses that may be seen."""
    return {
        **order_summary(order),
        "items": [_item(item, order) for item in items],
        "addresses": [_address(address) for address in addresses],
    }


def product_body(product: Product, *, currency: str) -> Body:
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


def identity(row: Customer | Order | Product) -> Body:
    """Return the ids of a row, as texts: they exceed what a JSON number holds exactly."""
    return {
        "id": str(row.id),
        "tenantId": str(row.tenant_id),
        "shopifyId": str(row.shopify_id),
    }


def exact(amount: Decimal | None, currency: str) -> Decimal | None:
    """Return an amount with the places of its currency."""
    if amount is None or not currency:
        return amount
    return round(amount, minor_units(currency))


def moment(at: datetime | None) -> str | None:
    return iso(at) if at else None


def text(number: int | None) -> str | None:
    return str(number) if number is not None else None


def _item(item: OrderItem, order: Order) -> Body:
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


def _address(address: OrderAddress) -> Body:
    return {"type": address.type, **{name: getattr(address, name) for name in ADDRESS}}
