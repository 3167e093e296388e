"""The schema of the double is a part of Shopify's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphql import build_schema, parse, validate

from xenofy.fakeshop.admin.schema import schema

SHOPIFY = Path(__file__).parents[3] / "shared/shopify"


def fields_of(kinds: Any) -> dict[str, str]:
    """Return "Type.field" and "Type.field(argument)" -> its type."""
    found = {}
    for kind in kinds:
        if kind.name.startswith("__"):
            continue
        for name, field in getattr(kind, "fields", {}).items():
            found[f"{kind.name}.{name}"] = str(field.type)
            for argument, given in getattr(field, "args", {}).items():
                found[f"{kind.name}.{name}({argument})"] = str(given.type)
        for value in getattr(kind, "values", ()):
            found[f"{kind.name}.{value}"] = "value"
    return found


def test_each_type_and_field_is_one_of_shopify_s_with_the_same_type() -> None:
    text = (SHOPIFY / "schema-2026-07.graphql").read_text()
    theirs = build_schema(text, assume_valid=True, assume_valid_sdl=True).type_map

    ours = {name: kind for name, kind in schema().type_map.items() if not name.startswith("__")}

    assert set(ours) <= set(theirs)
    wanted = fields_of(theirs[name] for name in ours)
    assert fields_of(ours.values()).items() <= wanted.items()


def test_all_queries_that_are_known_to_be_right_are_right_here() -> None:
    texts = [path.read_text() for path in sorted((SHOPIFY / "queries").glob("*.graphql"))]

    assert texts
    assert [validate(schema(), parse(text)) for text in texts] == [[]] * len(texts)
