"""Reading the bodies of the REST API."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

BODY_LIMIT = 64 * 1024  # bytes; webhooks have their own limit and are not parsed here


class BodyTooLarge(APIException):
    """The body has more than `BODY_LIMIT` bytes."""

    status_code = 413
    default_detail = "The body may have 64 KB."


class BoundedJSONParser(JSONParser):
    """Parse JSON whose size and depth are bounded, whatever length the client announced."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(BODY_LIMIT + 1)
        if len(body) > BODY_LIMIT:
            raise BodyTooLarge
        try:
            found = super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        if not isinstance(found, dict):
            raise ParseError("The body has to be a JSON object.")
        return found
