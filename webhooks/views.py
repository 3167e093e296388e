"""The endpoint to which Shopify delivers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from webhooks.inbox import Delivery, receive
from xenofy.common.http import error_response

_PREFIX = "HTTP_X_SHOPIFY_"


@csrf_exempt
def shopify(request: HttpRequest, topic: str) -> HttpResponse:
    """Store a signed delivery and answer 200; 401 when no secret of the shop signed it.

    Nothing is parsed here. A database that does not answer becomes 503 with Retry-After, so that
    Shopify sends again.
    """
    if request.method != "POST":
        return not_allowed()
    delivery = Delivery(topic.strip("/"), _shopify_headers(request), request.body)
    return answer(receive(delivery, now=timezone.now()))


def not_allowed() -> HttpResponse:
    """Refuse what is no delivery."""
    response: HttpResponse = error_response(405)
    response["Allow"] = "POST"
    return response


def answer(is_stored: bool) -> HttpResponse:
    """Acknowledge a delivery, or refuse one that nobody signed."""
    if is_stored:
        return HttpResponse(status=200)
    return error_response(401, message="The signature is missing or wrong.")


def _shopify_headers(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(_PREFIX).lower().replace("_", "-"): str(value)
        for name, value in request.META.items()
        if name.startswith(_PREFIX)
    }
