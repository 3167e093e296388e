"""The first page a browser sees has the theme that its system prefers."""

from __future__ import annotations

import pytest
from django.test import Client

HINT = "Sec-CH-Prefers-Color-Scheme"


@pytest.mark.parametrize("preferred", ["light", "dark"])
@pytest.mark.django_db
def test_a_page_asks_for_the_preferred_scheme_and_follows_it(preferred: str) -> None:
    response = Client().get("/login/", headers={HINT: f'"{preferred}"'})

    assert response["Accept-CH"] == response["Critical-CH"] == HINT
    assert HINT in response["Vary"]
    assert f'data-theme="{preferred}"' in response.content.decode()


def test_an_answer_for_machines_asks_for_nothing() -> None:
    assert "Accept-CH" not in Client().get("/health")
