"""Entry point of the web process: deliveries go straight to the inbox, all else goes to Django."""

from __future__ import annotations

import re

from xenofy.wsgi import application as django  # isort: skip  # the others need its settings

from django.conf import settings

from webhooks.front import deliver
from xenofy.common.asgi import Receive, Scope, Send
from xenofy.pages import Pages

_DELIVERY = re.compile(r"/api(?:/v1)?/webhooks/shopify/(.+)", re.DOTALL)
_everything_else = Pages(django, threads=settings.WEB_THREADS)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request."""
    delivery = _DELIVERY.fullmatch(scope["path"])
    if delivery:
        await deliver(scope, receive, send, topic=delivery[1])
    else:
        await _everything_else(scope, receive, send)
