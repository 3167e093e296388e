"""Fields of an order that its newest body does not have, as the newest body that had them said.

Bodies may be cut (`include_fields`, a token without a scope): an absent field says nothing.
"""

from __future__ import annotations

import hashlib
from typing import Any

import simplejson

from shop_data.changes import Version
from shop_data.payloads.values import Body, parse_value

Kept = dict[str, list[Any]]  # field -> [version, JSON text]


def fields_digest(body: Body) -> str:
    """Return a short text that is equal for bodies with the same fields."""
    return hashlib.sha256("\n".join(sorted(body)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def keep_absent(kept: Kept, old: Body, version: Version, new: Body) -> None:
    """Keep what the body `old` of `version` says and the newer body `new` does not."""
    for field in kept.keys() & new.keys():
        del kept[field]
    for field in old.keys() - new.keys():
        kept[field] = [version.as_json(), simplejson.dumps(old[field], use_decimal=True)]


def keep_from_older(kept: Kept, older: Body, version: Version, newest: Body) -> bool:
    """Keep what an older body says and no newer one does; tell whether there was any."""
    added = False
    for field in older.keys() - newest.keys():
        if field not in kept or Version.from_json(kept[field][0]) < version:
            kept[field] = [version.as_json(), simplejson.dumps(older[field], use_decimal=True)]
            added = True
    return added


def forget_kept(kept: Kept, forgotten: Body) -> Kept:
    """Return of the fields that are kept those that `forgotten` has, with its values."""
    return {
        field: [version, simplejson.dumps(forgotten[field], use_decimal=True)]
        for field, (version, _) in kept.items()
        if field in forgotten
    }


def values_of(kept: Kept) -> dict[str, Any]:
    """Return field -> value."""
    return {field: parse_value(text) for field, (_, text) in kept.items()}
