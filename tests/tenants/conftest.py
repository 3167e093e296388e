"""The tests here go past the managers on purpose."""

from __future__ import annotations

import pytest


@pytest.fixture
def statements_name_the_tenant() -> None:
    """Leave statements unwatched."""
