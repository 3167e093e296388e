"""Whatever the document of the API allows, and what it does not: each operation is asked at random.

Schemathesis makes the requests from the document, right ones and wrong ones, always the same. No
answer may be a fault of ours, nor one that the document does not describe, and what is wrong has to
be refused. (What is right may be refused too: which currencies a shop has, no document says.)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.isolation.twins import Twin
from xenofy.api_document import document

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))  # of each operation
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
]
pytestmark = pytest.mark.django_db(databases=["default", "worker"])
application: Any = get_wsgi_application()


def closed(*request: Any) -> list[bytes]:
    """Answer as a server does, which closes files that it has sent; schemathesis does not."""
    with closing(application(*request)) as answer:
        return list(answer)


schema = schemathesis.openapi.from_dict(document())
schema.app = closed
schema.config.phases.coverage.enabled = False  # ten times as many requests


@pytest.fixture(autouse=True)
def connections_stay_open() -> Iterator[None]:
    """Let requests be part of the test's transaction, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_request_is_answered_as_the_document_says(case: Any, first: Twin) -> None:
    with transaction.atomic():
        headers = {"X-API-Key": first.every_key, "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)
        transaction.set_rollback(True)
