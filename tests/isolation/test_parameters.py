"""Every parameter of every operation, as the document has it: what is wrong is refused by name.

The requests are made from the document, so that a new endpoint is tried without being listed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client

from accounts import sessions
from tests.isolation.twins import NOW, Twin
from xenofy.api_document import document

pytestmark = pytest.mark.django_db(databases=["default", "worker"])
IDS = {"event_id": "019ac2f1-b7f2-7d0c-8a6f-0d2f1d3c5b7a"}
DELIVERIES = "/api/webhooks/shopify/{topic}"

Described = tuple[str, dict[str, Any]]


def operations(*methods: str) -> list[Described]:
    """Return the path and the description of each operation of some methods."""
    return [
        (path, operation)
        for path, each in document()["paths"].items()
        for method, operation in each.items()
        if method in methods and path != DELIVERIES
    ]


READING, WRITING = operations("get"), operations("post")
ASKING = [
    (path, operation)
    for path, operation in READING
    if any(each["in"] == "query" for each in operation.get("parameters", []))
]
BOTH = [("get", *each) for each in READING] + [("post", *each) for each in WRITING]


def client_of(path: str, first: Twin) -> Client:
    """Return whoever may: an integrator with every scope, a person under /auth/."""
    if not path.startswith("/auth/"):
        return Client(headers={"X-API-Key": first.every_key})
    owner, tenant = first.people["owner"], first.tenant.id
    pair = sessions.open_session(owner, tenant_id=tenant, now=NOW, device="", address="")
    return Client(headers={"Authorization": f"Bearer {pair.token}"})


def at(path: str) -> str:
    return path.format(**IDS)


@cache
def everywhere(name: str, schema: str) -> str:
    """Return where a parameter that many operations have is tried with all values: one of them."""
    return next(
        path
        for path, operation in ASKING
        for each in queried(operation)
        if (each["name"], json.dumps(each["schema"])) == (name, schema)
    )


def wrong_values(path: str, parameter: dict[str, Any]) -> list[Any]:
    """Return values that a parameter refuses: all of them at one place, one at the others."""
    values = list(_wrong(parameter["schema"]))
    is_first = everywhere(parameter["name"], json.dumps(parameter["schema"])) == path
    return values if is_first else values[:1]


def _wrong(schema: dict[str, Any]) -> Iterator[Any]:
    if schema["type"] == "integer":
        yield from ("x", "", "1.5", schema["minimum"] - 1, schema["maximum"] + 1)
    elif "enum" in schema:
        yield from ("nonsense", schema["enum"][0].upper() + "?", "")
    elif schema.get("format"):
        yield from ("yesterday", "2026-11-31", "")
    elif "pattern" in schema:
        yield from ("%00", "nonsense")
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1)


@pytest.mark.parametrize(("path", "operation"), READING)
def test_unknown_parameters_are_refused_with_those_that_are_known(
    first: Twin, path: str, operation: dict[str, Any]
) -> None:
    answer = client_of(path, first).get(at(path), {"nonsense": "1"})

    assert answer.status_code == 400, answer.content
    (text,) = answer.json()["fields"]["nonsense"]
    assert all(each["name"] in text for each in queried(operation))


@pytest.mark.parametrize(("path", "operation"), ASKING)
def test_what_a_parameter_does_not_take_is_refused(
    first: Twin, path: str, operation: dict[str, Any]
) -> None:
    api = client_of(path, first)

    for parameter in queried(operation):
        name = parameter["name"]
        for value in wrong_values(path, parameter):
            answer = api.get(at(path), {**needed(operation), name: value})
            assert answer.status_code == 400, (name, value)
            assert name in answer.json()["fields"], (name, value)


@pytest.mark.parametrize(("path", "operation"), ASKING)
def test_parameters_that_are_given_twice_are_refused(
    first: Twin, path: str, operation: dict[str, Any]
) -> None:
    names = [each["name"] for each in queried(operation)]

    answer = client_of(path, first).get(at(path), {name: ["a", "b"] for name in names})

    assert answer.json()["fields"] == {name: ["Give it once."] for name in names}


@pytest.mark.parametrize(("path", "operation"), WRITING)
def test_bodies_are_held_to_what_they_may_be(
    first: Twin, path: str, operation: dict[str, Any]
) -> None:
    api = client_of(path, first)

    for body, field in ({"nonsense": 1}, "nonsense"), *wrong_bodies(operation):
        answer = api.post(at(path), body, content_type="application/json")
        assert answer.status_code == 400, (body, answer.content)
        assert field in answer.json()["fields"], (body, answer.content)
    for body in ([], "text", 5):
        answer = api.post(at(path), body, content_type="application/json")
        assert answer.status_code == 400, (body, answer.content)
    beside = api.post(f"{at(path)}?nonsense=1", {}, content_type="application/json")
    assert "nonsense" in beside.json()["fields"]


@pytest.mark.parametrize(("method", "path", "operation"), BOTH)
def test_what_is_asked_for_in_the_wrong_way_is_told_so(
    first: Twin, method: str, path: str, operation: dict[str, Any]
) -> None:
    api = client_of(path, first)

    assert api.put(at(path)).status_code == 405
    assert api.options(at(path)).status_code == 405
    refused = getattr(api, method)(at(path), headers={"Accept": "text/html"})
    assert refused.status_code == 406
    if method == "post":
        assert api.post(at(path), "a=1", content_type="text/plain").status_code == 415
        assert api.post(at(path), b"{", content_type="application/json").status_code == 400
    else:
        head, full = (ask(at(path), needed(operation)) for ask in (api.head, api.get))
        assert (head.status_code, head.content) == (full.status_code, b"")


def queried(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in operation.get("parameters", []) if each["in"] == "query"]


def needed(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters without which nothing is answered."""
    return {
        each["name"]: each["schema"]["enum"][0]
        for each in queried(operation)
        if each.get("required")
    }


def wrong_bodies(operation: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield bodies with one wrong value, and the name of it."""
    (content,) = operation["requestBody"]["content"].values()
    name = content["schema"]["$ref"].rpartition("/")[2]
    for field, schema in document()["components"]["schemas"][name]["properties"].items():
        yield {field: {"an": "object"}}, field
        if "maxLength" in schema:
            yield {field: "x" * (schema["maxLength"] + 1)}, field
        if "enum" in schema:
            yield {field: "nonsense"}, field
