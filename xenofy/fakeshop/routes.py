"""Which part of the double answers which address. The first route that fits is taken."""

from __future__ import annotations

import re

from xenofy.fakeshop import control, oauth, storage
from xenofy.fakeshop.admin import endpoint
from xenofy.fakeshop.http import Answer, Request, Route, answer_json
from xenofy.fakeshop.world import World

_OAUTH = r"(?:/(?P<shop>[a-z0-9-]+\.myshopify\.com))?/admin/oauth"
ROUTES = [
    Route("POST", re.compile(r"/admin/api/(?P<version>[\w-]+)/graphql\.json"), endpoint.graphql),
    Route("GET", re.compile(f"{_OAUTH}/authorize"), oauth.authorize),
    Route("POST", re.compile(f"{_OAUTH}/authorize"), oauth.authorize),
    Route("POST", re.compile(f"{_OAUTH}/access_token"), oauth.access_token),
    Route("GET", re.compile("/"), control.show),
    Route("POST", re.compile("/control/(?P<action>[a-z]+)"), control.do),
    Route("GET", re.compile(r"/.+/bulk-operation-outputs/(?P<id>\d+)\.jsonl"), storage.download),
]


def answer(world: World, request: Request) -> Answer:
    """Answer a request; 404 where no route fits."""
    for route in ROUTES:
        fits = route.path.fullmatch(request.path)
        if fits and route.method == request.method:
            return route.handler(world, request, fits)
    return answer_json({"errors": "Not Found"}, 404)
