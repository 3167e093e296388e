"""The search syntax: `field:op'value'`, joined by AND, OR, NOT, spaces and parentheses."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import eq, ge, gt, le, lt
from typing import Any

Test = Callable[[Any], bool]
Read = Callable[[Any], Any]  # what of a record a field of the search is

_TOKEN = re.compile(
    r"""\s*(?:(?P<paren>[()])|(?P<word>AND|OR|NOT)(?=[\s()]|$)|(?P<minus>-(?=[\w(]))
    |(?P<field>[a-z_]+):(?P<op><=|>=|<|>)?(?P<value>'[^']*'|"[^"]*"|[^\s()]+)
    |(?P<bare>'[^']*'|"[^"]*"|[^\s()]+))""",
    re.VERBOSE,
)
_OPS: dict[str, Callable[[Any, Any], bool]] = {"": eq, "<": lt, "<=": le, ">": gt, ">=": ge}


def parse(query: str, reads: Mapping[str, Read], unknown: list[str]) -> Test:
    """Return what a record must be. Fields that are not in `reads` are ignored, as Shopify does,
    and named in `unknown`."""
    return _Parser(query, reads, unknown).whole()


class _Parser:
    def __init__(self, query: str, reads: Mapping[str, Read], unknown: list[str]) -> None:
        self.tokens = [match.groupdict() for match in _TOKEN.finditer(query.strip())]
        self.reads = reads
        self.unknown = unknown
        self.at = 0

    def whole(self) -> Test:
        if not self.tokens:
            return lambda record: True
        return self._either()

    def _either(self) -> Test:
        tests = [self._all()]
        while self._take("word", "OR"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda record: any(t(record) for t in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._take("word", "AND") or self._goes_on():
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda record: all(t(record) for t in tests)

    def _goes_on(self) -> bool:
        """Tell whether another term follows without a word between."""
        token = self.tokens[self.at] if self.at < len(self.tokens) else None
        return token is not None and token["paren"] != ")" and token["word"] != "OR"

    def _one(self) -> Test:
        if self._take("word", "NOT") or self._take("minus", "-"):
            inner = self._one()
            return lambda record: not inner(record)
        if self._take("paren", "("):
            inner = self._either()
            self._take("paren", ")")
            return inner
        token = self._next()
        if token is None or token["field"] is None:
            return self._text(_unquoted((token or {}).get("bare") or ""))
        return self._field(token["field"], token["op"] or "", _unquoted(token["value"]))

    def _field(self, name: str, op: str, value: str) -> Test:
        read = self.reads.get(name)
        if read is None:
            self.unknown.append(name)
            return lambda record: True
        return _comparison(read, op, value)

    def _text(self, text: str) -> Test:
        read = self.reads.get("default")
        if read is None or not text:
            return lambda record: True
        return lambda record: text.lower() in str(read(record)).lower()

    def _take(self, group: str, value: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][group] == value:
            self.at += 1
            return True
        return False

    def _next(self) -> dict[str, Any] | None:
        if self.at >= len(self.tokens):
            return None
        self.at += 1
        return self.tokens[self.at - 1]


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') and value[-1:] == value[:1] else value


def _comparison(read: Read, op: str, value: str) -> Test:
    compare = _OPS[op]

    def test(record: Any) -> bool:
        found = read(record)
        if found is None:
            return False
        if isinstance(found, (list, tuple, set, frozenset)):
            return value.lower() in (str(each).lower() for each in found)
        return compare(*_alike(found, value, op))

    return test


def _alike(found: Any, value: str, op: str) -> tuple[Any, Any]:
    """Return a record's value and a searched one as the same type."""
    if isinstance(found, bool):
        return str(found).lower(), value.lower()
    if isinstance(found, datetime):
        return found, _moment(value)
    if isinstance(found, int):
        number = value.rsplit("/", 1)[-1]
        return found, int(number) if number.lstrip("-").isdigit() else -1
    return str(found).lower(), value.lower()


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
