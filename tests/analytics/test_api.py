"""`GET /api/data/dashboard`."""

from __future__ import annotations

from django.test import Client

from tests.analytics.conftest import Books, an_order


def test_dashboard_answers_totals_of_all_time(page: Client, books: Books) -> None:
    books.take(an_order(1, "2025-11-04T12:00:00", "2190", customer=7))

    response = page.get("/api/data/dashboard")
    assert response.json() == {
        "customers": {"total": 1},
        "orders": {
            "total": 1,
            "revenue": 2190,
            "netSales": 2190,
            "grossSales": 2190,
            "currency": "INR",
        },
        "products": {"total": 0},
        "daysUpdating": 0,
    }
    assert b'"revenue": 2190.00' in response.content or b'"revenue":2190.00' in response.content
