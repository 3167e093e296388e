"""Events of the Admin API as lines of the activity feed.

Their own sentences may name people, so that ours are told instead: what happened to which number.
"""

from __future__ import annotations

from collections.abc import Mapping

from shop_data.payloads.graphql_values import shopify_id, small
from shop_data.payloads.happenings import Happening
from shop_data.payloads.values import Body

# By kind of what an event is about, what Shopify calls it -> what a webhook would have called it.
_VERBS: Mapping[str, Mapping[str, str]] = {
    "order": {
        **dict.fromkeys(("create", "placed"), "create"),
        "cancelled": "cancelled",
        "destroy": "delete",
        "edit_complete": "edited",
    },
    "customer": {"create": "create", "destroy": "delete", "merge": "merge"},
    "product": {"create": "create", "destroy": "delete", "update": "update"},
    "collection": {"create": "create", "destroy": "delete", "update": "update"},
}
_WORDS = {
    "create": "was added", "delete": "was deleted", "update": "was changed",
    "cancelled": "was cancelled", "edited": "was edited", "merge": "was made one with another",
}  # fmt: skip
_PLACED = ("order", "create")


def happened(event: Body) -> Happening | None:
    """Return what an event tells; None where it is about nothing that the feed has."""
    kind = small(event.get("subjectType")) or ""
    action = small(event.get("action")) or ""
    subject = shopify_id(event.get("subjectId"))
    if kind not in _VERBS or not action or not isinstance(subject, int):
        return None
    if (kind, action) == ("order", "refund"):
        return Happening("refund", "create", subject, "", "A refund was made.")
    verb = _VERBS[kind].get(action, action)
    words = "was placed" if (kind, verb) == _PLACED else _WORDS.get(verb, action.replace("_", " "))
    joined = f" {words}" if words.startswith("was") else f": {words}"
    return Happening(kind, verb, subject, "", f"{kind.capitalize()} {subject}{joined}.")
