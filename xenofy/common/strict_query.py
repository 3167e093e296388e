"""Parameters in which nothing may be wrong: none unknown, none twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from django.http import QueryDict
from rest_framework import serializers


class StrictQuery(serializers.Serializer[Any]):
    """Refuses parameters that it does not know, naming those that it does, and repeated ones."""

    def __init__(self, data: Any, **more: Any) -> None:
        self._twice = _twice(data)
        super().__init__(data=data.dict() if isinstance(data, QueryDict) else data, **more)

    def to_internal_value(self, data: Any) -> Any:
        """Check the names before the values."""
        known = f"There is no such parameter; known are {', '.join(self.fields)}."
        names = data if isinstance(data, Mapping) else ()
        wrong = {name: [known] for name in names if name not in self.fields}
        wrong |= {name: ["Give it once."] for name in self._twice if name not in wrong}
        if wrong:
            raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def problems(self) -> list[str]:
        """Return what is wrong, one sentence each."""
        return [f"{name}: {text}" for name, texts in self.errors.items() for text in texts]


class OneOf(serializers.ChoiceField):
    """One of some words; the error names them."""

    def __init__(self, words: Iterable[str], **more: Any) -> None:
        words = list(words)
        wrong = f"“{{input}}” is none of {', '.join(words)}."
        super().__init__(choices=words, error_messages={"invalid_choice": wrong}, **more)


class DayField(serializers.DateField):
    """A day of the shop, which may be left out."""

    def __init__(self, about: str) -> None:
        wrong: Any = {"invalid": "Write a day like 2026-11-04."}
        super().__init__(
            required=False, input_formats=["%Y-%m-%d"], error_messages=wrong, help_text=about
        )


class MomentField(serializers.DateTimeField):
    """A moment, which may be left out; without a zone it is one of UTC."""

    def __init__(self, about: str) -> None:
        wrong: Any = {"invalid": "Write a moment like 2026-11-04T09:30:00Z."}
        super().__init__(
            required=False, default_timezone=UTC, error_messages=wrong, help_text=about
        )


FIRST_DAY = "The first day, of the shop and included."
LAST_DAY = "The last day, included."


def _twice(data: Any) -> list[str]:
    if not isinstance(data, QueryDict):
        return []
    return [name for name, values in data.lists() if len(values) > 1]
