"""How the installation is, for Prometheus: `/metrics`.

Every figure is read from the database when it is asked for, so that it is the same whichever
process of whichever host answers. Nothing in it names a tenant or a person.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import connections, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from shop_data.shopify.version import API_VERSION

PATIENCE = "2s"  # for each statement; a large inbox is counted on an index in less
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")

# name -> what it is, and the statement that tells it: as the worker, who sees which tenants have
# work and no more.
FIGURES = {
    "xenofy_inbox_pending": (
        "Deliveries that wait to be processed",
        "SELECT count(*) FROM webhooks_inboxevent WHERE status = 'pending'",
    ),
    "xenofy_inbox_oldest_seconds": (
        "Since when the oldest of them waits; 0 where none does",
        (
            "SELECT coalesce(extract(epoch FROM now() - min(received_at)), 0)"
            " FROM webhooks_inboxevent WHERE status = 'pending'"
        ),
    ),
    "xenofy_inbox_quarantined": (
        "Deliveries that could not be used",
        "SELECT count(*) FROM webhooks_inboxevent WHERE status = 'quarantined'",
    ),
    "xenofy_topics_held": (
        "Topics of shops that are kept back, because every delivery of them fails",
        "SELECT count(*) FROM webhooks_topicbreaker WHERE state <> 'closed'",
    ),
    "xenofy_marks_waiting": (
        "Marks of days whose figures are to be summed again",
        "SELECT count(*) FROM shop_data_rollupmark",
    ),
    "xenofy_rederivations_waiting": (
        "Shops whose orders are being derived again, as a release asks for",
        "SELECT count(*) FROM shop_data_rederivation",
    ),
    "xenofy_privacy_requests_waiting": (
        "Requests of privacy that are not carried out yet",
        "SELECT count(*) FROM shop_data_privacyrequest WHERE status = 'waiting'",
    ),
    "xenofy_connections_refused": (
        "Shops whose merchants have to connect them again, because Shopify takes the token no more",
        "SELECT count(*) FROM tenants_connection WHERE state <> 'connected'",
    ),
    "xenofy_api_versions_differing": (
        f"Shops whose Admin API last answered with another version than {API_VERSION}",
        (
            "SELECT count(*) FROM shop_data_apibudget"  # noqa: S608  # our own constant
            f" WHERE answered_version NOT IN ('', '{API_VERSION}')"
        ),
    ),
    "xenofy_rollup_rows_differing": (
        "Rows of figures that differed from the ledger in the checks of the last two days",
        (
            "SELECT coalesce(sum(differing_rows), 0) FROM analytics_selfcheck"
            " WHERE at > now() - interval '2 days'"
        ),
    ),
    "xenofy_rollup_checks": (
        "Checks of figures against the ledger in the last two days",
        "SELECT count(*) FROM analytics_selfcheck WHERE at > now() - interval '2 days'",
    ),
}


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer all figures; 404, as if nothing were here, to whoever may not read them."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    """Tell whether it is who has the token, or without one somebody on this machine.

    What a proxy passes on comes from this machine too, but says that it was passed on.
    """
    token: str = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if settings.BEHIND_PROXY or any(name in request.headers for name in FORWARDED):
        return False
    return _is_local(request.META.get("REMOTE_ADDR", ""))


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class _Figures(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """Yield the version and all figures, as of one moment."""
        yield InfoMetricFamily("xenofy", "The software", {"version": settings.VERSION})
        for name, value in _values().items():
            yield GaugeMetricFamily(name, FIGURES[name][0], value)


def _values() -> dict[str, float]:
    with transaction.atomic(using="worker"), connections["worker"].cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
        found = {}
        for name, (_, statement) in FIGURES.items():
            cursor.execute(statement)
            found[name] = float(cursor.fetchone()[0])
    return found
