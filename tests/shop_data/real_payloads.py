"""Bodies to deliver from a directory of real payloads, with the topic that each comes under.

`../shared/fixtures` holds payloads from public repositories (its MANIFEST.md names sources and
licences); they are read there and never copied. `tests/payloads` holds ours.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import simplejson

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "fixtures"
OURS = ROOT / "tests" / "payloads"

TOPICS = {
    "order": "orders/updated",
    "customer": "customers/update",
    "product": "products/update",
    "refund": "refunds/create",
    "checkout": "checkouts/update",
    "fulfillment": "fulfillments/update",
    "inventory_level": "inventory_levels/update",
}


@dataclass(frozen=True)
class Payload:
    """A body; `kind` is what it describes, None for one of a sample topic that we do not read."""

    name: str
    topic: str
    raw: bytes
    kind: str | None

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw, parse_float=Decimal)
        return found

    @property
    def must_be_processed(self) -> bool:
        """Tell whether it is one of the five resources and has an id."""
        kinds = {"order", "customer", "product", "refund", "checkout"}
        return self.kind in kinds and self.body.get("id") is not None

    @property
    def is_order(self) -> bool:
        return self.kind == "order" and "total_price" in self.body


def rest_payloads(directory: Path) -> Iterator[Payload]:
    """Yield every resource under `rest`: files of one resource, and those inside wrappers."""
    for path in sorted((directory / "rest").rglob("*.json")):
        name = str(path.relative_to(directory / "rest"))
        raw = path.read_bytes()
        body = json.loads(raw, parse_float=Decimal)
        kind = path.parent.name.removesuffix("s")
        if (kind in TOPICS and "id" in body) or kind == "inventory_level":
            yield Payload(name, TOPICS[kind], raw, kind)
        elif kind in TOPICS:  # a calculated refund, a checkout in the making: they have no id
            yield Payload(name, TOPICS[kind], raw, None)
        else:
            yield from _wrapped(name, body)


def _wrapped(name: str, body: Any) -> Iterator[Payload]:
    """Yield the resources of a document such as {"orders": [{…}, {…}]} or {"refund": {…}}."""
    for field, value in body.items():
        kind = field.removesuffix("s")
        if kind in TOPICS and isinstance(value, dict | list):
            for number, item in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(item, dict):
                    raw = simplejson.dumps(item, use_decimal=True, ensure_ascii=False).encode()
                    yield Payload(f"{name}#{number}", TOPICS[kind], raw, kind)


def sample_payloads(directory: Path) -> Iterator[Payload]:
    """Yield every sample of a webhook's body under each of its topics."""
    topics = _topics_of_samples(directory)
    for path in sorted((directory / "webhooks").rglob("*.json")):
        name = str(path.relative_to(directory))
        for topic in topics[name]:
            resource, action = topic.split("/")
            kind = resource.removesuffix("s") if action != "delete" else None
            reads = kind in TOPICS and topic != "orders/edited"
            yield Payload(f"{name} as {topic}", topic, path.read_bytes(), kind if reads else None)


def _topics_of_samples(directory: Path) -> dict[str, list[str]]:
    """Return file -> topics, as the manifest's rows name them."""
    found = {}
    for row in (directory / "MANIFEST.md").read_text().splitlines():
        cells = [cell.strip() for cell in row.split("|")]
        if len(cells) > 5 and cells[1].startswith("webhooks/"):
            _, _, topics = cells[5].partition("topics: ")
            found[cells[1]] = topics.split(", ") if topics else ["carts/update"]
    return found
