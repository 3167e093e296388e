"""The inbox for machines, under /api/webhooks/; bodies hold names and addresses of people."""

from __future__ import annotations

from functools import partial
from typing import cast
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tenants import audit
from tenants.api_keys import key_called
from tenants.audit import Action
from tenants.credentials import Credential
from tenants.exports import TYPES, exported
from tenants.rights import Right
from webhooks import replay
from webhooks.events import body_of, event_detail, told
from webhooks.files import inbox_table
from webhooks.list_filters import DeliveryFilter
from webhooks.serializers import (
    DeliveryBody,
    EventParameters,
    InboxBody,
    PutBackBody,
    RetryParameters,
    event_body,
)
from xenofy.common.list_pages import page_of
from xenofy.common.operations import Nothing, operation
from xenofy.common.pagination import page_links

MOST = 20_000  # deliveries that one request puts back; the answer says when there are more
NOT_KEPT = {"Cache-Control": "no-store"}


class EventsView(APIView):
    right = Right.READ_WEBHOOKS

    @operation(InboxBody, EventParameters, files=tuple(TYPES.values()))
    def get(self, request: Request, given: EventParameters) -> HttpResponseBase:
        """Answer a page of the inbox, newest first."""
        people, inbox = _sees_people(request), DeliveryFilter(given.chosen())
        if given.file:
            table = partial(inbox_table, inbox, may_see_people=people)
            file = exported(request, table, given.file)
            file["Cache-Control"] = NOT_KEPT["Cache-Control"]
            return file
        page = page_of(inbox.rows(), given.page_query(), count=inbox.count)
        limit = given.validated_data["limit"]
        links = page_links(request, page=page.number, limit=limit, total=page.total, end=page.end)
        body = {
            "total": page.total,
            "page": page.number,
            "limit": limit,
            "events": [event_body(told(row), people) for row in page.rows],
        }
        return Response(body, headers={**NOT_KEPT, "Link": links})


class EventView(APIView):
    right = Right.READ_WEBHOOKS

    @operation(DeliveryBody, Nothing)
    def get(self, request: Request, given: Nothing, event_id: UUID) -> Response:
        """Answer one delivery with all its tries; 404 for what is none of this shop."""
        found = event_detail(event_id)
        if found is None:
            raise Http404
        return Response(event_body(found, _sees_people(request)), headers=NOT_KEPT)


class BodyView(APIView):
    right = Right.READ_WEBHOOKS

    @operation(None, Nothing, files=("application/octet-stream",))
    def get(self, request: Request, given: Nothing, event_id: UUID) -> HttpResponse:
        """Answer the body byte for byte; 404 where there is none (any more).

        It names people: a key has to have the scope for them too.
        """
        if not _sees_people(request):
            raise PermissionDenied
        body = body_of(event_id)
        if body is None:
            raise Http404
        credential = cast("Credential", request.auth)
        return body_response(event_id, body, credential=credential, person=request.user)


class RetryView(APIView):
    right = Right.WRITE_WEBHOOKS

    @operation(PutBackBody, RetryParameters)
    def post(self, request: Request, given: RetryParameters) -> Response:
        """Put stored deliveries back into the queue."""
        selection, now = given.selection(), timezone.now()
        if given.validated_data["dryRun"]:
            found = replay.count(selection, now=now)
        else:
            by = f"Put back by {request.user or 'an API key'}."
            found = replay.put_back(selection, now=now, by=by, most=MOST)
        return Response(found._asdict())


def _sees_people(request: Request) -> bool:
    return cast("Credential", request.auth).may_see_people


def body_response(
    event_id: UUID, body: bytes, *, credential: Credential, person: object
) -> HttpResponse:
    """Answer bytes as a file that no browser opens: they are whatever was sent. As they name
    people, the shop's entries say who took them."""
    audit.note(
        Action.DELIVERY_TAKEN,
        actor_id=credential.user_id,
        actor=str(person or key_called(credential.key_id)),
        now=timezone.now(),
        subject=str(event_id),
    )
    response = HttpResponse(body, content_type="application/octet-stream", headers=NOT_KEPT)
    response["Content-Disposition"] = f'attachment; filename="{event_id}.body"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
