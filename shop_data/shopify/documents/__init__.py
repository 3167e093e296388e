"""The documents that we send to Shopify: `<name>.graphql` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DIRECTORY = Path(__file__).parent


@cache
def document(name: str) -> str:
    """Return the text of a document of ours."""
    return (DIRECTORY / f"{name}.graphql").read_text(encoding="utf-8")


def names() -> list[str]:
    """Return the names of all documents. Those that begin with `bulk_` run as bulk operations."""
    return sorted(path.stem for path in DIRECTORY.glob("*.graphql"))
