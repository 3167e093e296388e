"""The document of the API (OpenAPI 3.1), operation by operation, from what each declares."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict, cast

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import AllowAny

from xenofy.common.http import CODES, MESSAGES
from xenofy.common.operations import READING, Operation
from xenofy.common.shapes import Moment, Rule, Schema, schema_of

JSON = "application/json"
ANY_ERROR = (400, 405, 406, 500, 503)
OF_A_CREDENTIAL = (401, 403, 429)
OF_A_BODY = (413, 415)

TAGS = {
    "auth": "Signing in",
    "api/data/analytics": "Analytics",
    "api/data/reports": "Reports",
    "api/data": "Data",
    "api/webhooks": "Deliveries",
    "": "Service",
}  # by the beginning of the path, the longer one first


TWIN = "/api/v1/"


def without_twins(endpoints: list[Any]) -> list[Any]:
    """Leave the second address of each path out; it answers the same."""
    return [endpoint for endpoint in endpoints if not endpoint[0].startswith(TWIN)]


class OperationSchema(AutoSchema):
    """Describes a view by the `Operation` of its method."""

    @property
    def declared(self) -> Operation:
        name = getattr(self.view, "action", None) or self.method.lower()
        of_method = getattr(getattr(self.view, name), "operation", None)
        return cast("Operation", of_method or cast("Any", self.view).operation)

    def get_operation(self, *args: Any) -> Schema | None:
        operation: Schema | None = super().get_operation(*args)
        if operation is not None:
            operation["responses"] |= {str(status): error_of(status) for status in self._errors()}
            for response in operation["responses"].values():
                if "$ref" not in response:
                    response |= {"headers": self._headers()}
        return operation

    def get_operation_id(self) -> str:
        method, *words = [self.method.lower(), *self.path.replace("-", "/").split("/")]
        words = [word.strip("{}") for word in words if word not in ("", "api", "data")]
        return method + "".join(word[0].upper() + word[1:] for word in words)

    def get_tags(self) -> list[str]:
        path = self.path.strip("/")
        return [next(tag for start, tag in TAGS.items() if path.startswith(start))]

    def get_summary(self) -> str:
        said = str(super().get_description()).partition("\n\n")[0]
        return self.declared.about or " ".join(said.split())

    def get_description(self) -> str:  # type: ignore[override]  # as AutoSchema has it
        _, _, more = str(super().get_description()).partition("\n\n")
        right = getattr(self.view, "right", None)
        needs = f"Needs the right `{right.value}`." if right else ""
        return "\n\n".join(filter(None, (more.strip(), needs)))

    def get_override_parameters(self) -> list[Any]:
        takes = self._takes()
        return [takes] if self.method in READING and takes.fields else []

    def _resolve_path_parameters(self, variables: Any) -> list[Schema]:
        resolve: Any = super()._resolve_path_parameters
        found: list[Schema] = resolve(variables)
        return [{**each, "description": "The id of it, from the list."} for each in found]

    def get_request_serializer(self) -> Any:
        return None if self.method in READING else self._takes()

    def get_response_serializers(self) -> Any:
        """Return the answers that are no errors, by status and media type."""
        declared = self.declared
        status, answers = str(declared.status), {}
        if declared.answer is not None:
            for each in (declared.status, *declared.also):
                answers[str(each), JSON] = self._shape(declared.answer)
        for media_type in declared.files:
            answers[status, media_type.partition(";")[0]] = {"description": "A file."}
        return answers | ({"304": None} if declared.kept else {})

    def _map_serializer_field(self, *args: Any, **options: Any) -> Schema:
        mapped: Any = super()._map_serializer_field
        schema: Schema = mapped(*args, **options)
        schema.pop("x-spec-enum-id", None)  # for a hook that we do not use
        return schema

    def get_auth(self) -> list[Schema]:
        if not self.view.authentication_classes:
            return []
        right = getattr(self.view, "right", None)
        keys = [{"apiKey": [right.value]}] if right else []
        open_to_all: list[Schema] = [{}] if AllowAny in self.view.permission_classes else []
        return [{"token": []}, *keys, {"session": []}, *open_to_all]

    def is_deprecated(self) -> bool:
        return self.declared.ends is not None

    def _takes(self) -> Any:
        takes = self.declared.takes
        return takes({}) if isinstance(takes, type) else takes

    def _shape(self, shape: Any) -> Schema:
        named: dict[str, Schema] = {}
        schema = schema_of(shape, named)
        for name, each in named.items():
            self.registry.register_on_missing(_component(name, each))
        return schema

    def _errors(self) -> list[int]:
        of_a_credential = OF_A_CREDENTIAL if self.view.authentication_classes else ()
        of_a_body = () if self.method in READING else OF_A_BODY
        of_a_path = (404,) if "{" in self.path else ()
        found = (*ANY_ERROR, *of_a_credential, *of_a_body, *of_a_path, *self.declared.errors)
        return sorted({*found} - {*self.declared.also})

    def _headers(self) -> Schema:
        names = ["X-Request-Id"]
        if self.view.authentication_classes:
            names += _RATE
        if self.declared.kept:
            names += ["ETag", "Cache-Control", "Vary"]
        if self.declared.ends:
            names += ["Deprecation", "Sunset"]
        return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _component(name: str, schema: Schema) -> ResolvedComponent:
    kind: Any = ResolvedComponent
    return cast("ResolvedComponent", kind(name=name, type=kind.SCHEMA, schema=schema, object=name))


def error_of(status: int) -> Schema:
    """Return where the errors of a status are described."""
    return {"$ref": f"#/components/responses/Error{status}"}


HEADERS = {
    "X-Request-Id": "Names the request; the lines of the log have it too.",
    "RateLimit-Limit": "How many requests a minute this client has.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until the next minute begins.",
    "Retry-After": "Seconds after which it may be tried again.",
    "ETag": "Changes with the data; send it as `If-None-Match`.",
    "Cache-Control": "For how many seconds the answer may be kept, by its reader alone.",
    "Vary": "The headers of credentials: an answer is for who asked.",
    "Deprecation": "Since when the operation is deprecated.",
    "Sunset": "When the operation will be gone.",
    "WWW-Authenticate": "How to prove who one is.",
}
_RATE = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
_WITH = {401: ["WWW-Authenticate"], 429: ["Retry-After", *_RATE], 503: ["Retry-After"]}


class ErrorBody(TypedDict):
    """What every error answers."""

    error: Annotated[str, "For a person.", Rule("minLength", 1)]
    code: Annotated[str, "For a program.", Rule("pattern", "^[A-Z_]+$")]
    timestamp: Moment
    requestId: NotRequired[Annotated[str, "That of `X-Request-Id`."]]
    fields: NotRequired[
        Annotated[dict[str, list[str]], "What is wrong, by the name of the parameter or key."]
    ]


def components() -> Schema:
    """Return what the operations refer to: errors, headers, ways to prove who one is."""
    named: dict[str, Schema] = {}
    schema_of(ErrorBody, named)
    return {
        "schemas": named,
        "headers": {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in HEADERS.items()
        },
        "responses": {f"Error{status}": _error_response(status) for status in CODES},
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "JWT",
                "description": "The `token` of `/auth/login`, for people.",
            },
            "apiKey": {
                "type": "apiKey",
                "in": "header",
                "name": "X-API-Key",
                "description": "A key of an integrator, from Settings, API keys.",
            },
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": settings.SESSION_COOKIE_NAME,
                "description": "The browser's session; writing needs its CSRF token too.",
            },
        },
    }


def _error_response(status: int) -> Schema:
    example: Schema = {
        "error": MESSAGES[status],
        "code": CODES[status],
        "timestamp": "2026-11-04T09:30:00.000Z",
        "requestId": "019ac2f1b7f27d0c8a6f0d2f1d3c5b7a",
    }
    if status == 400:
        example |= {
            "error": "Some fields are not right.",
            "code": "VALIDATION_ERROR",
            "fields": {"limit": ["Ensure this value is less than or equal to 250."]},
        }
    headers = ["X-Request-Id", *_WITH.get(status, [])]
    return {
        "description": example["error"],
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Error"}, "example": example}},
    }
