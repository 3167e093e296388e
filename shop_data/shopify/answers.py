"""What an answer of the Admin API means: data, a reason to ask again, or a refusal.

An answer of status 200 may hold errors, and data that is null where something may not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from shop_data.shopify.errors import AccessDenied, Refused, Unreachable
from shop_data.shopify.transport import Answer

_SCOPE = re.compile(r"`((?:read|write)_\w+)`")
_SECONDS = re.compile(r"\d{1,4}(\.\d+)?")
_NO_LASTING_TOKENS = "non-expiring access token"  # public apps must not have them from 2027 on
_FOR_NOW = {402: "is not paid for", 403: "does not let us in", 423: "is locked"}
_PASSING = {"INTERNAL_SERVER_ERROR", "TIMEOUT"}


class Again(Exception):
    """The same may succeed after so many `seconds`; raised inside this package only.

    `is_unknown` where nobody knows what became of the request.
    """

    def __init__(self, reason: str, seconds: float = 0.0, *, is_unknown: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds
        self.is_unknown = is_unknown


def cost(answer: Answer) -> Mapping[str, Any]:
    """Return what Shopify says that a document cost; empty where it does not."""
    extensions = answer.body.get("extensions") if isinstance(answer.body, dict) else None
    return (extensions or {}).get("cost") or {}


def refuses_token(answer: Answer) -> bool:
    """Tell whether it is the access token that Shopify does not take, so that another may help."""
    too_old = answer.status == 403 and _NO_LASTING_TOKENS in _told(answer).lower()
    return answer.status == 401 or too_old


def data(answer: Answer, *, seconds: float) -> dict[str, Any]:
    """Return the data; raise `Again`, `AccessDenied`, `Refused` or `Unreachable`.

    After `seconds` there are points for a document that cost too much.
    """
    _check_status(answer)
    if not isinstance(answer.body, dict):
        raise Again("Shopify answered with something that is no JSON.", is_unknown=True)
    found: dict[str, Any] = answer.body.get("data") or {}
    errors = answer.body.get("errors")
    if errors:
        _raise(errors if isinstance(errors, list) else [{"message": str(errors)}], found, seconds)
    _refuse_user_errors(found)
    return found


def _check_status(answer: Answer) -> None:
    status = answer.status
    if status == 429:
        raise Again("Shopify asks us to wait.", _seconds(answer.headers.get("Retry-After", "")))
    if status >= 500 or 300 <= status < 400:
        raise Again(f"Shopify answered with status {status}.", is_unknown=True)
    if status in _FOR_NOW:
        raise Unreachable(f"The shop {_FOR_NOW[status]} at Shopify for now{_told(answer)}.")
    if status == 404:
        raise Refused("There is no shop with this address at Shopify.")
    if status != 200:
        raise Refused(f"Shopify refused what was asked, with status {status}{_told(answer)}.")


def _seconds(text: str) -> float:
    """Return the seconds that a header names, as "2.0"; 1 where it is a date or nothing."""
    return float(text) if _SECONDS.fullmatch(text) else 1.0


def _told(answer: Answer) -> str:
    said = answer.body.get("errors") if isinstance(answer.body, dict) else None
    return f": {str(said)[:200].rstrip('.')}" if said else ""


def _raise(errors: list[Any], found: dict[str, Any], seconds: float) -> None:
    known = [error for error in errors if isinstance(error, dict)]
    codes = {str((error.get("extensions") or {}).get("code")) for error in known}
    if "THROTTLED" in codes:
        raise Again("The shop’s Admin API is busy with what was asked before.", max(seconds, 0.1))
    if codes & _PASSING:
        raise Again("Something went wrong inside Shopify.", is_unknown=True)
    if codes == {"ACCESS_DENIED"}:
        raise _denied(known, found)
    raise Refused(f"Shopify refused: {_sentences(known)}", errors=known, data=found)


def _denied(errors: list[dict[str, Any]], found: dict[str, Any]) -> AccessDenied:
    fields = [".".join(map(str, error.get("path") or ())) for error in errors]
    scopes = sorted({scope for error in errors for scope in _SCOPE.findall(_required(error))})
    message = f"Shopify does not show everything: {_sentences(errors)}"
    return AccessDenied(message, fields=fields, scopes=scopes, data=found)


def _required(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions") or {}
    return str(extensions.get("requiredAccess") or error.get("message") or "")


def _refuse_user_errors(found: Mapping[str, Any]) -> None:
    """Raise `Refused` for what a mutation says was wrong with what it was given."""
    for payload in found.values():
        errors = payload.get("userErrors") if isinstance(payload, dict) else None
        if errors:
            raise Refused(f"Shopify refused: {_sentences(errors)}", errors=errors, data=found)


def _sentences(errors: Iterable[Mapping[str, Any]]) -> str:
    told = dict.fromkeys(str(error.get("message") or "no reason given") for error in errors)
    return " ".join(text if text.endswith(".") else f"{text}." for text in list(told)[:3])
