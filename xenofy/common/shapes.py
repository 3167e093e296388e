"""The JSON Schema of an answer, made of the types that the code which answers is checked by.

A shape is a `TypedDict`: mypy holds the code to it, the document of the API describes it, and the
tests hold each answer to that description. Where the keys follow from other declarations, `Keys`
stands for it.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]


class Rule(NamedTuple):
    """A keyword of JSON Schema for an annotated type; a plain text describes it."""

    keyword: str
    value: Any


Id = Annotated[str, Rule("format", "uuid")]
ShopifyId = Annotated[str, Rule("pattern", "^-?[0-9]+$")]
Moment = Annotated[
    str,
    Rule("format", "date-time"),
    Rule("pattern", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"),
    "In UTC.",
]
Day = Annotated[str, Rule("format", "date"), "Of the shop."]
Money = Annotated[Decimal, "With the places of its currency."]
Share = Annotated[Decimal, "A fraction of 1."]
Code = Annotated[str, Rule("pattern", "^[A-Z]{3}$"), "A currency, ISO 4217."]
Count = Annotated[int, Rule("minimum", 0)]


@dataclass(frozen=True, slots=True)
class Keys:
    """An object with these keys and the shapes of what they hold; all but some are always there."""

    of: Mapping[str, Any]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of something that `Keys` describe."""

    each: Any


@dataclass(frozen=True, slots=True)
class OrNull:
    """Something that may be null too."""

    kind: Any


_TYPES: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    type(None): {"type": "null"},
    None: {"type": "null"},
    Any: {},
}


def schema_of(kind: Any, named: dict[str, Schema]) -> Schema:
    """Return the schema of a shape; what has a name of its own is put into `named`."""
    if isinstance(kind, Keys):
        return _object(kind.of, kind.optional, named)
    if isinstance(kind, ListOf):
        return {"type": "array", "items": schema_of(kind.each, named)}
    if isinstance(kind, OrNull):
        return _or_null(schema_of(kind.kind, named))
    if is_typeddict(kind):
        return _named(kind, named)
    if get_origin(kind) is None:
        return dict(_TYPES[kind])
    return _BY_ORIGIN[get_origin(kind)](get_args(kind), named)


def keys_of(*parts: Any) -> Keys:
    """Return the keys of some shapes or mappings as those of one object."""
    keys: dict[str, Any] = {}
    optional: set[str] = set()
    for part in parts:
        if is_typeddict(part):
            hints = get_type_hints(part, include_extras=True)
            keys |= hints
            optional |= {key for key, kind in hints.items() if get_origin(kind) is NotRequired}
        elif isinstance(part, Keys):
            keys |= part.of
            optional |= set(part.optional)
        else:
            keys |= part
    return Keys(keys, tuple(key for key in keys if key in optional))


def _object(of: Mapping[str, Any], optional: tuple[str, ...], named: dict[str, Schema]) -> Schema:
    properties = {key: schema_of(each, named) for key, each in of.items()}
    required = [key for key in properties if key not in optional]
    schema = {"type": "object", "properties": properties}
    return schema | ({"required": required} if required else {})


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _named(kind: Any, named: dict[str, Schema]) -> Schema:
    name = kind.__name__.removesuffix("Body")
    if name not in named:
        named[name] = {}  # of itself, where it holds its like
        keys = keys_of(kind)
        told = {"description": kind.__doc__} if kind.__doc__ else {}
        named[name] = {**told, **_object(keys.of, keys.optional, named)}
    return {"$ref": f"#/components/schemas/{name}"}


def _annotated(args: tuple[Any, ...], named: dict[str, Schema]) -> Schema:
    kind, *more = args
    schema = schema_of(kind, named)
    for each in more:
        schema |= dict([each]) if isinstance(each, Rule) else {"description": each}
    return schema


def _one_of(args: tuple[Any, ...], named: dict[str, Schema]) -> Schema:
    others = [schema_of(each, named) for each in args if each is not type(None)]
    schema = others[0] if len(others) == 1 else {"anyOf": others}
    return _or_null(schema) if type(None) in args else schema


_BY_ORIGIN: dict[Any, Callable[[tuple[Any, ...], dict[str, Schema]], Schema]] = {
    Annotated: _annotated,
    Union: _one_of,
    types.UnionType: _one_of,
    Literal: lambda args, _: {"type": "string", "enum": list(args)},
    list: lambda args, named: {"type": "array", "items": schema_of(args[0], named)},
    dict: lambda args, named: {
        "type": "object",
        "additionalProperties": schema_of(args[1], named),
    },
    NotRequired: lambda args, named: schema_of(args[0], named),
}
