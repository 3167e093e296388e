"""The document of the REST API (OpenAPI 3.1), made once for a process, and the page to read it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypedDict

import simplejson
import yaml
from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from xenofy import __version__
from xenofy.common.openapi import components, error_of
from xenofy.common.operations import operation
from xenofy.common.strict_query import OneOf, StrictQuery

ABOUT = """\
Figures of one shop. The shop follows from the credential, never from a parameter.

Every path under `/api` also answers under `/api/v1`. Timestamps are in UTC, calendar days are days
of the shop. Money is a JSON number with the places of its currency, beside a `currency`; ids are
texts. Errors have one form. `HEAD` answers as `GET`, without the body.
"""
KEPT = "public, max-age=300"  # seconds; then it may be that of a new release
SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Xenofy",
    "VERSION": __version__,
    "DESCRIPTION": ABOUT,
    "POSTPROCESSING_HOOKS": [],
    "PREPROCESSING_HOOKS": ["xenofy.common.openapi.without_twins"],
    "SORT_OPERATION_PARAMETERS": False,
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}  # of drf-spectacular
ADDRESSES = "xenofy.urls"
DELIVERIES = "/api/webhooks/shopify/{topic}"
_HEADERS = {
    "X-Shopify-Hmac-Sha256": "The signature of the body, by the client secret of the app.",
    "X-Shopify-Shop-Domain": "Whose delivery it is.",
    "X-Shopify-Webhook-Id": "Names the delivery.",
    "X-Shopify-Event-Id": "Names what happened; the same for every delivery of it.",
}
_DELIVERY = {
    "operationId": "postWebhooksShopifyTopic",
    "summary": "Take in what Shopify delivers, of any topic.",
    "description": "Stored byte for byte before it is answered, and processed afterwards.",
    "tags": ["Deliveries"],
    "parameters": [
        {
            "in": "path",
            "name": "topic",
            "required": True,
            "description": "As Shopify writes it, `orders/create`.",
            "schema": {"type": "string", "maxLength": 255},
        },
        *(
            {
                "in": "header",
                "name": name,
                "description": about,
                "schema": {"type": "string", "maxLength": 1000},
            }
            for name, about in _HEADERS.items()
        ),
    ],
    "requestBody": {"content": {"application/json": {"schema": {}, "example": {"id": 1}}}},
    "responses": {
        "200": {"description": "It is stored."},
        **{str(status): error_of(status) for status in (401, 405, 413, 503)},
    },
}  # by hand: its view is none of REST framework's, for speed
_generator: Any = SchemaGenerator
_one_at_a_time = Lock()  # the settings are the process's


class DocumentBody(TypedDict):
    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]


class DocumentParameters(StrictQuery):
    format = OneOf(["json", "yaml"], default="json", help_text="How it is written.")


class DocumentView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @operation(DocumentBody, DocumentParameters, files=("application/yaml",))
    def get(self, request: Request, given: DocumentParameters) -> HttpResponse:
        """Answer this document."""
        written, media_type = _WRITTEN[given.validated_data["format"]]
        response = HttpResponse(written(), content_type=media_type)
        response["Cache-Control"] = KEPT
        return response


@require_safe
@csp_update({"img-src": [SELF, "data:"]})
def browse(request: HttpRequest) -> HttpResponse:
    """Answer the page on which the document is read and tried; its icons stand in its style."""
    return render(request, "api_docs.html")


def document() -> dict[str, Any]:
    """Return the document; every path stands in it once, without its twin under /api/v1."""
    with _one_at_a_time:
        return _made()


@cache
def _made() -> dict[str, Any]:
    with patched_settings(SETTINGS):
        made: dict[str, Any] = _generator(urlconf=ADDRESSES).get_schema(public=True)
    made["paths"][DELIVERIES] = {"post": _DELIVERY}
    for kind, named in components().items():
        made["components"].setdefault(kind, {}).update(named)
    for methods in made["paths"].values():
        for described in methods.values():
            _show_examples(described)
    return made


def _show_examples(operation: dict[str, Any]) -> None:
    """Put the examples of an operation, by status, into its description."""
    for status, example in _examples().get(operation["operationId"], {}).items():
        told = operation["requestBody"] if status == "body" else operation["responses"][status]
        told["content"]["application/json"]["example"] = example


@cache
def _examples() -> dict[str, Any]:
    """Return what the demo shop answered: operation -> status, or "body" -> JSON."""
    text = Path(__file__).with_name("api_examples.json").read_text()
    found: dict[str, Any] = simplejson.loads(text, use_decimal=True)
    return found


@cache
def _as_json() -> str:
    return simplejson.dumps(document(), use_decimal=True, ensure_ascii=False)


@cache
def _as_yaml() -> str:
    plain = simplejson.loads(_as_json())
    return yaml.dump(plain, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


_WRITTEN = {"json": (_as_json, "application/json"), "yaml": (_as_yaml, "application/yaml")}
