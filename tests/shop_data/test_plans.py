"""Many rows are written by plans that are made for the tables as they are now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from shop_data.upserts.plans import MANY, plan_anew

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("rows", "is_anew"), [(MANY - 1, False), (MANY, True)])
def test_plans_are_made_anew_before_many_rows(rows: int, is_anew: bool) -> None:
    said: list[str] = []

    def note(execute: Callable[..., Any], statement: str, *given: Any) -> Any:
        said.append(statement)
        return execute(statement, *given)

    with connection.execute_wrapper(note):
        plan_anew(rows=rows)

    assert ("DISCARD PLANS" in said) is is_anew
