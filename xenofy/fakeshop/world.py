"""All shops of the double, its clock, and the tokens that open them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from xenofy.fakeshop.agenda import Agenda
from xenofy.fakeshop.apps import Apps
from xenofy.fakeshop.clock import Clock
from xenofy.fakeshop.grants import SCOPES, Grant, Grants
from xenofy.fakeshop.hooks import Hooks
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.state import Settings, ShopState


class World:
    """What one server serves. A shop exists as soon as somebody asks for it."""

    def __init__(self, now: datetime | None = None) -> None:
        self.clock = Clock(now or datetime.now(UTC))
        self.agenda = Agenda(self.clock)
        self.grants = Grants()
        self.lock = RLock()
        self.apps = Apps()
        self.hooks = Hooks(self.apps, self.clock, self.lock)
        self.url = ""  # where the server answers, once it does
        self._shops: dict[str, Shop] = {}

    def shop(self, domain: str, **settings: Any) -> Shop:
        """Return a shop; the first call opens it, with `settings` (fields of `Settings`)."""
        with self.lock:
            if domain not in self._shops:
                state = ShopState(domain, self.clock, Settings(**settings), self.clock.now())
                self._shops[domain] = Shop(state, self.lock, self.hooks)
                state.listeners.append(self.hooks.listener(state))
            return self._shops[domain]

    def pass_time(self, seconds: float) -> datetime:
        """Let time pass with what was planned for it, and return the moment that it is then."""
        with self.lock:
            self.agenda.run(self.clock.now() + timedelta(seconds=round(seconds)))
            return self.clock.now()

    def find(self, domain: str) -> Shop | None:
        return self._shops.get(domain)

    def domains(self) -> list[str]:
        return list(self._shops)

    def token(self, domain: str, *, without: tuple[str, ...] = (), **grant: Any) -> str:
        """Return a new token of a shop, with all scopes but those `without`."""
        self.shop(domain)
        name = f"shpat_{len(self.grants.of(domain)) + 1}_{domain}"
        scopes = SCOPES - set(without)
        return self.grants.add(Grant(name, domain, scopes=scopes, **grant)).token
