"""What a query costs, and the bucket of points that an app has in a shop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

MOST = 1000  # what a single query may cost
MUTATION = 10
PAGE = 2


def requested(
    schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any], name: str | None
) -> int:
    """Return what a query may cost: 1 an object, 2 + n a page of n, 10 a mutation."""
    operation = next(
        one
        for one in document.definitions
        if isinstance(one, OperationDefinitionNode)
        and (name is None or (one.name and one.name.value == name))
    )
    if operation.operation.value == "mutation":
        return MUTATION
    fragments = {
        one.name.value: one
        for one in document.definitions
        if isinstance(one, FragmentDefinitionNode)
    }
    return _Counter(schema, fragments, variables).of(operation.selection_set, schema.query_type)


class _Counter:
    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, Any],
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables

    def of(self, selected: SelectionSetNode, kind: Any) -> int:
        total = 0
        for one in selected.selections:
            if isinstance(one, FieldNode):
                total += self._field(one, kind)
            elif isinstance(one, InlineFragmentNode):
                on = one.type_condition
                inner = self.schema.type_map[on.name.value] if on else kind
                total += self.of(one.selection_set, inner)
            elif isinstance(one, FragmentSpreadNode):
                fragment = self.fragments[one.name.value]
                on_type = self.schema.type_map[fragment.type_condition.name.value]
                total += self.of(fragment.selection_set, on_type)
        return total

    def _field(self, one: FieldNode, kind: Any) -> int:
        definition = getattr(kind, "fields", {}).get(one.name.value)
        if definition is None or one.selection_set is None:
            return 0
        inner = get_named_type(definition.type)
        if inner.name.endswith("Connection"):
            return PAGE + self._size(one) * (1 + self._of_nodes(one.selection_set, inner))
        if inner.name == "PageInfo":
            return 0
        return 1 + self.of(one.selection_set, inner)

    def _of_nodes(self, selected: SelectionSetNode, connection: Any) -> int:
        """Return what one node of a connection costs beyond itself."""
        total = 0
        for one in selected.selections:
            if not isinstance(one, FieldNode) or one.selection_set is None:
                continue
            if one.name.value == "nodes":
                node = get_named_type(connection.fields["nodes"].type)
                total += self.of(one.selection_set, node)
            elif one.name.value == "edges":
                edge = get_named_type(connection.fields["edges"].type)
                total += self._of_edge(one.selection_set, edge)
        return total

    def _of_edge(self, selected: SelectionSetNode, edge: Any) -> int:
        node = get_named_type(edge.fields["node"].type)
        return sum(
            self.of(one.selection_set, node)
            for one in selected.selections
            if isinstance(one, FieldNode) and one.name.value == "node" and one.selection_set
        )

    def _size(self, one: FieldNode) -> int:
        for argument in one.arguments or ():
            if argument.name.value in ("first", "last"):
                value = argument.value
                if isinstance(value, IntValueNode):
                    return int(value.value)
                if isinstance(value, VariableNode):
                    return int(self.variables.get(value.name.value) or 0)
        return 0


@dataclass
class Bucket:
    """The points of one app in one shop, refilled by the double's clock."""

    level: float
    at: datetime
    maximum: int = 2000
    rate: int = 100  # a second

    def refill(self, now: datetime) -> None:
        passed = max(0.0, (now - self.at).total_seconds())
        self.level = min(self.maximum, self.level + passed * self.rate)
        self.at = now

    def take(self, points: int) -> bool:
        """Take points; false, and nothing taken, where there are too few."""
        if points > self.level:
            return False
        self.level -= points
        return True

    def give_back(self, points: int) -> None:
        self.level = min(self.maximum, self.level + points)

    def status(self) -> dict[str, float | int]:
        return {
            "maximumAvailable": float(self.maximum),
            "currentlyAvailable": int(self.level),
            "restoreRate": float(self.rate),
        }
