"""The double's control interface: `/` shows what is, `POST /control/<action>` does something.

Forms come back to the page; who asks for JSON gets it. Only loopback is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from re import Match
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from xenofy.fakeshop import daily, paying
from xenofy.fakeshop.actions import ACTIONS, Impossible, act
from xenofy.fakeshop.chaos import Fault
from xenofy.fakeshop.dates import utc
from xenofy.fakeshop.http import Answer, Request, answer_json
from xenofy.fakeshop.money import major, padded
from xenofy.fakeshop.pages import page
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.world import World

_LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_SHOWN = 12  # rows of each table
_TIMES = {"1 minute": 60, "1 hour": 3600, "4 hours": 14_400, "1 day": 86_400}
_WITH_ORDER = ("pay", "fulfil", "edit", "refund", "return", "exchange", "cancel", "delete")
_PLAIN = {
    "customer": "A customer joins",
    "merge": "Merge the last two customers",
    "erase": "Erase the last customer",
    "deliver": "Send all that waits",
    "calm": "Let nothing go wrong",
    "lose": "Lose the answer of the next rotation",
    "configure": "Subscribe by configuration file too",
    "secret": "Give the app another secret",
    "deny": "Withhold customers from the app",
    "revoke": "End the app's tokens",
    "uninstall": "Uninstall the app",
}
_SHARES = ("drop", "duplicate", "delay", "stale", "wrong_hmac", "old_secret")


def show(world: World, request: Request, _: Match[str]) -> Answer:
    """Answer the page of a shop; `?shop=` names another than the first."""
    if request.host not in _LOOPBACK:
        return answer_json({"errors": "Not Found"}, 404)
    given = dict(parse_qsl(request.query))
    domain = given.get("shop") or next(iter(world.domains()), "")
    with world.lock:
        shop = world.find(domain)
        if _wants_json(request):
            return answer_json(_facts(world, shop))
        return page("The double of Shopify", _content(world, shop, given.get("said", "")))


def do(world: World, request: Request, path: Match[str]) -> Answer:
    """Do what the path names, with the fields of the form."""
    origin = urlsplit(request.headers.get("origin", "")).hostname
    if request.host not in _LOOPBACK or origin not in {None, *_LOOPBACK}:
        return answer_json({"errors": "Not Found"}, 404)
    given = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        said, status = act(world, path["action"], given), 200
    except Impossible as error:
        said, status = str(error), 400
    if _wants_json(request):
        return answer_json({"said": said}, status)
    query = urlencode({"shop": given.get("shop", ""), "said": said})
    return Answer(303, headers={"Location": f"/?{query}"})


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _facts(world: World, shop: Shop | None) -> dict[str, Any]:
    """Return what the page shows, for programs; money in minor units."""
    days = daily.by_day(shop.state) if shop else {}
    return {
        "now": utc(world.clock.now()),
        "shops": world.domains(),
        "actions": sorted(ACTIONS),
        "orders": len(shop.state.orders) if shop else 0,
        "days": {
            str(day): {"net": one.net, "returns": one.returns, "total": one.total}
            for day, one in days.items()
        },
        "waiting": len(world.hooks.waiting),
        "dropped": world.hooks.dropped,
    }


def _content(world: World, shop: Shop | None, said: str) -> str:
    now = f"<p>The clock says {world.clock.now():%d %b %Y, %H:%M:%S} UTC.</p>"
    told = f'<p role="status"><strong>{escape(said)}</strong></p>' if said else ""
    if shop is None:
        return f"{told}{now}<p>No shop is open yet.</p>"
    return told + now + _forms(shop) + _ledger(shop) + _orders(shop) + _deliveries(world)


def _forms(shop: Shop) -> str:
    fields = '<input name="quantity" value="1" size="3" aria-label="Units">'
    fields += '<input name="price" value="25.00" size="7" aria-label="Price of one">'
    times = "".join(
        _form(shop, "advance", label=f"+ {name}", hidden={"seconds": str(seconds)})
        for name, seconds in _TIMES.items()
    )
    last = "".join(_form(shop, name, label=f"{name} last order") for name in _WITH_ORDER)
    rest = "".join(_form(shop, name, label=label) for name, label in _PLAIN.items())
    shares = "".join(
        f'<label>{name} <input name="{name}" value="0" size="4"></label>' for name in _SHARES
    )
    shares += '<label><input type="checkbox" name="shuffle" value="on"> shuffle</label>'
    return (
        f"<h2>{escape(shop.domain)}</h2>"
        + _form(shop, "place", label="Place an order", fields=fields)
        + f"<p>{last}</p><h2>Time</h2><p>{times}</p>"
        + f"<h2>Other things</h2><p>{rest}</p>"
        + "<h2>What goes wrong with deliveries (shares from 0 to 1)</h2>"
        + _form(shop, "chaos", label="Set", fields=shares)
        + "<h2>What goes wrong with answers</h2>"
        + _form(shop, "fault", label="Spoil the next answers", fields=_faults())
        + _form(shop, "chaos", label="Set", fields=_bulk())
    )


def _faults() -> str:
    options = "".join(f"<option>{fault}</option>" for fault in Fault)
    times = '<input name="times" value="1" size="3" aria-label="How many">'
    return f'<select name="fault" aria-label="How">{options}</select>{times}'


def _bulk() -> str:
    ends = ("", "INTERNAL_SERVER_ERROR", "TIMEOUT", "ACCESS_DENIED")
    options = "".join(f'<option value="{code}">{code or "well"}</option>' for code in ends)
    return (
        f'<label>bulk operations end with <select name="bulk_fails">{options}</select></label>'
        '<label>downloads that break off <input name="bulk_breaks" value="0" size="3"></label>'
        '<label><input type="checkbox" name="bulk_truncated" value="on"> files are cut</label>'
    )


def _form(
    shop: Shop, action: str, *, label: str, fields: str = "", hidden: dict[str, str] | None = None
) -> str:
    kept = {"shop": shop.domain, **(hidden or {})}
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in kept.items()
    )
    return (
        f'<form method="post" action="/control/{action}">{inputs}{fields}'
        f"<button>{escape(label[:1].upper() + label[1:])}</button></form>"
    )


def _ledger(shop: Shop) -> str:
    currency = shop.state.settings.currency
    days = sorted(daily.by_day(shop.state).items(), reverse=True)[:_SHOWN]

    def text(amount: int) -> str:
        return padded(major(amount, currency), currency)

    rows = [
        [str(day), *map(text, (one.gross, one.discounts, one.returns, one.net, one.total))]
        for day, one in days
    ]
    heads = ("Day", "Gross", "Discounts", "Returns", "Net sales", "Total sales")
    return f"<h2>The shop's own ledger, in {currency}</h2>{_table(heads, rows)}"


def _orders(shop: Shop) -> str:
    found = list(shop.state.orders.values())[: -_SHOWN - 1 : -1]
    zone = shop.state.settings.timezone
    rows = [
        [
            order.name,
            f"{order.processed_at.astimezone(zone):%d %b %Y, %H:%M}",
            paying.financial_status(order),
            str(order.id),
        ]
        for order in found
    ]
    return f"<h2>Last orders</h2>{_table(('Order', 'Placed', 'Payment', 'Id'), rows)}"


def _deliveries(world: World) -> str:
    hooks = world.hooks
    recent = [*hooks.waiting[-_SHOWN:], *list(hooks.ended)[: -_SHOWN - 1 : -1]]
    rows = [
        [one.topic, utc(one.triggered_at), ", ".join(map(str, one.statuses)) or "waits", one.uri]
        for one in recent
    ]
    heads = ("Topic", "Happened", "Answers", "To")
    counts = f"{len(hooks.waiting)} wait, {hooks.dropped} were dropped on purpose."
    return f"<h2>Deliveries</h2><p>{counts}</p>{_table(heads, rows)}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
