"""What is asked for in queries, kept by clients and taken as files stays in its shop too."""

from __future__ import annotations

import re
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tenants.rights import Right
from tests.isolation.access import RULES
from tests.isolation.askers import Askers
from tests.isolation.test_matrix import given_to, path_of
from tests.isolation.twins import ONLY_OTHERS, Twin
from tests.privacy.life import EMAIL
from xenofy.api_document import document

READ = sorted(
    route
    for (method, route), rule in RULES.items()
    if method == "GET" and route.startswith("api/data/") and rule.scope
)
AS_FILES = sorted(
    path.removeprefix("/")
    for path, operations in document()["paths"].items()
    if path.startswith("/api/data/")
    and any(each["name"] == "format" for each in operations["get"].get("parameters", ()))
)
FORMATS = ("csv", "jsonl", "xlsx")

# A query that finds something of the other shop -> the same for what nobody has.
LOOKED_FOR: list[tuple[str, str, Any, Any]] = [
    ("/api/data/orders/detailed", "search", "only@falconer", "only@nobody"),
    ("/api/data/orders/detailed", "search", f"#{ONLY_OTHERS}", "#987654"),
    ("/api/data/customers/detailed", "search", "tarquinius", "nobody"),
    ("/api/data/products/detailed", "search", "woollen", "nobody"),
    ("/api/data/reports/products/proof?metric=netSales", "key", ONLY_OTHERS, 987654),
    ("/api/data/reports/vendors/proof?metric=netSales", "key", "Bluebird", "Nobody"),
    ("/api/webhooks/events", "topic", "bluebird/create", "nobody/create"),
    ("/orders/", "q", "only@falconer", "only@nobody"),
    ("/products/", "q", "woollen", "nobody"),
    ("/carts/", "q", "woollen", "nobody"),
    ("/proof/?metric=netSales&report=products", "key", ONLY_OTHERS, 987654),
]
UNLIKE = re.compile(r"[0-9a-f]{32}|csrfmiddlewaretoken\W+value=\W+\w+|\d+|etag\W+\w+")


@pytest.mark.threat(1)
@pytest.mark.parametrize(("path", "name", "theirs", "nobodys"), LOOKED_FOR)
def test_queries_find_nothing_of_another_shop(
    path: str, name: str, theirs: Any, nobodys: Any, askers: Askers
) -> None:
    sign = "&" if "?" in path else "?"

    of_others, of_nobody = (
        askers.owner.ask("GET", f"{path}{sign}{name}={quote(str(value), safe='')}")
        for value in (theirs, nobodys)
    )

    assert of_others.status == of_nobody.status < 500
    assert _plain(of_others.text, theirs) == _plain(of_nobody.text, nobodys)


@pytest.mark.threat(1)
@pytest.mark.parametrize("route", READ)
def test_what_is_kept_is_good_for_one_shop(
    route: str, first: Twin, other: Twin, askers: Askers
) -> None:
    """The data of both have the same version, and their addresses are the same."""
    path, given = path_of(route, first), given_to(route, other)
    mine, theirs = (asker.ask("GET", path, given) for asker in (askers.owner, askers.stranger))
    kept = mine.headers.get("ETag")
    if kept is None:
        assert mine.headers["Cache-Control"] in ("no-store", "private, no-cache"), mine.headers
        return

    assert kept != theirs.headers["ETag"]
    assert {"Authorization", "X-API-Key", "Cookie"} <= set(mine.headers["Vary"].split(", "))
    assert "private" in mine.headers["Cache-Control"]
    again = askers.owner.ask("GET", path, given, **{"If-None-Match": kept})
    abroad = askers.stranger.ask("GET", path, given, **{"If-None-Match": kept})
    assert (again.status, abroad.status) == (304, 200)


@pytest.mark.threat(1)
@pytest.mark.parametrize("route", AS_FILES)
def test_files_tell_of_one_shop_and_of_people_to_those_who_may(
    route: str, first: Twin, other: Twin, askers: Askers
) -> None:
    given = given_to(route, other)
    unnamed = askers.but_one[Right.READ_CUSTOMERS]

    for kind in FORMATS:
        answer = askers.owner.ask("GET", f"/{route}", given | {"format": kind})
        assert answer.status == 200 and not answer.says(other.words), kind
    viewers, keys = (
        asker.ask("GET", f"/{route}", given | {"format": "csv"})
        for asker in (askers.viewer, unnamed)
    )
    assert (viewers.status, keys.status) == (403, 200)
    assert not keys.says(other.words | first.names_of_people)


@pytest.mark.threat(14)
@pytest.mark.parametrize("path", ["/", "/api/data/dashboard", "/settings/team/"])
@pytest.mark.parametrize(
    "error",
    [
        ValueError(EMAIL),
        KeyError(EMAIL),
        ValidationError(EMAIL),
        IntegrityError(f"DETAIL: Key (email)=({EMAIL}) already exists."),
        SMTPRecipientsRefused({EMAIL: (550, b"unknown")}),
        RuntimeError(f"Nobody expected {EMAIL}."),
    ],
)
def test_a_failure_quotes_nobody(
    path: str, error: Exception, first: Twin, askers: Askers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("accounts.identities.of_browser", fail)

    answer = askers.owner.ask("GET", path)

    assert answer.status == 500
    assert not answer.says(first.words)


def _plain(text: str, asked: Any) -> str:
    """Return an answer without what was asked for, and without what differs between any two."""
    for form in (str(asked), quote(str(asked)), quote(str(asked), safe="")):
        text = text.replace(form.lower(), "")
    return UNLIKE.sub("", text)
