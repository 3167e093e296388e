"""Both shops, told once for the tests of a module, and everybody who may knock at them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import TestCase

from analytics import conditional
from analytics.reports import unchanged
from tests.factories import TenantFactory, UserFactory
from tests.invariants.statements import all_named
from tests.isolation.askers import Askers, askers_of
from tests.isolation.twins import NOW, Twin, twins
from xenofy.common import request_log
from xenofy.common.log import JsonFormatter, LineFormatter


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Twin, Twin, Askers]]:
    """Both shops and their people, in a transaction that ends with the module.

    Each test, and each of its requests, is rolled back inside it.
    """
    with django_db_blocker.unblock():
        kept = TestCase._enter_atomics()
    try:
        with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, all_named():
            patch.setattr("django.utils.timezone.now", lambda: NOW)
            first, other = twins()
            TenantFactory(name="Demo", is_demo=True)
            staff = UserFactory(is_staff=True, is_superuser=True)
            yield first, other, askers_of(first, other, staff)
    finally:
        with django_db_blocker.unblock():
            TestCase._rollback_atomics(kept)


@pytest.fixture
def first(told: tuple[Twin, Twin, Askers], db: None) -> Twin:
    """The shop of the stories."""
    return told[0]


@pytest.fixture
def other(told: tuple[Twin, Twin, Askers], db: None) -> Twin:
    """The other shop, with the same numbers in other words."""
    return told[1]


@pytest.fixture
def askers(told: tuple[Twin, Twin, Askers], db: None) -> Askers:
    return told[2]


@pytest.fixture(autouse=True)
def quiet_log(first: Twin, other: Twin) -> Iterator[None]:
    """Fail a test in whose log, down to the last detail, somebody is named."""
    lines: list[str] = []
    handler = _Keeping(lines)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    logging.getLogger(request_log.__name__).setLevel(logging.INFO)
    yield
    root.removeHandler(handler)
    root.setLevel(level)
    written = "\n".join(lines).lower()
    names = first.names_of_people | other.names_of_people | {"@", "xen_live_"}
    assert lines
    assert {name for name in names if name in written} == set()


class _Keeping(logging.Handler):
    """Keeps what both forms of the log would say."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines += [LineFormatter().format(record), JsonFormatter().format(record)]


@pytest.fixture(autouse=True)
def patient(settings: LazySettings) -> None:
    """Let everybody ask as often as the tests do."""
    settings.REQUESTS_PER_MINUTE = settings.LOGINS_PER_ADDRESS = 1_000_000
    settings.REGISTRATIONS_PER_ADDRESS = 1_000_000
    unchanged.forget()
    conditional.forget()
