"""What can be done to a world from outside: time, what happens in a shop, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xenofy.fakeshop import oauth
from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.knobs import calm, knobs, turn
from xenofy.fakeshop.records import Order, Return
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Item
from xenofy.fakeshop.world import World

Given = Mapping[str, str]


class Impossible(Exception):
    """What was asked for cannot be done, and why."""


def act(world: World, name: str, given: Given) -> str:
    """Do something and return a sentence that says so; raise `Impossible`."""
    if name not in ACTIONS:
        raise Impossible(f"There is no action {name}.")
    try:
        with world.lock:
            return ACTIONS[name](world, given)
    except (ValueError, KeyError, ArithmeticError) as error:
        raise Impossible(str(error) or type(error).__name__) from error


def _advance(world: World, given: Given) -> str:
    now = world.pass_time(float(given.get("seconds", "0")))
    return f"It is {now:%d %b %Y, %H:%M:%S} UTC."


def _place(world: World, given: Given) -> str:
    shop, wanted = _shop(world, given), given.get("payment") or "paid"
    item = Item(given.get("price") or "25.00", int(given.get("quantity") or 1), "Scarf")
    buyer = next(reversed(shop.state.customers.values()), None)
    order = shop.place_order(item, payment=wanted, customer_id=buyer.id if buyer else None)
    return f"{order.name} was placed."


def _pay(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    shop.pay(order.id)
    return f"{order.name} was paid."


def _fulfil(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    shop.deliver(shop.fulfil(order.id, company="DHL", number="00340434"))
    return f"{order.name} was sent and arrived."


def _refund(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    if not any(line.current for line in order.lines):
        raise Impossible(f"Nothing of {order.name} is left to give back.")
    shop.refund(order.id)
    return f"{order.name} was refunded."


def _return(world: World, given: Given) -> str:
    shop, found = _open_return(world, given)
    shop.process_return(found)
    return f"{found.name} was asked for, approved, came back and was refunded."


def _exchange(world: World, given: Given) -> str:
    shop, found = _open_return(world, given)
    item = Item(given.get("price") or "25.00", int(given.get("quantity") or 1), "Hat")
    shop.process_return(found, exchange=[item])
    return f"{found.name} came back for something else."


def _edit(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    item = Item(given.get("price") or "25.00", int(given.get("quantity") or 1), "Hat")
    shop.edit(order.id, add=[item])
    return f"A line was added to {order.name}."


def _cancel(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    shop.cancel(order.id)
    return f"{order.name} was cancelled."


def _delete(world: World, given: Given) -> str:
    shop, order = _order(world, given)
    shop.delete_order(order.id)
    return f"{order.name} was deleted."


def _customer(world: World, given: Given) -> str:
    shop = _shop(world, given)
    number = len(shop.state.customers) + 1
    shop.create_customer(email=f"buyer{number}@example.com", first_name="Buyer")
    return f"buyer{number}@example.com joined."


def _merge(world: World, given: Given) -> str:
    shop = _shop(world, given)
    if len(shop.state.customers) < 2:
        raise Impossible("Two customers are needed.")
    kept, gone = list(shop.state.customers)[-2:]
    shop.merge_customers(kept, gone)
    return "The last two customers are one."


def _erase(world: World, given: Given) -> str:
    shop = _shop(world, given)
    found: Customer | None = next(reversed(shop.state.customers.values()), None)
    if found is None:
        raise Impossible("There is no customer.")
    shop.erase_customer(found.id)
    return "The last customer was erased."


def _revoke(world: World, given: Given) -> str:
    oauth.revoke(world, _shop(world, given).domain, _app(world, given))
    return "The app's tokens ended."


def _uninstall(world: World, given: Given) -> str:
    oauth.uninstall(world, _shop(world, given).domain, _app(world, given))
    return "The app was uninstalled."


def _scopes(world: World, given: Given) -> str:
    wanted = given.get("scopes", "").replace(",", " ").split()
    oauth.change_scopes(world, _shop(world, given).domain, _app(world, given), wanted)
    return "The app's scopes are others."


def _configure(world: World, given: Given) -> str:
    client_id, shop = _app(world, given), _shop(world, given)
    world.hooks.configure(client_id, shop.state)
    return "The app's configuration file has all topics too."


def _chaos(world: World, given: Given) -> str:
    """Turn knobs; what is not named stays."""
    boards = _boards(world, given)
    known = {name for board in boards for name in knobs(board)} | {"seed", "shop"}
    if unknown := sorted(given.keys() - known):
        raise Impossible(f"There is no knob {unknown[0]}.")
    for board in boards:
        turn(board, given)
    if "seed" in given:
        world.hooks.mishaps.random.seed(int(given["seed"]))
    return "Things go wrong as asked."


def _calm(world: World, given: Given) -> str:
    for board in _boards(world, given):
        calm(board)
    _shop(world, given).chaos.faults.clear()
    return "Nothing goes wrong any more."


def _boards(world: World, given: Given) -> tuple[object, ...]:
    """Return what has knobs: deliveries, the shop's Admin API, and tokens."""
    return world.hooks.mishaps, _shop(world, given).chaos, world.apps


def _fault(world: World, given: Given) -> str:
    """Let the next answers of the Admin API fail."""
    _shop(world, given).chaos.next(*[given["fault"]] * int(given.get("times") or 1))
    return "The next answer of the Admin API fails."


def _lose(world: World, _: Given) -> str:
    world.apps.lose_answers += 1
    return "The next rotation of tokens happens without an answer."


def _secret(world: World, given: Given) -> str:
    """Give the app another secret; deliveries may be signed with the one before for an hour."""
    app = world.apps.by_id[_app(world, given)]
    app.rotate_secret(given.get("secret") or f"{app.secret}+", now=world.clock.now())
    return f"The app's secret is {app.secret} now."


def _deny(world: World, given: Given) -> str:
    """Withhold customers from the app, or only who they are (`only=people`); or `allow` both."""
    app, domain = world.apps.by_id[_app(world, given)], _shop(world, given).domain
    app.people = given.get("allow") == "on"
    app.customer_data = app.people or given.get("only") == "people"
    for grant in world.grants.of(domain):
        if grant.app == app.client_id:
            grant.customer_data, grant.people = app.customer_data, app.people
    if app.people:
        return "Customers are shown."
    return "Names are withheld." if app.customer_data else "Customers are withheld."


def _deliver(world: World, _: Given) -> str:
    """Send what waits, moving the clock along."""
    return f"{world.hooks.settle()} deliveries were sent."


ACTIONS: dict[str, Callable[[World, Given], str]] = {
    "advance": _advance,
    "place": _place,
    "pay": _pay,
    "fulfil": _fulfil,
    "refund": _refund,
    "return": _return,
    "exchange": _exchange,
    "edit": _edit,
    "cancel": _cancel,
    "delete": _delete,
    "customer": _customer,
    "merge": _merge,
    "erase": _erase,
    "revoke": _revoke,
    "uninstall": _uninstall,
    "scopes": _scopes,
    "configure": _configure,
    "chaos": _chaos,
    "calm": _calm,
    "fault": _fault,
    "lose": _lose,
    "secret": _secret,
    "deny": _deny,
    "deliver": _deliver,
}


def _shop(world: World, given: Given) -> Shop:
    """Return the shop that is named, else the first."""
    domain = given.get("shop") or next(iter(world.domains()), "")
    found = world.find(domain)
    if found is None:
        raise Impossible(f"There is no shop {domain}.")
    return found


def _order(world: World, given: Given) -> tuple[Shop, Order]:
    """Return the order that is named by its id, else the last."""
    shop = _shop(world, given)
    number = given.get("order")
    last = next(reversed(shop.state.orders.values()), None)
    found = shop.state.orders.get(int(number)) if number else last
    if found is None:
        raise Impossible("There is no such order.")
    return shop, found


def _open_return(world: World, given: Given) -> tuple[Shop, Return]:
    """Return an open return of all that is left of an order."""
    shop, order = _order(world, given)
    units = {line.id: line.current for line in order.lines if line.current}
    if not units:
        raise Impossible(f"Nothing of {order.name} is left to come back.")
    found = shop.request_return(order.id, units)
    shop.approve_return(found)
    return shop, found


def _app(world: World, given: Given) -> str:
    client_id = given.get("app") or next(iter(world.apps.by_id), "")
    if client_id not in world.apps.by_id:
        raise Impossible(f"There is no app {client_id}.")
    return client_id
