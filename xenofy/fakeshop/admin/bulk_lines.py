"""The lines of a bulk file: a selection is prepared once, and then read from row after row.

The same functions answer as for pages; without the bookkeeping of GraphQL's execution a shop of
many thousand orders is written in reasonable time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_list_type,
    value_from_ast_untyped,
)
from graphql.language import FragmentSpreadNode

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.fields import Resolver, resolver
from xenofy.fakeshop.admin.names import type_name
from xenofy.fakeshop.admin.schema import SCALARS

Row = dict[str, Any]


class _Step(NamedTuple):
    """How a field of a type is read."""

    key: str
    resolve: Resolver
    arguments: dict[str, Any]
    write: Callable[[Any], Any] | None  # of a scalar
    inside: SelectionSetNode | None
    kind: Any
    is_list: bool

    @property
    def is_connection(self) -> bool:
        return self.inside is not None and str(self.kind.name).endswith("Connection")


class BulkReader:
    """Reads what a bulk query selects."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, ask: Ask) -> None:
        self.schema = schema
        self.ask = ask
        self.fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        self.operation = next(
            one for one in document.definitions if isinstance(one, OperationDefinitionNode)
        )
        self.plans: dict[tuple[int, str], list[_Step]] = {}

    def roots(self) -> Iterator[tuple[Any, SelectionSetNode, Any]]:
        """Yield each root row with what is selected of it and its type."""
        for step in self._plan(self.operation.selection_set, self.schema.query_type):
            page = step.resolve(None, self.ask, **step.arguments)
            for row in page.nodes if step.is_connection else ():
                yield row, *self._node(step)

    def lines(self, row: Any, selected: SelectionSetNode, kind: Any) -> list[Row]:
        """Return the line of a root row and those of all rows under it."""
        found: list[Row] = []
        self._line(row, selected, kind, None, found)
        return found

    def _line(
        self, row: Any, selected: SelectionSetNode, kind: Any, parent: str | None, found: list[Row]
    ) -> None:
        line: Row = {}
        found.append(line)
        self._fill(line, row, selected, kind, line=line, found=found)
        if parent is not None:
            line["__parentId"] = parent

    def _fill(
        self,
        into: Row,
        row: Any,
        selected: SelectionSetNode,
        kind: Any,
        *,
        line: Row,
        found: list[Row],
    ) -> None:
        """Fill a line, or an object in it; what is connected becomes lines of its own."""
        for step in self._plan(selected, self._concrete(kind, row)):
            value = step.resolve(row, self.ask, **step.arguments)
            if step.is_connection:
                for child in value.nodes:
                    self._line(child, *self._node(step), line.get("id"), found)
            elif step.inside is not None:
                into[step.key] = self._inner(step, value, line, found)
            else:
                into[step.key] = self._scalar(step, value)

    def _inner(self, step: _Step, value: Any, line: Row, found: list[Row]) -> Any:
        if value is None or step.inside is None:
            return None
        objects: list[Row] = []
        for each in value if step.is_list else (value,):
            inner: Row = {}
            self._fill(inner, each, step.inside, step.kind, line=line, found=found)
            objects.append(inner)
        return objects if step.is_list else objects[0]

    def _scalar(self, step: _Step, value: Any) -> Any:
        if value is None or step.write is None:
            return list(value) if isinstance(value, tuple) else value
        return [step.write(each) for each in value] if step.is_list else step.write(value)

    def _node(self, step: _Step) -> tuple[SelectionSetNode, Any]:
        """Return what a connection selects of its nodes, and their type."""
        kind = get_named_type(step.kind.fields["nodes"].type)
        for edges in self._fields(step.inside, None):
            for node in self._fields(edges.selection_set, None):
                if node.name.value == "node" and node.selection_set:
                    return node.selection_set, kind
        raise ValueError(f"{step.key} selects no nodes.")

    def _concrete(self, kind: Any, row: Any) -> Any:
        return self.schema.type_map[type_name(row)] if is_abstract_type(kind) else kind

    def _plan(self, selected: SelectionSetNode, kind: Any) -> list[_Step]:
        key = id(selected), kind.name
        if key not in self.plans:
            self.plans[key] = [self._step(one, kind) for one in self._fields(selected, kind)]
        return self.plans[key]

    def _step(self, one: FieldNode, kind: Any) -> _Step:
        key = one.alias.value if one.alias else one.name.value
        if one.name.value == "__typename":
            return _Step(key, lambda row, ask: kind.name, {}, None, None, None, False)
        definition = kind.fields[one.name.value]
        inner = get_named_type(definition.type)
        arguments = {
            each.name.value: value_from_ast_untyped(each.value) for each in one.arguments or ()
        }
        return _Step(
            key, resolver(kind.name, one.name.value), arguments, SCALARS.get(inner.name),
            one.selection_set, inner, is_list_type(get_nullable_type(definition.type)),
        )  # fmt: skip

    def _fields(self, selected: SelectionSetNode | None, kind: Any) -> Iterator[FieldNode]:
        """Yield the fields of a selection that are of a type, fragments opened."""
        for one in selected.selections if selected else ():
            if isinstance(one, FieldNode):
                yield one
            elif isinstance(one, InlineFragmentNode):
                if self._applies(
                    one.type_condition.name.value if one.type_condition else None, kind
                ):
                    yield from self._fields(one.selection_set, kind)
            elif isinstance(one, FragmentSpreadNode):
                fragment = self.fragments[one.name.value]
                if self._applies(fragment.type_condition.name.value, kind):
                    yield from self._fields(fragment.selection_set, kind)

    def _applies(self, on: str | None, kind: Any) -> bool:
        if on is None or kind is None or kind.name == on:
            return True
        wanted = self.schema.type_map[on]
        return (
            is_abstract_type(wanted)
            and isinstance(kind, GraphQLObjectType)
            and self.schema.is_sub_type(wanted, kind)
        )
