"""A bulk result is taken whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shop_data.imports.bulk_files import BulkFile, Incomplete

PARENTS, CHILDREN = 50, 3  # of each


def whole() -> bytes:
    """Return 200 lines, the children before and after their parents."""
    lines: list[dict[str, str]] = []
    for number in range(PARENTS):
        children = [{"__typename": "Line", "__parentId": str(number)} for _ in range(CHILDREN)]
        lines += [*children[:1], {"id": str(number)}, *children[1:]]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def read(path: Path) -> BulkFile:
    return BulkFile(path, objects=PARENTS * (1 + CHILDREN), roots=PARENTS)


@pytest.mark.fault(43)
def test_a_file_that_is_cut_anywhere_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "result.jsonl"
    path.write_bytes(whole())
    nodes = list(read(path).nodes({"Line": "lines"}))
    assert [len(node["lines"]["nodes"]) for node in nodes] == [CHILDREN] * PARENTS

    for end in range(len(whole()) - 1, -1, -1):
        with path.open("r+b") as file:
            file.truncate(end)
        with pytest.raises(Incomplete):
            read(path)
