"""Reading single values of a body, each bounded before anything costly is done with it.

A field that is absent from a body says nothing about it: the mirror keeps what it has. Null
clears it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import simplejson

Body = Mapping[str, Any]
Reader = Callable[[Any, str], Any]
Columns = Mapping[str, tuple[str, Reader]]  # column -> (field of the body, how to read it)

_AMOUNT = re.compile(r"-?\d{1,14}(\.\d{1,6})?")
_RATE = re.compile(r"\d{1,3}(\.\d{1,20})?")
_DIGITS = re.compile(r"-?\d{1,19}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_CURRENCY = re.compile(r"[A-Z]{3}")
_BIGINT = 2**63
_UNITS = 10**9
_WORD = 255
_SHORT = 40  # characters of a value that is kept beside what it means
_LEAP_SECOND = re.compile(r"(T\d\d:\d\d:)60")  # which Python does not know: the one before it
_YEARS = range(1970, 2200)


class PayloadError(ValueError):
    """A body cannot be read; the message says which field and why."""


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`, with decimals exact; raise `PayloadError` for all else."""
    try:
        value = parse_value(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PayloadError("The body is not UTF-8.") from error
    except RecursionError as error:
        raise PayloadError("The body is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise PayloadError(f"The body is not JSON: {error.msg} at {error.pos}.") from error
    if not isinstance(value, dict):
        raise PayloadError("The body is not a JSON object.")
    return value


def written(body: Body) -> bytes:
    """Return a body as bytes from which `parse` reads the same."""
    return str(simplejson.dumps(body, use_decimal=True)).encode()


def parse_value(text: str) -> Any:
    """Return the value of a JSON text, with decimals exact."""
    try:
        return _DECODER.decode(text)
    except (json.JSONDecodeError, PayloadError):
        raise
    except ValueError:  # a whole number with more digits than Python takes
        return _PATIENT_DECODER.decode(text)


def _exact(text: str) -> Decimal | str:
    """Keep a number as a decimal; one of absurd size stays text and fails where it is used."""
    return Decimal(text) if len(text) <= 40 and "e" not in text.lower() else text


def _bounded(text: str) -> int | str:
    return int(text) if len(text) <= 20 else text


def _refuse(constant: str) -> Any:
    raise PayloadError(f"The body holds {constant}, which is not JSON.")


_DECODER = json.JSONDecoder(parse_float=_exact, parse_constant=_refuse)
_PATIENT_DECODER = json.JSONDecoder(parse_float=_exact, parse_int=_bounded, parse_constant=_refuse)


def amount(value: Any, field: str) -> Decimal | None:
    """Return money from Shopify's text or number; None for null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PayloadError(f"{field} is not an amount.")
    text = str(value)
    found = _decimal(text) if len(text) <= _SHORT else None
    if found is None:
        raise PayloadError(f"{field} is not an amount of money: {text[:40]!r}.")
    return found


@lru_cache(maxsize=4096)  # a body says the same amount several times
def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def rate(value: Any, field: str) -> Decimal | None:
    """Return a share such as a tax rate, 0.18 for 18 %; None for null."""
    if value is None:
        return None
    if not _RATE.fullmatch(str(value)):
        raise PayloadError(f"{field} is not a rate: {str(value)[:40]!r}.")
    return Decimal(str(value))


def shop_amount(body: Body, field: str) -> Decimal | None:
    """Return a money field in the shop's currency: the shop side of its `_set`, else the field."""
    money_set = body.get(f"{field}_set")
    if isinstance(money_set, dict):
        shop = money_set.get("shop_money")
        if isinstance(shop, dict) and shop.get("amount") is not None:
            return amount(shop["amount"], field)
    return amount(body.get(field), field)


def presentment_amount(body: Body, field: str) -> Decimal | None:
    """Return a money field in the customer's currency, where the body has it."""
    money_set = body.get(f"{field}_set")
    side = money_set.get("presentment_money") if isinstance(money_set, dict) else None
    return amount(side.get("amount"), field) if isinstance(side, dict) else None


def whole(value: Any, field: str) -> int | None:
    """Return a whole number that fits a bigint; None for null."""
    if value is None:
        return None
    if type(value) is int and -_BIGINT <= value < _BIGINT:  # as nearly all are
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise PayloadError(f"{field} is not a whole number.")
    if not _DIGITS.fullmatch(str(value)) or not -_BIGINT <= int(value) < _BIGINT:
        raise PayloadError(f"{field} is not a whole number: {str(value)[:40]!r}.")
    return int(value)


def quantity(body: Body, field: str = "quantity") -> int:
    """Return a number of units, as many as can be multiplied with money; absent is none."""
    units = whole(body.get(field), field) or 0
    if abs(units) > _UNITS:
        raise PayloadError(f"{field} is too large to be counted: {units}.")
    return units


def identifier(value: Any, field: str) -> int | None:
    """Return one of Shopify's ids, from a number, digits, or the end of a `gid://`."""
    if isinstance(value, str) and value.startswith("gid://"):
        value = value.rsplit("/", 1)[-1].split("?", 1)[0]
    return whole(value, field)


def required_identifier(body: Body, field: str = "id") -> int:
    """Return an id that the body cannot do without."""
    found = identifier(body.get(field), field)
    if found is None:
        raise PayloadError(f"{field} is missing.")
    return found


def any_identifier(body: Body, *fields: str) -> int:
    """Return the id in the first of these fields that has one; which it is depends on versions."""
    for field in fields:
        found = identifier(body.get(field), field)
        if found is not None:
            return found
    raise PayloadError(f"{' and '.join(fields)} are missing.")


def moment(value: Any, field: str) -> datetime | None:
    """Return an aware moment in UTC from ISO 8601; None for null."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise PayloadError(f"{field} is not a moment.")
    try:
        aware = _moment(value) if len(value) <= _SHORT else _moment.__wrapped__(value)
    except (ValueError, OverflowError) as error:
        raise PayloadError(f"{field} is not a moment: {value[:40]!r}.") from error
    if aware.year not in _YEARS:
        raise PayloadError(f"{field} lies outside of time as we know it: {value[:40]!r}.")
    return aware


@lru_cache(maxsize=4096)  # a body says the same moment several times
def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(_LEAP_SECOND.sub(r"\g<1>59", text))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def text(value: Any, field: str) -> str | None:
    """Return text that PostgreSQL can hold; None for null.

    U+0000 and lone surrogates, which no text column takes, become U+FFFD here. The body as it
    came stays in the inbox.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        if isinstance(value, bool | int | Decimal):
            return str(value)
        raise PayloadError(f"{field} is not text.")
    return value if value.isascii() and "\0" not in value else _UNSTORABLE.sub("\ufffd", value)


def word(value: Any, field: str) -> str | None:
    """Return text that lists are filtered and grouped by: a code, a status, a vendor.

    It is cut where an index could not hold it.
    """
    found = text(value, field)
    return found[:_WORD] if found else found


def truth(value: Any, field: str) -> bool | None:
    """Return true, false or None for null."""
    if value is None or isinstance(value, bool):
        return value
    raise PayloadError(f"{field} is neither true nor false.")


def currency(value: Any, field: str) -> str | None:
    """Return an ISO 4217 code in capitals; None for null."""
    if value is None:
        return None
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value.upper()):
        raise PayloadError(f"{field} is not a currency: {str(value)[:40]!r}.")
    return value.upper()


def objects(body: Body, field: str) -> list[Body]:
    """Return a list of objects; null and an absent field are empty."""
    value = body.get(field)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PayloadError(f"{field} is not a list of objects.")
    return value


def child(body: Body, field: str) -> Body | None:
    """Return an object inside the body; None where it is null or absent."""
    value = body.get(field)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise PayloadError(f"{field} is not an object.")
    return value


def lower(value: str | None) -> str | None:
    """Return the form in which people search, cut where an index could not hold it."""
    return value.lower()[:_WORD] if value else None


def read(body: Body, columns: Columns) -> dict[str, Any]:
    """Return the columns whose fields the body has."""
    return {
        column: reader(body[field], field)
        for column, (field, reader) in columns.items()
        if field in body
    }
