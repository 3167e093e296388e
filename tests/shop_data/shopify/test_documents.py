"""Our documents by Shopify's own schema, and the rules of bulk queries word by word."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from shop_data.shopify.documents import document, names
from shop_data.shopify.people import without_people
from shop_data.shopify.validation import complaints, read_schema
from shop_data.shopify.version import API_VERSION

SHARED = settings.BASE_DIR.parent / "shared" / "shopify"
SCHEMA = SHARED / f"schema-{API_VERSION}.graphql"
pytestmark = pytest.mark.skipif(not SCHEMA.exists(), reason="Shopify's schema is not part of us")


@pytest.fixture(scope="module")
def schema() -> Any:
    return read_schema(SCHEMA.read_text(encoding="utf-8"))


def test_every_document_is_right_by_the_schema_of_our_version(schema: Any) -> None:
    found = {
        name: complaints(schema, document(name), is_bulk=name.startswith("bulk_"))
        for name in names()
    }

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_they_are_right_too_without_people(schema: Any) -> None:
    bulk = [name for name in names() if name.startswith("bulk_")]

    wrong = [complaints(schema, without_people(document(name)), is_bulk=True) for name in bulk]

    assert wrong == [[]] * len(bulk)


def test_the_documents_that_ran_at_shopify_are_right(schema: Any) -> None:
    found = {
        file.stem: complaints(schema, file.read_text(), is_bulk=file.stem.startswith("bulk_"))
        for file in (SHARED / "queries").glob("*.graphql")
    }

    assert found and not any(found.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{ shop { nothing } }", "Cannot query field"),
        ("mutation { bulkOperationCancel(id: 1) { userErrors { message } } }", "one query"),
        ("query ($q: String) { orders(query: $q) { edges { node { id } } } }", "no variables"),
        ("{ shop { id } }", "1 to 5 connections, not 0"),
        ("{ orders { nodes { id } } }", "by edges and node"),
        (
            "{ orders { edges { node { name lineItems { edges { node { id } } } } } } }",
            "parent of lineItems",
        ),
        (
            (
                "{ orders { edges { node { id refunds { id"
                " refundLineItems { edges { node { quantity } } } } } } } }"
            ),
            "within a list",
        ),
        (
            "{ orders { edges { node { id } } } products { edges { node { id } } } }",
            "one field at its root",
        ),
        (
            (
                "{ products { edges { node { id variants { edges { node { id product { id"
                " collections { edges { node { id products { edges { node { id } } } } } }"
                " } } } } } } } }"
            ),
            "nested 3 deep",
        ),
    ],
)
def test_what_shopify_would_refuse_is_told(schema: Any, text: str, words: str) -> None:
    assert words in " ".join(complaints(schema, text, is_bulk="nothing" not in text))
