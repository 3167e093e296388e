"""Asking browsers whether they prefer a dark page, so that the first one is right already."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

COLOR_SCHEME = "Sec-CH-Prefers-Color-Scheme"


class ColorSchemeMiddleware:
    """Ask for the hint with every page; a browser that did not send it asks again at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response["Accept-CH"] = response["Critical-CH"] = COLOR_SCHEME
            patch_vary_headers(response, [COLOR_SCHEME])
        return response
