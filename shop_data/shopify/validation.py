"""Whether our documents are right by a schema of the Admin API, and by the rules of bulk ones.

A bulk operation takes a single query without variables, of 1 to 5 connections nested at most two
deep below the first, each asked for by `edges { node }`, with the parent's `id`, and none inside
of a list: https://shopify.dev/docs/api/usage/bulk-operations/queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    validate,
)

MOST_CONNECTIONS = 5
DEEPEST = 2  # below the connection at the root
MOST_BYTES = 65_535
Type = GraphQLObjectType | GraphQLInterfaceType


def read_schema(text: str) -> GraphQLSchema:
    """Return the schema that a file of Shopify's describes; it is taken for right."""
    return build_schema(text, assume_valid=True, assume_valid_sdl=True)


def complaints(schema: GraphQLSchema, text: str, *, is_bulk: bool) -> list[str]:
    """Return what is wrong with a document, in words; nothing where it is right."""
    parsed = parse(text)
    wrong = [error.message for error in validate(schema, parsed)]
    if wrong or not is_bulk:
        return wrong
    return list(_bulk_complaints(schema, parsed, size=len(text.encode())))


def _bulk_complaints(schema: GraphQLSchema, parsed: DocumentNode, *, size: int) -> Iterator[str]:
    operations = [each for each in parsed.definitions if isinstance(each, OperationDefinitionNode)]
    if size > MOST_BYTES:
        yield "The query is too large."
    if len(operations) != 1 or operations[0].operation != OperationType.QUERY:
        yield "A bulk document is one query."
        return
    if operations[0].variable_definitions:
        yield "A bulk query takes no variables."
    walk = _Walk(schema, parsed)
    query = schema.query_type
    roots = [node.name.value for _, node in walk.fields(operations[0].selection_set, query)]
    if len(roots) != 1 or set(roots) & {"node", "nodes"}:
        yield "A bulk query has one field at its root, which is neither node nor nodes."
    walk.visit(operations[0].selection_set, query, depth=0)
    yield from walk.wrong
    if not 1 <= walk.connections <= MOST_CONNECTIONS:
        yield f"A bulk query has 1 to {MOST_CONNECTIONS} connections, not {walk.connections}."
    if walk.deepest > DEEPEST:
        yield f"Connections are nested {walk.deepest} deep, {DEEPEST} at most."


@dataclass
class _Walk:
    """Goes through a document and counts its connections."""

    schema: GraphQLSchema
    document: DocumentNode
    connections: int = 0
    deepest: int = 0
    wrong: list[str] = field(default_factory=list)

    def visit(
        self,
        selection: SelectionSetNode,
        parent: Type | None,
        *,
        depth: int,
        in_list: bool = False,
        has_id: bool = True,
    ) -> None:
        """Count what is below a selection; `has_id` tells whether its node selects its own."""
        for owner, node in self.fields(selection, parent):
            if node.selection_set is None:
                continue
            type_ = owner.fields[node.name.value].type
            named = get_named_type(type_)
            if not isinstance(named, Type):
                continue
            if "edges" in named.fields and named.name.endswith("Connection"):
                self._connection(node, named, depth=depth, in_list=in_list, has_id=has_id)
            else:
                below = in_list or _is_list(type_)
                self.visit(node.selection_set, named, depth=depth, in_list=below, has_id=has_id)

    def _connection(
        self, node: FieldNode, connection: Type, *, depth: int, in_list: bool, has_id: bool
    ) -> None:
        name = node.name.value
        self.connections += 1
        self.deepest = max(self.deepest, depth)
        if in_list:
            self.wrong.append(f"{name} is a connection within a list.")
        if not has_id:
            self.wrong.append(f"The parent of {name} has to select its id.")
        for edge_type, edges in self._named("edges", node.selection_set, connection, of=name):
            for type_, inner in self._named("node", edges.selection_set, edge_type, of=name):
                selected = {each.name.value for _, each in self.fields(inner.selection_set, type_)}
                self.visit(_selection(inner), type_, depth=depth + 1, has_id="id" in selected)

    def _named(
        self, wanted: str, selection: SelectionSetNode | None, parent: Type, *, of: str
    ) -> Iterator[tuple[Type, FieldNode]]:
        """Yield the field of a name with its type; note where it is missing, or `nodes` is used."""
        found = [each for _, each in self.fields(selection, parent) if each.name.value == wanted]
        if not found:
            self.wrong.append(f"{of} has to be asked for by edges and node.")
        for each in found:
            named = get_named_type(parent.fields[wanted].type)
            if isinstance(named, Type):
                yield named, each

    def fields(
        self, selection: SelectionSetNode | None, parent: Type | None
    ) -> Iterator[tuple[Type, FieldNode]]:
        """Yield each field of a selection, fragments opened, with the type that has it."""
        for node in selection.selections if selection and parent else ():
            if isinstance(node, FieldNode):
                if parent and node.name.value != "__typename":
                    yield parent, node
                continue
            yield from self._of_fragment(node, parent)

    def _of_fragment(self, node: object, parent: Type | None) -> Iterator[tuple[Type, FieldNode]]:
        if isinstance(node, FragmentSpreadNode):
            named = {
                each.name.value: each
                for each in self.document.definitions
                if isinstance(each, FragmentDefinitionNode)
            }
            fragment = named[node.name.value]
            condition, selection = fragment.type_condition, fragment.selection_set
        elif isinstance(node, InlineFragmentNode):
            condition, selection = node.type_condition, node.selection_set  # type: ignore[assignment]
        type_ = self.schema.type_map.get(condition.name.value) if condition else parent
        if isinstance(type_, Type):
            yield from self.fields(selection, type_)


def _selection(node: FieldNode) -> SelectionSetNode:
    if node.selection_set is None:
        raise ValueError(f"{node.name.value} selects nothing.")
    return node.selection_set


def _is_list(type_: GraphQLOutputType) -> bool:
    return is_list_type(get_nullable_type(type_))
