"""Deliveries as the web server hands them over: stored together, and past all that is for pages.

What Django puts around views (sessions, cookies, CSRF, compression) is of no use to a delivery. Who
is let in and what is answered is what the view does too, where Django serves without this.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from tenants.connections import standing
from webhooks import inbox, views
from webhooks.inbox import Delivery, Entry, Reception
from webhooks.together import Together
from xenofy.common.asgi import Body, Gone, Receive, Scope, Send, Unread, send_response
from xenofy.common.http import UNREACHABLE, error_response
from xenofy.common.request_ids import HEADER, new_request_id

logger = logging.getLogger(__name__)
Outcome = TypeVar("Outcome")

PATIENCE = 4  # seconds until the answer, of the five for which Shopify waits
_AT_ONCE = 1_000_000  # bytes of bodies that are written together
_LARGE = 100_000  # bytes; to hash more would keep all others waiting
_PREFIX = b"x-shopify-"
# Threads, each with a connection. Shops that are known wait for no strangers.
_writers = ThreadPoolExecutor(4, "inbox")
_others = ThreadPoolExecutor(4, "strangers")


async def deliver(scope: Scope, receive: Receive, send: Send, *, topic: str) -> None:
    """Answer the delivery of a topic."""
    name = new_request_id()
    try:
        response = await _answer(scope, receive, topic)
    except Gone:
        return
    response[HEADER] = name
    await send_response(send, response)


async def _answer(scope: Scope, receive: Receive, topic: str) -> HttpResponse:
    """Return the answer; whatever fails, that the delivery is not stored: it shall come again."""
    if scope["method"] != "POST":
        return views.not_allowed()
    try:
        async with Body(scope, receive) as body, asyncio.timeout(PATIENCE):
            return views.answer(await _store(Delivery(topic.strip("/"), _headers(scope), body)))
    except Gone:
        raise
    except Unread as error:
        return error_response(error.status, message=error.message)
    except (*UNREACHABLE, TimeoutError) as error:
        logger.warning("A delivery is not stored.", extra={"reason": type(error).__name__})
    except Exception:
        logger.exception("A delivery is not stored.")
    return error_response(503, message="The delivery is not stored. Send it again.")


async def _store(delivery: Delivery) -> bool:
    """Store a delivery whose signature holds, with others of its shop; tell whether it did."""
    now = timezone.now()
    if len(delivery.body) > _LARGE:
        return await _in_thread(partial(inbox.receive, delivery, now=now))
    reception = Reception(delivery, now=now)
    entry = reception.as_before()
    if entry and await _together.do(standing(entry.claim), entry):
        return True
    return await _in_thread(reception.anew)


def _headers(scope: Scope) -> dict[str, str]:
    return {
        name[len(_PREFIX) :].decode(): value.decode("latin-1")
        for name, value in scope["headers"]
        if name.startswith(_PREFIX)
    }


async def _in_thread(work: Callable[[], bool]) -> bool:
    context = copy_context()  # for the request's name in log lines
    run = partial(context.run, _with_a_live_connection, work)
    return await asyncio.get_running_loop().run_in_executor(_others, run)


def _write(entries: Sequence[Entry]) -> list[bool]:
    return _with_a_live_connection(partial(inbox.write, entries))


def _with_a_live_connection(work: Callable[[], Outcome]) -> Outcome:
    """Work, once more if the connection kept from before turns out to be dead.

    Django would ask the database before each request instead. A delivery may be stored again.
    """
    if connection.close_at is not None and time.monotonic() >= connection.close_at:
        connection.close()
    try:
        return work()
    except UNREACHABLE:
        died = connection.connection is not None and connection.connection.closed
        connection.close()
        if not died:
            raise
        return work()


_together = Together(_write, Entry.size, _AT_ONCE, _writers)
