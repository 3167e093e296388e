"""Topics that Shopify delivers twice, since two subscriptions of our app tell them.

Those of an app's configuration file are not shown by the Admin API; what they do is seen in the
inbox: one event, under one `X-Shopify-Event-Id`, comes with the same body under two webhook ids.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from webhooks.models import InboxEvent

LATELY = timedelta(days=1)
MOST = 5_000  # deliveries that are looked at, the newest


def doubled_topics(*, now: datetime) -> list[str]:
    """Return the topics of which the current tenant lately got an event twice, in order."""
    recent = InboxEvent.objects.filter(received_at__gt=now - LATELY).exclude(event_id="")
    rows = recent.order_by("-received_at", "-id").values_list("topic", "event_id", "digest")
    counts = Counter((topic, event, bytes(digest)) for topic, event, digest in rows[:MOST])
    return sorted({topic for (topic, *_), count in counts.items() if count > 1})
