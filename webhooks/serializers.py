"""Parameters and answers of the endpoints under /api/webhooks/."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypedDict, cast

from rest_framework import serializers

from webhooks.events import Event
from webhooks.list_filters import DeliveryFilter
from webhooks.models import InboxEvent
from webhooks.replay import EVERY_STATUS, Selection
from xenofy.common.list_parameters import ListParameters
from xenofy.common.moments import iso
from xenofy.common.shapes import Count, Id, Moment
from xenofy.common.strict_query import MomentField, OneOf, StrictQuery

Status = InboxEvent.Status
EVERY = "every"  # status
MOST_IDS = 1_000
WHICH = "Those with this status; without it and without `ids`, those in quarantine."


class EventParameters(ListParameters):
    """A filter that is misspelt would mean everything; it is refused."""

    filters = DeliveryFilter

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return super().validate(_in_order(attrs))


class RetryParameters(StrictQuery):
    """Named deliveries whatever their status, else those in quarantine, of another status, or
    of every status."""

    status = OneOf([*Status.values, EVERY], required=False, help_text=WHICH)
    topic = serializers.CharField(required=False, max_length=255, help_text="As `orders/create`.")
    since = MomentField("Received from then on.")
    until = MomentField("Received before.")
    ids = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_IDS, help_text="Named ones."
    )
    dryRun = serializers.BooleanField(default=False, help_text="Count, and put none back.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return _in_order(attrs)

    def selection(self) -> Selection:
        """Return what is asked for; the parameters must be valid."""
        given = self.validated_data
        ids = given.get("ids")
        status = given.get("status", Status.QUARANTINED if ids is None else EVERY)
        return Selection(
            statuses=EVERY_STATUS if status == EVERY else frozenset({Status(status)}),
            ids=None if ids is None else tuple(ids),
            topic=given.get("topic"),
            since=given.get("since"),
            until=given.get("until"),
        )


def _in_order(attrs: dict[str, Any]) -> dict[str, Any]:
    if "since" in attrs and "until" in attrs and attrs["since"] >= attrs["until"]:
        raise serializers.ValidationError({"until": ["It does not lie after since."]})
    return attrs


class TryBody(TypedDict):
    """A try, or what put the delivery back into the queue."""

    at: Annotated[Moment | None, "Null where the worker could not say."]
    attempt: Count
    outcome: str
    reason: str


class DeliveryBody(TypedDict):
    """A delivery without its body."""

    id: Id
    topic: str
    webhookId: str
    eventId: str
    apiVersion: str
    status: Literal["pending", "done", "superseded", "quarantined"]
    attempts: Count
    lastError: str
    receivedAt: Moment
    processedAt: Moment | None
    replayedAt: Annotated[Moment | None, "When it was last put back into the queue."]
    bodyPrunedAt: Annotated[Moment | None, "When its body was deleted, after the time they keep."]
    tries: Annotated[list[TryBody], "Those before the last."]


class InboxBody(TypedDict):
    """A page of the inbox."""

    total: Count
    page: Count
    limit: Count
    events: list[DeliveryBody]


class PutBackBody(TypedDict):
    """How many were put back; `pruned` have no body any more, `more` are left for a next time."""

    queued: Count
    pruned: Count
    more: bool


def event_body(event: Event, may_see_people: bool) -> DeliveryBody:
    """Return a delivery as the contract writes it, with the tries before the last.

    Reasons may quote what a body holds, so not all see them.
    """
    tries = event.tries if may_see_people else [each._replace(reason="") for each in event.tries]
    return {
        "id": str(event.id),
        "topic": event.topic,
        "webhookId": event.webhook_id,
        "eventId": event.event_id,
        "apiVersion": event.api_version,
        "status": cast("Any", event.status),
        "attempts": event.attempts,
        "lastError": event.last_error if may_see_people else "",
        "receivedAt": iso(event.received_at),
        "processedAt": iso_or_none(event.processed_at),
        "replayedAt": iso_or_none(event.replayed_at),
        "bodyPrunedAt": iso_or_none(event.body_pruned_at),
        "tries": [cast("TryBody", each._asdict()) for each in tries],
    }


def iso_or_none(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
