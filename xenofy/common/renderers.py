"""Writing the answers of the REST API; apart from `http`, which imports REST framework's views."""

from __future__ import annotations

from typing import Any

import simplejson
from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class MoneyJSONRenderer(JSONRenderer):
    """Print decimals as JSON numbers with their places, never through a float."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        if data is None:
            return b""
        text = simplejson.dumps(
            data,
            use_decimal=True,
            default=JSONEncoder().default,
            ensure_ascii=False,
            allow_nan=False,
        )
        return text.encode()
