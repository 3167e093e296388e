"""Results of bulk operations, of any number of orders, as Shopify would write them.

The double tells a past and writes it as the product's own query asks; its orders are then written
again and again with other numbers. Refunds are left out: no bulk operation brings their lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

ORDERS = 2_000  # that the double tells
SHIFT = 10**11  # between the numbers of two copies
SAME_CUSTOMER = 4  # orders of this many copies are of one customer
PIECE = 50_000  # orders in a file: a month of 1.2 million in two years
_NUMBER = re.compile(rb"gid://shopify/(Order|LineItem|ShippingLine|Customer|Fulfillment)/(\d+)")


class Result(NamedTuple):
    """A file, and what Shopify would say that is in it."""

    path: Path
    objects: int
    roots: int


def results(directory: Path, orders: int) -> Iterator[Result]:
    """Write files with so many orders in all and yield each; they are removed by whoever reads."""
    told = _told()
    copy = 0
    for first in range(0, orders, PIECE):
        path = directory / f"{first}.jsonl"
        objects = 0
        roots = min(PIECE, orders - first)
        with path.open("wb") as file:
            for begin in range(0, roots, ORDERS):
                part = told[: roots - begin]
                lines = [line for each in part for line in each]
                Random(copy).shuffle(lines)
                file.writelines(_numbered(line, copy) for line in lines)
                objects += len(lines)
                copy += 1
        yield Result(path, objects, roots)


def _numbered(line: bytes, copy: int) -> bytes:
    def number(found: re.Match[bytes]) -> bytes:
        kind = found[1]
        shift = copy // SAME_CUSTOMER if kind == b"Customer" else copy
        return b"gid://shopify/%b/%d" % (kind, int(found[2]) + shift * SHIFT)

    return _NUMBER.sub(number, line)


def _told() -> list[list[bytes]]:
    """Return the lines of each order that the double tells."""
    from graphql import parse  # noqa: PLC0415  # Django is set up by now

    from shop_data.shopify.documents import document  # noqa: PLC0415
    from shop_data.shopify.version import API_VERSION  # noqa: PLC0415
    from xenofy.fakeshop.admin.ask import Ask  # noqa: PLC0415
    from xenofy.fakeshop.admin.bulk_lines import BulkReader  # noqa: PLC0415
    from xenofy.fakeshop.admin.schema import schema  # noqa: PLC0415
    from xenofy.fakeshop.evaluation import DOMAIN, prepared  # noqa: PLC0415

    world = prepared(orders=ORDERS, app_url="http://127.0.0.1")
    world.token(DOMAIN)
    (grant, *_) = world.grants.of(DOMAIN)
    ask = Ask(world.shop(DOMAIN), grant, API_VERSION, schema(), is_bulk=True)
    reader = BulkReader(schema(), parse(document("bulk_orders").replace("SEARCH", "")), ask)
    return [[_line(line) for line in reader.lines(*root)] for root in reader.roots()]


def _line(line: dict[str, object]) -> bytes:
    return json.dumps({**line, "refunds": []} if "refunds" in line else line).encode() + b"\n"
