"""The document of the REST API: it names every address, and says of each what there is to know."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator

from tests.answers import closed_validator
from tests.isolation.routes import routes
from xenofy.api_document import document
from xenofy.common.operations import Nothing, Operation, announce_end

MACHINE = ("api/", "auth/", "health")
TWIN = "api/v1/"
NOT_DESCRIBED = {"api/docs"}  # a page
PROMISED = Path(__file__).with_name("promised_keys.json")
JSON = "application/json"

Described = tuple[str, str, dict[str, Any]]


def operations() -> Iterator[Described]:
    """Yield the path, the method and the description of every operation."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def described_path(route: str) -> str:
    """Return how the document writes a path of the URL configuration."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def methods_of(view: Any) -> set[str]:
    """Return the methods that a view answers, those left out that every view has."""
    if getattr(view, "actions", None):
        return {method for method in view.actions if method != "head"}
    cls = getattr(view, "cls", None)
    return {each for each in ("get", "post", "put", "patch", "delete") if hasattr(cls, each)}


def test_every_address_for_machines_is_described_and_no_other() -> None:
    there = {
        described_path(route): view
        for route, view in routes().items()
        if route.startswith(MACHINE) and not route.startswith(TWIN) and route not in NOT_DESCRIBED
    }

    assert set(document()["paths"]) == set(there)
    for path, view in there.items():
        if hasattr(view, "cls"):
            assert set(document()["paths"][path]) == methods_of(view), path


def test_every_schema_is_one_and_every_reference_leads_somewhere() -> None:
    made = document()

    for schema in made["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(made, default=str)):
        found: Any = made
        for name in reference.split("/"):
            found = found[name]
        assert found


def test_names_of_operations_are_unique() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_operation_says_what_it_does_and_how_it_fails(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"].endswith(".")
    assert operation["tags"]
    assert {"400", "405", "406", "500", "503"} <= set(operation["responses"]) or "shopify" in path
    assert ("401" in operation["responses"]) >= bool(operation.get("security"))


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_every_parameter_is_described_and_bounded(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for parameter in operation.get("parameters", []):
        assert parameter["description"], parameter["name"]
        assert is_bounded(parameter["schema"]), parameter["name"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        for name, schema in _resolved(content["schema"]).get("properties", {}).items():
            assert is_bounded(schema), name


def is_bounded(schema: dict[str, Any]) -> bool:
    """Tell whether a value of a parameter has to be one of some, or has an end."""
    schema = _resolved(schema)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(each for each in kind if each != "null")
    if kind == "string":
        return bool({"enum", "maxLength", "format"} & set(schema))
    if kind == "integer":
        return {"minimum", "maximum"} <= set(schema)
    if kind == "array":
        return "maxItems" in schema and is_bounded(schema["items"])
    return kind == "boolean"


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_every_answer_has_an_example_of_its_shape(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for status, response in operation["responses"].items():
        content = _resolved(response).get("content", {}).get(JSON)
        if content:
            name = f"{operation['operationId']}-{status}"
            errors = closed_validator(name, content["schema"]).iter_errors(content["example"])
            assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []
    for content in operation.get("requestBody", {}).get("content", {}).values():
        name = f"{operation['operationId']}-body"
        assert closed_validator(name, content["schema"]).is_valid(content["example"])


def test_no_promised_key_is_gone() -> None:
    """Clients depend on them; a key that is new is added with its endpoint (see the message)."""
    promised = json.loads(PROMISED.read_text())
    now = {name: sorted(keys) for name, keys in keys_by_operation().items()}

    gone = {
        name: sorted(set(keys) - set(now.get(name, [])))
        for name, keys in promised.items()
        if set(keys) - set(now.get(name, []))
    }
    assert gone == {}
    added = {name: keys for name, keys in now.items() if keys != promised.get(name)}
    assert added == {}, f"write into {PROMISED.name}: {json.dumps(added)}"


def keys_by_operation() -> dict[str, set[str]]:
    """Return the keys of the answer of each operation, as `orders.items.price`."""
    found: dict[str, set[str]] = {}
    for path, method, operation in operations():
        for status in ("200", "201", "202"):
            content = operation["responses"].get(status, {}).get("content", {}).get(JSON)
            if content:
                found[f"{method.upper()} {path}"] = set(_keys(content["schema"], ""))
    return found


def _keys(schema: dict[str, Any], before: str) -> Iterator[str]:
    schema = _resolved(schema)
    for each in schema.get("anyOf", []):
        yield from _keys(each, before)
    if "items" in schema:
        yield from _keys(schema["items"], before)
    if isinstance(schema.get("additionalProperties"), dict):
        yield from _keys(schema["additionalProperties"], f"{before}*.")
    for name, each in schema.get("properties", {}).items():
        yield f"{before}{name}"
        yield from _keys(each, f"{before}{name}.")


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    found: Any = schema
    while "$ref" in found:
        _, kind, name = found["$ref"].removeprefix("#/").split("/")
        found = document()["components"][kind][name]
    return dict(found)


@pytest.mark.django_db
def test_document_is_served_as_json_and_as_yaml(client: Client) -> None:
    as_json, as_yaml = client.get("/api/schema"), client.get("/api/schema?format=yaml")

    assert as_json.json()["openapi"] == "3.1.0"
    assert yaml.load(as_yaml.content, yaml.CSafeLoader) == as_json.json()
    assert as_yaml["Content-Type"] == "application/yaml"


@pytest.mark.django_db
def test_page_of_the_document_needs_nothing_from_elsewhere(client: Client) -> None:
    answer = client.get("/api/docs")

    addresses = re.findall(r'(?:src|href|data-document)="([^"]+)"', answer.content.decode())
    assert addresses
    assert all(address.startswith("/") for address in addresses)
    policy = [each.strip() for each in answer["Content-Security-Policy"].split(";")]
    assert "script-src 'self'" in policy
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_deprecated_operation_says_when_it_ends() -> None:
    response = HttpResponse()
    ends = (date(2026, 11, 1), date(2027, 5, 31))

    announce_end(response, Operation(answer=None, takes=Nothing, ends=ends))

    assert response["Deprecation"] == "@1793491200"
    assert response["Sunset"] == "Mon, 31 May 2027 23:59:59 GMT"
