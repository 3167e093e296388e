"""Our own source as syntax trees, for tests that look for what must not stand in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("accounts", "analytics", "shop_data", "tenants", "webhooks", "xenofy")


@cache
def modules() -> dict[str, ast.Module]:
    """Return path -> tree of every module that runs in production, migrations left out."""
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return {
        str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8"))
        for file in [*files, ROOT / "manage.py"]
        if "migrations" not in file.parts
    }


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Yield each node with the place it stands at: `path::class.function`."""
    for path, tree in modules().items():
        yield from _walk(tree, path, ())


def _walk(node: ast.AST, path: str, names: tuple[str, ...]) -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        inside = (*names, child.name) if named else names
        yield f"{path}::{'.'.join(inside)}", child
        yield from _walk(child, path, inside)


def strings() -> Iterator[tuple[str, str]]:
    """Yield each string, the parts of f-strings included, with its place; docstrings too."""
    for place, node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield place, node.value
