"""Every answer that a test gets from the REST API, held to the document of the API.

A middleware around all others looks at each answer; what it finds fails the test that asked. The
document allows keys that it does not name, as clients must; here they are refused, so that it
names them all.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.http import HttpRequest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from xenofy.api_document import document
from xenofy.common.http import MACHINE_PATHS

DOCUMENT = "urn:xenofy:api"
OWN = ("/api/docs", "/api/webhooks/shopify/")  # no JSON of ours is read or written there
ERROR = {"$ref": "#/components/schemas/Error"}
_found: list[str] = []


class DocumentMiddleware:
    """Notes every answer of the REST API that the document does not describe."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        _found.extend(
            f"{request.method} {request.path}: {each}" for each in wrong(request, response)
        )
        return response


@contextmanager
def all_described() -> Iterator[None]:
    """Fail a test that got an answer which the document does not describe."""
    _found.clear()
    yield
    found, _found[:] = list(_found), []
    assert not found, "\n".join(found)


def wrong(request: HttpRequest, response: Any) -> Iterator[str]:
    """Yield what the document does not say of an answer."""
    path = request.path.replace("/api/v1/", "/api/", 1)
    if path.split("/")[1] not in (*MACHINE_PATHS, "health") or path.startswith(OWN):
        return
    operation = operation_of(path, request.method or "")
    if operation is None:
        yield from _unknown(response)
        return
    status = str(response.status_code)
    if status not in operation["responses"]:
        yield f"{status} is not described"
        return
    described = operation["responses"][status]
    yield from _wrong_content(
        _referred(described), response, f"{operation['operationId']}-{status}"
    )


def operation_of(path: str, method: str) -> Any:
    """Return the operation at an address; HEAD answers as GET."""
    verb = "get" if method == "HEAD" else method.lower()
    for pattern, operations in _patterns():
        if pattern.fullmatch(path):
            return operations.get(verb)
    return None


def _unknown(response: Any) -> Iterator[str]:
    """Yield what is wrong with an answer where there is no operation: it can only be an error."""
    if response.status_code not in (400, 401, 403, 404, 405, 429, 500, 503) and not (
        response.status_code == 200 and not response.content  # a browser asked what it may
    ):
        yield f"{response.status_code}, but no operation is described"
    elif response.status_code >= 400:
        yield from _wrong_json(
            response, closed_validator("error", {"$ref": "#/components/schemas/Error"})
        )


def _wrong_content(described: Any, response: Any, name: str) -> Iterator[str]:
    for header in described.get("headers", {}):
        if header not in response.headers and not _may_lack(header, response.status_code):
            yield f"has no {header}"
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    content = described.get("content", {})
    if not content:
        if not response.streaming and response.content:
            yield "has a body, and none is described"
    elif media_type not in content:
        yield f"{media_type} is not described"
    elif media_type == "application/json":
        yield from _wrong_json(response, closed_validator(name, content[media_type]["schema"]))


def _may_lack(header: str, status: int) -> bool:
    """Tell whether an answer may be without a header: strangers have no rate until it is used up,
    and no operation is deprecated."""
    return header in ("Deprecation", "Sunset") or (header.startswith("RateLimit") and status != 429)


def _wrong_json(response: Any, validator: Draft202012Validator) -> Iterator[str]:
    content = response.content
    if response.headers.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    if not content:  # of HEAD
        return
    for error in validator.iter_errors(json.loads(content)):
        yield f"{error.json_path}: {error.message[:300]}"


def _referred(described: Any) -> Any:
    name = described.get("$ref", "").rpartition("/")[2]
    return document()["components"]["responses"][name] if name else described


@cache
def _patterns() -> list[tuple[re.Pattern[str], Any]]:
    return [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operations)
        for path, operations in document()["paths"].items()
    ]


@cache
def _registry() -> Registry[Any]:
    """Return where references lead: the document, its objects closed that say their keys."""
    made = copy.deepcopy(document())
    _close(made)
    resource = Resource(contents=made, specification=DRAFT202012)
    return Registry().with_resource(DOCUMENT, resource).crawl()


def _close(value: Any) -> None:
    if isinstance(value, dict):
        if "properties" in value and "additionalProperties" not in value:
            value["additionalProperties"] = False
        for each in value.values():
            _close(each)
    elif isinstance(value, list):
        for each in value:
            _close(each)


_validators: dict[str, Draft202012Validator] = {}


def closed_validator(name: str, schema: Any) -> Draft202012Validator:
    """Return what checks a schema of the document, closed, made once under a name."""
    if name not in _validators:
        closed = copy.deepcopy(schema)
        _close(closed)
        _refer(closed)
        _validators[name] = Draft202012Validator(
            closed, registry=_registry(), format_checker=FormatChecker()
        )
    return _validators[name]


def _refer(value: Any) -> None:
    """Let references lead into the document."""
    if isinstance(value, dict):
        if "$ref" in value:
            value["$ref"] = DOCUMENT + value["$ref"]
        for each in value.values():
            _refer(each)
    elif isinstance(value, list):
        for each in value:
            _refer(each)
