"""What every column of a shop's data can hold: money exactly, ids of any size, any script."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, connections, models, transaction

from shop_data.models import AbandonedCart, Customer, Order, Product
from shop_data.models.mirror import MoneyField, SearchField
from tenants.models import TenantModel
from tenants.scope import tenant_scope
from tests.invariants.database import catalog
from tests.invariants.rows import MODELS, make
from xenofy.common.identifiers import uuid7

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
FIELDS = [field for model in MODELS for field in model._meta.local_fields]
OURS = [
    model
    for app in ("tenants", "accounts", "shop_data", "webhooks", "analytics")
    for model in apps.get_app_config(app).get_models()
]
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)

MONEY = (
    *("price", "amount", "total_tax", "total_discount", "total_shipping", "total_tip", "duties"),
    *("fees", "cost", "value", "subtotal", "gross", "discounts", "returns", "net_sales", "taxes"),
    *("tips", "gift_cards_sold", "shipping"),
)
TEXT = "日本 शॉप 🛍️ e\u0301 \u202e'\"\\ \t\n%s {}"
SHORT = "日本€"  # for columns of three characters
HUGE = 2**63 - 1

# Columns of four bytes or fewer: none holds an id, money or a sum of sales.
SMALL = {
    *("shop_data.OrderItem.position", "shop_data.DiscountUse.position"),
    *("shop_data.Variant.position", "shop_data.Sale.hour", "webhooks.InboxEvent.attempts"),
    *("analytics.FulfillmentTime.bucket", "analytics.SelfCheck.days"),
    "analytics.SelfCheck.differing_rows",
}


def update(row: models.Model, column: str, literal: str, *params: Any) -> None:
    """Write past Django, as an upsert or an import does; as the owner, who may change all."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            f'UPDATE "{row._meta.db_table}" SET "{column}" = {literal} WHERE id = %s',
            [*params, row.pk],
        )


def fields_of(model: type[models.Model], *kinds: type) -> list[Any]:
    return [field for field in model._meta.local_fields if isinstance(field, kinds)]


# ── money ─────────────────────────────────────────────────────────────────────────────────────


def test_no_column_anywhere_is_a_float() -> None:
    assert not [f for model in OURS for f in fields_of(model, models.FloatField)]
    found = catalog(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type IN ('real', 'double precision', 'money')"
    )
    assert found == []


def test_every_decimal_is_an_amount_of_the_same_type() -> None:
    decimals = [f for model in OURS for f in fields_of(model, models.DecimalField)]

    assert all(type(field) is MoneyField for field in decimals)
    found = catalog(
        "SELECT DISTINCT numeric_precision, numeric_scale FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'numeric'"
    )
    assert found == [(20, 6)]


def test_what_is_called_money_is_an_amount_or_minor_units() -> None:
    for field in FIELDS:
        if field.name.endswith(MONEY) or field.name.endswith("_minor"):
            assert isinstance(field, MoneyField | models.BigIntegerField), field


def test_money_stands_beside_its_currency() -> None:
    """In the row itself, or in the row that it belongs to."""
    without = {
        model.__name__
        for model in MODELS
        if fields_of(model, MoneyField) and not hasattr(model, "currency")
    }

    belonging_to_an_order = {"OrderItem", "DiscountUse", "RefundLine", "RefundAdjustment"}
    in_the_shops_currency = {"Product", "Variant", "InventoryItem"}
    assert without == belonging_to_an_order | in_the_shops_currency


@each_model
def test_no_amount_can_be_nan_or_infinite(model: type[TenantModel]) -> None:
    with tenant_scope(uuid7()):
        row = make(model, using="owner")

        for field in fields_of(model, MoneyField):
            for literal in ("'NaN'", "'Infinity'", "'-Infinity'", "1e14", "1e30"):
                with pytest.raises(Error, match=r"check constraint|overflow"):
                    update(row, field.column, literal)


@each_model
def test_amounts_are_kept_to_the_last_digit(model: type[TenantModel]) -> None:
    with tenant_scope(uuid7()):
        row = make(model, using="owner")

        for field in fields_of(model, MoneyField):
            for amount in (Decimal("99999999999999.999999"), Decimal("-0.000001")):
                update(row, field.column, "%s", amount)

                assert getattr(model.objects.using("owner").get(), field.name) == amount


# ── identifiers ───────────────────────────────────────────────────────────────────────────────


def test_every_identifier_of_shopify_is_a_bigint() -> None:
    of_shopify = [f for f in FIELDS if f.name.endswith(("shopify_id", "item_id", "location_id"))]

    assert of_shopify
    for field in of_shopify:
        assert isinstance(field, models.BigIntegerField), field


def test_smaller_integers_are_the_named_ones() -> None:
    small = {
        f"{field.model._meta.label}.{field.name}"
        for field in FIELDS
        if isinstance(field, models.IntegerField) and not isinstance(field, models.BigIntegerField)
    }

    assert small == SMALL


@each_model
def test_integers_above_2_to_the_53_are_kept(model: type[TenantModel]) -> None:
    with tenant_scope(uuid7()):
        row = make(model, using="owner")

        for field in fields_of(model, models.BigIntegerField):
            for number in (2**53 + 1, HUGE):
                update(row, field.column, "%s", number)

                assert getattr(model.objects.using("owner").get(), field.name) == number


def test_identifiers_inside_json_are_kept() -> None:
    with tenant_scope(uuid7()):
        make(AbandonedCart, lines=[{"product_id": HUGE, "line_price": "0.1"}])

        assert AbandonedCart.objects.get().lines == [{"product_id": HUGE, "line_price": "0.1"}]


# ── text ──────────────────────────────────────────────────────────────────────────────────────


def test_the_database_holds_any_script() -> None:
    assert catalog("SHOW server_encoding") == [("UTF8",)]


@each_model
def test_text_of_any_script_is_kept(model: type[TenantModel]) -> None:
    with tenant_scope(uuid7()):
        row = make(model, using="owner")

        for field in fields_of(model, models.TextField, models.CharField):
            if not field.choices:
                text = TEXT if field.max_length is None else SHORT[: field.max_length]
                update(row, field.column, "%s", text)

                assert getattr(model.objects.using("owner").get(), field.name) == text


@each_model
def test_json_of_any_script_is_kept(model: type[TenantModel]) -> None:
    value = {"日本": [TEXT, {"🛍️": None}]}
    with tenant_scope(uuid7()):
        row = make(model, using="owner")

        for field in fields_of(model, models.JSONField):
            update(row, field.column, "%s::jsonb", json.dumps(value))

            assert getattr(model.objects.using("owner").get(), field.name) == value


@pytest.mark.parametrize("model, column, fill", [
    (Customer, "email_search", lambda text: {"email_search": text}),
    (Customer, "name_search", lambda text: {"name_search": text}),
    (Order, "email_search", lambda text: {"email_search": text}),
    (Order, "name_search", lambda text: {"name_search": text}),
    (Product, "title_search", lambda text: {"title_search": text}),
])  # fmt: skip
def test_search_finds_beginnings_in_any_script(
    model: type[TenantModel], column: str, fill: Callable[[str], dict[str, str]]
) -> None:
    titles = ["cafe", "café", "cafés", "caffè", "日本", "日本酒", "100%", "1000", "a_b", "axb", "ß"]
    with tenant_scope(uuid7()):
        for title in titles:
            make(model, **fill(title))

        for term in ("caf", "café", "日", "日本酒", "100%", "a_", "ß", "z", ""):
            found = model.objects.filter(**{f"{column}__startswith": term})

            expected = {title for title in titles if title.startswith(term)}
            assert set(found.values_list(column, flat=True)) == expected, term


def test_search_uses_its_index_under_row_level_security() -> None:
    """LIKE and lower() would read every row of the tenant there."""
    with tenant_scope(uuid7()), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for model in {field.model for field in FIELDS if isinstance(field, SearchField)}:
            for field in fields_of(model, SearchField):
                plan = model.objects.filter(**{f"{field.name}__startswith": "caf"}).explain()

                assert "Index Cond: " in plan, plan
                assert f"({field.column} >= 'caf'::text)" in plan, plan


# ── time ──────────────────────────────────────────────────────────────────────────────────────


def test_every_moment_knows_its_zone() -> None:
    found = catalog(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema ="
        " 'public' AND data_type IN ('timestamp without time zone', 'time without time zone')"
    )

    assert found == []


DAYS = {"month", "cohort", "history_since", "until"}
SUMMED = "_by_order_day"  # the end of the names of sums through the second lens


def test_names_of_moments_and_days_tell_which_they_are() -> None:
    for field in FIELDS:
        is_moment = isinstance(field, models.DateTimeField)
        is_day = isinstance(field, models.DateField) and not is_moment
        named_as_moment = field.name.endswith("_at") or field.name == "at"
        ends_as_day = field.name.endswith("day") and not field.name.endswith(SUMMED)
        named_as_day = ends_as_day or field.name in DAYS
        assert is_moment == named_as_moment, field
        assert is_day == named_as_day, field
