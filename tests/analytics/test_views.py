"""The Overview page."""

from __future__ import annotations

from datetime import datetime

from django.test import Client

from tests.analytics.conftest import Books, an_order


def test_overview_shows_the_statement(page: Client, books: Books, now: datetime) -> None:
    books.take(an_order(1, "2026-11-04T12:00:00", "2190", customer=7))

    response = page.get("/")
    assert response.status_code == 200
    assert "₹2,190.00" in response.content.decode()
