"""The schema of the double, with what answers each of its fields."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)

from xenofy.fakeshop.admin import resolvers as _resolvers  # noqa: F401 – fills the registry
from xenofy.fakeshop.admin.fields import Resolver, resolver
from xenofy.fakeshop.admin.names import type_name
from xenofy.fakeshop.dates import utc
from xenofy.fakeshop.money import bare

_SDL = Path(__file__).parent / "schema"


@cache
def schema() -> GraphQLSchema:
    """Return the schema, ready to be asked."""
    built = build_schema(sdl())
    for name, kind in built.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLObjectType):
            for field_name, definition in kind.fields.items():
                definition.resolve = _adapted(resolver(name, field_name))
        elif isinstance(kind, (GraphQLInterfaceType, GraphQLUnionType)):
            kind.resolve_type = lambda value, info, kind: type_name(value)
        elif isinstance(kind, GraphQLScalarType) and name in SCALARS:
            kind.coerce_output_value = SCALARS[name]
    return built


def sdl() -> str:
    """Return the text of the schema."""
    return "\n".join(path.read_text() for path in sorted(_SDL.glob("*.graphql")))


def _moment(value: Any) -> str:
    return utc(value) if isinstance(value, datetime) else str(value)


def _amount(value: Any) -> str:
    return bare(value) if isinstance(value, Decimal) else str(value)


SCALARS: dict[str, Callable[[Any], Any]] = {
    "DateTime": _moment,
    "Decimal": _amount,
    "Money": _amount,
    "UnsignedInt64": str,
}


def _adapted(resolve: Resolver) -> Callable[..., Any]:
    def answer(record: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        return resolve(record, info.context, **arguments)

    return answer
