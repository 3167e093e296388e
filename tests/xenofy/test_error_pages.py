"""Error pages, which must come out whatever else is down; no test here may reach a database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from xenofy.common import http

Handler = Callable[[HttpRequest], HttpResponse]

HANDLERS: dict[str, tuple[int, Handler]] = {
    "could not be read": (400, lambda request: http.bad_request(request, Exception())),
    "may not open this": (403, lambda request: http.forbidden(request, Exception())),
    "no longer valid": (403, http.csrf_failure),
    "nothing at this address": (404, lambda request: http.not_found(request, Exception())),
    "page failed": (500, http.server_error),
}


@pytest.mark.parametrize("words", HANDLERS)
def test_error_page_says_what_is_wrong(rf: RequestFactory, words: str) -> None:
    status, handler = HANDLERS[words]

    response = handler(rf.get("/anywhere/"))

    assert response.status_code == status
    assert words in response.content.decode()


def test_database_that_does_not_answer_has_a_page_of_its_own(rf: RequestFactory) -> None:
    try:
        raise OperationalError
    except OperationalError:
        response = http.server_error(rf.get("/anywhere/"))

    assert response.status_code == 503
    assert "database does not answer" in response.content.decode()
    assert response["Retry-After"] == "5"


def test_error_page_keeps_the_theme(rf: RequestFactory) -> None:
    request = rf.get("/anywhere/")
    request.COOKIES["xf_theme"] = "dark"

    response = http.not_found(request, Exception())

    assert b'data-theme="dark"' in response.content
