"""What browsers are told to refuse, beside what Django and the policy of contents tell them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What no page of ours uses, so that no script that got in could.
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
RULES = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",  # CORS, where it is allowed, goes before it
}


class BrowserRulesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, rule in RULES.items():
            response[name] = rule
        return response
