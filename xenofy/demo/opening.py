"""What stands before the first order: the shop, its locations, its products and their stock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from xenofy.demo import calendar, identifiers
from xenofy.demo.amounts import CURRENCY, RUPEE, text
from xenofy.demo.catalogue import Catalogue, Product, gift_card, price_on, sku
from xenofy.demo.chance import chance
from xenofy.demo.orders import MAIN_LOCATION, SHOP_LOCATION
from xenofy.demo.tenant import DOMAIN, NAME

Body = dict[str, Any]

_LOCATIONS = (
    (MAIN_LOCATION, "Mysuru workshop", "14, Loom Street", "Mysuru", "570001"),
    (SHOP_LOCATION, "Indiranagar shop", "3, Rain Tree Cross", "Bengaluru", "560038"),
    (65_500_000_003, "Hubballi store-house", "88, Cotton Market Road", "Hubballi", "580020"),
)


def shop_body(*, first: date, at: datetime) -> Body:
    """Return the shop's settings as `shop/update` carries them."""
    return {
        "id": identifiers.SHOP,
        "name": NAME,
        "email": "hello@example.com",
        "domain": DOMAIN,
        "province": "Karnataka",
        "country": "IN",
        "address1": "14, Loom Street",
        "zip": "570001",
        "city": "Mysuru",
        "source": None,
        "phone": None,
        "primary_locale": "en",
        "address2": None,
        "created_at": f"{first - timedelta(days=9)}T10:00:00+05:30",
        "updated_at": calendar.local(at),
        "country_code": "IN",
        "country_name": "India",
        "currency": CURRENCY,
        "customer_email": "hello@example.com",
        "timezone": "(GMT+05:30) Asia/Kolkata",
        "iana_timezone": calendar.ZONE.key,
        "shop_owner": "The weavers of Kaveri",
        "money_format": "₹{{amount}}",
        "money_with_currency_format": "₹{{amount}} INR",
        "weight_unit": "kg",
        "province_code": "KA",
        "taxes_included": True,
        "tax_shipping": True,
        "plan_display_name": "Grow",
        "plan_name": "professional",
        "has_discounts": True,
        "has_gift_cards": True,
        "myshopify_domain": DOMAIN,
        "has_storefront": True,
        "primary_location_id": MAIN_LOCATION,
        "multi_location_enabled": True,
        "enabled_presentment_currencies": [CURRENCY, "AED", "AUD", "CAD", "GBP", "SGD", "USD"],
    }


def location_bodies(*, first: date, at: datetime) -> Iterator[Body]:
    """Yield the locations as `locations/create` carries them."""
    for identifier, name, street, city, postal_code in _LOCATIONS:
        yield {
            "id": identifier,
            "name": name,
            "address1": street,
            "address2": None,
            "city": city,
            "zip": postal_code,
            "province": "Karnataka",
            "country": "IN",
            "phone": None,
            "created_at": f"{first - timedelta(days=9)}T10:00:00+05:30",
            "updated_at": calendar.local(at),
            "country_code": "IN",
            "country_name": "India",
            "province_code": "KA",
            "legacy": False,
            "active": True,
            "admin_graphql_api_id": identifiers.gid("Location", identifier),
        }


class Shelves:
    """The products with prices and stock of one moment."""

    def __init__(self, catalogue: Catalogue, *, seed: int, first: date, at: datetime) -> None:
        self.products = [*catalogue.products, gift_card()]
        self.seed, self.first, self.at = seed, first, at

    def product_bodies(self) -> Iterator[Body]:
        """Yield the products as `products/create` carries them."""
        for product in self.products:
            yield self.product_body(product)

    def product_body(self, product: Product) -> Body:
        """Return a product with its variants."""
        identifier = identifiers.product(product.index)
        span = calendar.day_of(self.at) - self.first
        begun = self.first + timedelta(days=int(span.days * product.age) - 8)
        stock = self.stock_of(product)
        created = f"{begun}T11:00:00+05:30"
        variants = [
            {
                **self._variant(product, position),
                "created_at": created,
                "inventory_quantity": sum(levels.values()) if levels else None,
            }
            for position, levels in enumerate(stock)
        ]
        return {
            "id": identifier,
            "title": product.title,
            "body_html": None,
            "vendor": "Kaveri Handlooms",
            "product_type": product.kind.name.split(",")[0].capitalize(),
            "created_at": created,
            "handle": "-".join(product.title.lower().replace(",", "").replace(".", "-").split()),
            "updated_at": calendar.local(self.at),
            "published_at": created,
            "template_suffix": None,
            "status": "active",
            "published_scope": "global",
            "tags": "" if product.is_gift_card else "handloom",
            "admin_graphql_api_id": identifiers.gid("Product", identifier),
            "variants": variants,
            "options": [
                {
                    "id": identifier + 1_000_000_000_000,
                    "product_id": identifier,
                    "name": _option_name(product),
                    "position": 1,
                    "values": [variant.option for variant in product.variants],
                }
            ],
            "images": [],
            "image": None,
        }

    def level_bodies(self) -> Iterator[Body]:
        """Yield the stock levels as `inventory_levels/update` carries them."""
        for product in self.products:
            for position, levels in enumerate(self.stock_of(product)):
                for location, available in levels.items():
                    yield level_body(product.index, position, location, available, at=self.at)

    def stock_of(self, product: Product) -> list[dict[int, int]]:
        """Return location -> units for each variant: days of cover times demand, some sold out."""
        if product.is_gift_card:
            return [{} for _ in product.variants]
        rng = chance(self.seed, "stock", product.index)
        demand = 90 / (product.index + 2.2) ** 1.12 / len(product.variants)  # units a week
        found = []
        for _ in product.variants:
            weeks = rng.choices((0, 1, 3, 6, 11, 22), (5, 8, 20, 33, 22, 12))[0]
            units = round(demand * weeks * rng.uniform(0.7, 1.3)) if weeks else 0
            shop, store = units // 5, units // 4
            found.append(dict(zip((place[0] for place in _LOCATIONS),
                                  (units - shop - store, shop, store), strict=True)))  # fmt: skip
        return found

    def _variant(self, product: Product, position: int) -> Body:
        variant = product.variants[position]
        identifier = identifiers.variant(product.index, position)
        day = calendar.day_of(self.at)
        price = int(variant.option) * RUPEE if product.is_gift_card else price_on(
            product, day, first=self.first
        )  # fmt: skip
        return {
            "id": identifier,
            "product_id": identifiers.product(product.index),
            "title": variant.option,
            "price": text(price),
            "sku": sku(product, variant),
            "position": position + 1,
            "inventory_policy": "deny",
            "compare_at_price": None,
            "fulfillment_service": "gift_card" if product.is_gift_card else "manual",
            "inventory_management": None if product.is_gift_card else "shopify",
            "option1": variant.option,
            "option2": None,
            "option3": None,
            "updated_at": calendar.local(self.at),
            "taxable": not product.is_gift_card,
            "barcode": None,
            "grams": product.kind.grams,
            "image_id": None,
            "inventory_item_id": identifiers.inventory_item(product.index, position),
            "requires_shipping": not product.is_gift_card,
            "admin_graphql_api_id": identifiers.gid("ProductVariant", identifier),
        }


def level_body(product: int, position: int, location: int, available: int, *, at: datetime) -> Body:
    """Return the stock of one variant at one location."""
    item = identifiers.inventory_item(product, position)
    return {
        "inventory_item_id": item,
        "location_id": location,
        "available": available,
        "updated_at": calendar.local(at),
        "admin_graphql_api_id": f"gid://shopify/InventoryLevel/{location}?inventory_item_id={item}",
    }


def _option_name(product: Product) -> str:
    if product.is_gift_card:
        return "Value"
    return "Size" if product.variants[0].option in {"S", "M", "L"} else "Colour"
