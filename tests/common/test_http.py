"""Errors in the contract's one form, whatever is wrong with a request."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from xenofy.common.log import LineFormatter

LOGIN = "/auth/login"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def _post(client: Client, body: bytes) -> Any:
    return client.post(LOGIN, body, content_type="application/json")


@pytest.mark.django_db
def test_every_request_has_an_id_that_its_error_names(client: Client) -> None:
    first, second = client.get("/api/nothing"), client.get("/api/nothing")

    assert first.json()["requestId"] == first["X-Request-Id"]
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert re.fullmatch("[0-9a-f]{32}", first["X-Request-Id"])


@pytest.mark.django_db
def test_log_lines_of_a_request_name_it(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(LineFormatter())

    answer = client.get("/api/nothing")

    assert f"request={answer['X-Request-Id']}" in caplog.text


@pytest.mark.parametrize("path", ["/api", "/auth", "/api/nothing", "/auth/nothing"])
@pytest.mark.django_db
def test_machines_are_answered_in_json(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_called_that(client: Client) -> None:
    answer = _post(client, b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))

    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"[1, 2]", b"5", b"null", b'"a"'])
def test_body_that_is_no_object_is_refused_in_words(client: Client, body: bytes) -> None:
    answer = _post(client, body)

    assert (answer.status_code, answer.json()["code"]) == (400, "BAD_REQUEST")
    assert answer.json()["error"] == "The body has to be a JSON object."


@pytest.mark.django_db
def test_bad_json_says_where(client: Client) -> None:
    answer = _post(client, b'{"email": "a@example.com",\n nonsense}')

    assert answer.status_code == 400
    assert answer.json()["error"] == "The body is not JSON from line 2, column 2 on."
