"""What a bulk query may not be: Shopify's refusals, word for word as they were captured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    validate,
)
from graphql.language import FragmentSpreadNode, OperationType

MOST_CONNECTIONS = 5
DEEPEST = 2
MOST_BYTES = 65_535


class _Found(NamedTuple):
    """A connection: its name, how deep it is, and what is selected in it."""

    name: str
    depth: int
    in_list: bool
    parent: str | None  # the connection around it
    selected: set[str]
    node: set[str]  # what its nodes select, without aliases


def refusals(schema: GraphQLSchema, query: str) -> list[str]:
    """Return why a query cannot run in bulk, in Shopify's order; nothing where it can."""
    if len(query.encode()) > MOST_BYTES:
        return [f"Query is too large. It must be no more than {MOST_BYTES} bytes."]
    try:
        document = parse(query)
    except GraphQLError as error:
        return [f"Invalid bulk query: {error.message}"]
    found = _broken(schema, document)
    return found or [f"Invalid bulk query: {one.message}" for one in validate(schema, document)]


def _broken(schema: GraphQLSchema, document: DocumentNode) -> list[str]:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return ["Invalid operation type. Only `query` operations are supported."]
    walk = _Walk(schema, document)
    connections = list(walk.connections(operations[0].selection_set))
    tops = [
        f"Bulk queries cannot contain a top level `{name}` field."
        for name in walk.names(operations[0].selection_set)
        if name in ("node", "nodes")
    ]
    return [*tops, *_of_connections(connections)]


def _of_connections(found: list[_Found]) -> list[str]:
    if not found:
        return ["Bulk queries must contain at least one connection."]
    broken = []
    if by_nodes := [one.name for one in found if "nodes" in one.selected]:
        broken.append(
            "All connection fields in a bulk query must select their contents using 'edges' >"
            f" 'node', e.g: '{by_nodes[0]} {{ edges {{ node {{'. Selecting via 'nodes' is not"
            f" supported. Invalid connection fields: '{', '.join(by_nodes)}'."
        )
    if len(found) > MOST_CONNECTIONS:
        broken.append("Bulk queries cannot contain more than 5 connections.")
    if any(one.depth > DEEPEST for one in found):
        broken.append(
            "Bulk queries cannot contain connections with a nesting depth greater than 2."
        )
    if any(one.in_list for one in found):
        broken.append(
            "Queries that contain a connection field within a list field are not currently"
            " supported."
        )
    return [*broken, *_without_id(found)]


def _without_id(found: list[_Found]) -> list[str]:
    parents = {one.parent for one in found}
    names = [one.name for one in found if one.name in parents and "id" not in one.node]
    if not names:
        return []
    rule = (
        "The parent 'node' field for a nested connection must select the 'id' field without an"
        " alias and must be of 'ID' return type."
    )
    return [f"{rule} Connection fields without 'id': {', '.join(names)}."]


class _Walk:
    """Looks for connections; also among fields that the double does not know."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def connections(self, selected: SelectionSetNode) -> Iterator[_Found]:
        return self._below(selected, self.schema.query_type, 0, in_list=False, parent=None)

    def names(self, selected: SelectionSetNode | None) -> set[str]:
        return {one.name.value for one, _ in self._fields(selected, None) if one.alias is None}

    def _below(
        self,
        selected: SelectionSetNode | None,
        kind: Any,
        depth: int,
        *,
        in_list: bool,
        parent: str | None,
    ) -> Iterator[_Found]:
        for one, on in self._fields(selected, kind):
            if one.selection_set is None:
                continue
            known = getattr(on, "fields", {}).get(one.name.value)
            inner = get_named_type(known.type) if known else None
            names = self.names(one.selection_set)
            if not names & {"edges", "nodes"}:
                is_list = known is not None and is_list_type(get_nullable_type(known.type))
                yield from self._below(
                    one.selection_set, inner, depth, in_list=in_list or is_list, parent=parent
                )
                continue
            nodes = self._nodes(one.selection_set)
            of_node = {name for node in nodes for name in self.names(node)}
            name = one.name.value
            yield _Found(name, depth, in_list, parent, names, of_node)
            node_type = self._node_type(inner)
            for node in nodes:
                yield from self._below(node, node_type, depth + 1, in_list=in_list, parent=name)

    def _nodes(self, selected: SelectionSetNode) -> list[SelectionSetNode]:
        """Return what is selected of the nodes of a connection."""
        found = []
        for one, _ in self._fields(selected, None):
            if one.selection_set is not None and one.name.value == "nodes":
                found.append(one.selection_set)
            if one.selection_set is not None and one.name.value == "edges":
                edges = self._fields(one.selection_set, None)
                found += [
                    each.selection_set
                    for each, _ in edges
                    if each.name.value == "node" and each.selection_set
                ]
        return found

    def _node_type(self, connection: Any) -> Any:
        nodes = getattr(connection, "fields", {}).get("nodes")
        return get_named_type(nodes.type) if nodes else None

    def _fields(
        self, selected: SelectionSetNode | None, kind: Any
    ) -> Iterator[tuple[FieldNode, Any]]:
        """Yield the fields of a selection with their type, fragments opened."""
        for one in selected.selections if selected else ():
            if isinstance(one, FieldNode):
                yield one, kind
            elif isinstance(one, InlineFragmentNode):
                on = one.type_condition
                inner = self.schema.type_map.get(on.name.value) if on else kind
                yield from self._fields(one.selection_set, inner)
            elif isinstance(one, FragmentSpreadNode) and one.name.value in self.fragments:
                fragment = self.fragments[one.name.value]
                inner = self.schema.type_map.get(fragment.type_condition.name.value)
                yield from self._fields(fragment.selection_set, inner)
