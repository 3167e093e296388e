"""The rows of a CSV file, one at a time; a file that is not whole is refused as a whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import BinaryIO, NamedTuple

_LONGEST_LINE = 2**20  # characters; a cell may hold several lines
_CUT = "The file ends in the middle of a row: it is cut. Export it again, or upload it whole."


class Unreadable(ValueError):
    """A file of which nothing is taken; the message says why, as a merchant reads it."""


class Row(NamedTuple):
    """A row: the line of the file in which it begins, and column -> cell ("" for an empty one)."""

    line: int
    cells: Mapping[str, str]


class Table:
    """`Table(file)` reads the names of the columns; iterating it, once, yields the rows."""

    def __init__(self, file: BinaryIO) -> None:
        self._records = csv.reader(_lines(file), strict=True)
        columns = self._next()
        if not columns:
            raise Unreadable("The file is empty.")
        self.columns = [name.strip() for name in columns]
        if len(set(self.columns)) < len(self.columns):
            raise Unreadable("Two columns have the same name.")

    def __iter__(self) -> Iterator[Row]:
        line = self._records.line_num + 1
        while (cells := self._next()) is not None:
            if cells:  # an empty line is none
                self._check(cells, line)
                yield Row(line, dict(zip(self.columns, map(str.strip, cells), strict=True)))
            line = self._records.line_num + 1

    def _check(self, cells: list[str], line: int) -> None:
        if len(cells) != len(self.columns):
            raise Unreadable(
                f"Line {line} has {len(cells)} cells, the first line names {len(self.columns)}"
                " columns. Nothing of the file was taken."
            )

    def _next(self) -> list[str] | None:
        try:
            return next(self._records, None)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise Unreadable(_CUT) from error
            line = self._records.line_num
            raise Unreadable(f"Line {line} is not CSV as Shopify writes it: {error}.") from error
        except UnicodeDecodeError as error:
            raise Unreadable("The file is not UTF-8, which Shopify writes.") from error


def _lines(file: BinaryIO) -> Iterator[str]:
    """Yield the lines of a file with their ends; the last one has one too, or the file is cut."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    line = ""
    while more := text.readline(_LONGEST_LINE):
        line = more
        if len(line) == _LONGEST_LINE:
            raise Unreadable("A line of the file is longer than a million characters.")
        if "\0" in line:
            raise Unreadable("The file is no text.")
        yield line
    text.detach()
    if line and not line.endswith(("\n", "\r")):
        raise Unreadable(_CUT)
