"""`POST /admin/api/<version>/graphql.json`: token, cost, execution, and what goes wrong."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from re import Match
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, execute, parse, validate

from xenofy.fakeshop.admin.ask import Ask
from xenofy.fakeshop.admin.bulk_files import go_on
from xenofy.fakeshop.admin.cost import MOST, MUTATION, Bucket, requested
from xenofy.fakeshop.admin.schema import schema
from xenofy.fakeshop.chaos import Chaos, Fault
from xenofy.fakeshop.http import Answer, Hangup, Request, answer_json
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.versions import answered
from xenofy.fakeshop.world import World

_UNKNOWN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
_HTML = b"<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"


def graphql(world: World, request: Request, path: Match[str]) -> Answer:
    """Answer a document of the Admin API for the shop that `Host` names."""
    shop = world.find(request.host)
    if shop is None:
        return answer_json({"errors": "Not Found"}, 404)
    with world.lock:
        version = shop.chaos.api_version or answered(path["version"])
        found = _answer(world, shop, request, version)
    found.headers.setdefault("X-Shopify-API-Version", version)
    found.headers.setdefault("X-Request-Id", str(uuid.uuid4()))
    return found


def _answer(world: World, shop: Shop, request: Request, version: str) -> Answer:
    token = request.headers.get("x-shopify-access-token", "")
    grant = world.grants.find(token, shop.domain, now=world.clock.now())
    if grant is None:
        return answer_json({"errors": _UNKNOWN}, 401)
    ask = Ask(shop, grant, version, schema())
    go_on(ask)
    fault = shop.chaos.take()
    if fault is not None:
        return _spoiled(fault, shop.chaos, _bucket(ask))
    try:
        asked = request.json()
        query, variables = str(asked["query"]), asked.get("variables") or {}
    except (ValueError, KeyError, TypeError):
        return answer_json({"errors": "Bad Request"}, 400)
    return answer_json(_run(ask, query, variables, asked.get("operationName")))


def _run(ask: Ask, query: str, variables: Mapping[str, Any], name: str | None) -> dict[str, Any]:
    """Return the answer's body, with what it cost."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return {"errors": [error.formatted]}
    if errors := validate(schema(), document):
        return {"errors": [error.formatted for error in errors]}
    cost, bucket = requested(schema(), document, variables, name), _bucket(ask)
    if cost > MOST:
        return _too_expensive(cost)
    if not bucket.take(cost):
        return _throttled(cost, bucket)
    return _executed(ask, document, variables, name, cost)


def _executed(
    ask: Ask, document: DocumentNode, variables: Mapping[str, Any], name: str | None, cost: int
) -> dict[str, Any]:
    found = execute(
        schema(),
        document,
        root_value=ask,
        context_value=ask,
        variable_values=dict(variables),
        operation_name=name,
    )
    if not isinstance(found, ExecutionResult):
        raise TypeError("The schema has no asynchronous fields.")
    bucket = _bucket(ask)
    actual = min(cost, ask.objects + 2 * ask.pages or 1) if cost != MUTATION else cost
    bucket.give_back(cost - actual)
    body: dict[str, Any] = {"data": found.data} if found.data is not None else {}
    if found.errors:
        body["errors"] = [error.formatted for error in found.errors]
    body["extensions"] = {"cost": _cost(cost, actual, bucket)}
    if ask.warnings:
        body["extensions"]["search"] = [{"warnings": ask.warnings}]
    return body


def _bucket(ask: Ask) -> Bucket:
    bucket: Bucket = ask.shop.buckets.setdefault(ask.grant.app, Bucket(2000, ask.now()))
    bucket.refill(ask.now())
    return bucket


def _cost(cost: int, actual: int | None, bucket: Bucket) -> dict[str, Any]:
    return {
        "requestedQueryCost": cost,
        "actualQueryCost": actual,
        "throttleStatus": bucket.status(),
    }


def _throttled(cost: int, bucket: Bucket) -> dict[str, Any]:
    extensions = {
        "code": "THROTTLED",
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    }
    return {
        "errors": [{"message": "Throttled", "extensions": extensions}],
        "extensions": {"cost": _cost(cost, None, bucket)},
    }


def _too_expensive(cost: int) -> dict[str, Any]:
    extensions = {
        "code": "MAX_COST_EXCEEDED",
        "cost": cost,
        "maxCost": MOST,
        "documentation": "https://shopify.dev/api/usage/rate-limits",
    }
    message = f"Query cost is {cost}, which exceeds the single query max cost limit ({MOST})."
    return {"errors": [{"message": message, "extensions": extensions}]}


def _spoiled(fault: Fault, chaos: Chaos, bucket: Bucket) -> Answer:
    """Return the answer that a fault makes."""
    if fault is Fault.TIMEOUT:
        time.sleep(chaos.timeout_seconds)
        raise Hangup
    if fault is Fault.TOO_MANY:
        return answer_json({"errors": "Too Many Requests"}, 429, **{"Retry-After": "2.0"})
    if fault is Fault.HTML:
        return Answer(200, _HTML, "text/html; charset=utf-8")
    if fault is Fault.THROTTLED:
        return answer_json(_throttled(1, bucket))
    if fault is Fault.ERRORS:
        extensions = {"code": "INTERNAL_SERVER_ERROR"}
        return answer_json({"errors": [{"message": "Internal error.", "extensions": extensions}]})
    return answer_json({"errors": "Internal Server Error"}, int(fault.value))
