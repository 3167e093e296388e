"""Sending the demo store's traffic over HTTP to this installation, signed as Shopify signs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from xenofy.deliveries import Answer, Unreachable, headers_of, send
from xenofy.demo import calendar
from xenofy.demo.chance import chance
from xenofy.demo.filling import Clock, Say
from xenofy.demo.tenant import DOMAIN, DemoShop
from xenofy.demo.traffic import Message, Traffic

QUIETEST = 2.0  # webhooks a minute at night
PAUSE = 2.0  # seconds until a server that does not answer is tried again
TRIES = 5  # after which it is said that it does not; a server that starts needs some

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class ForeignAddress(ValueError):
    """The address is not one of this installation; the message is a plain sentence."""


def refuse_foreign(url: str, *, public_url: str, port: int) -> None:
    """Raise `ForeignAddress` unless `url` leads to this installation."""
    own = [_place(public_url), *((host, port) for host in _LOOPBACK)]
    if _place(url) not in own:
        raise ForeignAddress(f"{url} is not this installation ({public_url}).")


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


@dataclass
class Sender:
    """Sends one message after the other, and complains once about each kind of trouble."""

    shop: DemoShop
    url: str
    clock: Clock
    say: Say
    complaint: str = ""

    def keep_sending(self, traffic: Traffic, *, busiest: float) -> None:
        """Send `busiest` messages a minute in the busiest hour, fewer in others, for ever."""
        while True:
            now = self.clock()
            a_minute = QUIETEST + (busiest - QUIETEST) * calendar.liveliness(now)
            self.send(traffic.next(now, a_minute=a_minute))
            time.sleep(60 / a_minute * chance(now).uniform(0.5, 1.5))

    def send(self, message: Message) -> None:
        """Send a message; one that cannot be taken now is sent again until it is."""
        tries = 1
        while (answer := self._try(message, tries)) is None or answer.status == 503:
            tries += 1
            time.sleep(PAUSE)
        if answer.is_accepted:
            self.complaint = ""
        else:
            self._complain(
                f"{self.url} refused {message.topic} with {answer.status}. {answer.text}"
            )

    def _try(self, message: Message, tries: int) -> Answer | None:
        headers = headers_of(
            message.body,
            topic=message.topic,
            domain=DOMAIN,
            secret=self.shop.secret,
            now=self._not_before(message.at),
        )
        try:
            return send(self.url, message.body, headers)
        except Unreachable as error:
            if tries >= TRIES:
                self._complain(f"{error} Trying again.")
            return None

    def _not_before(self, at: datetime) -> datetime:
        return max(at, self.clock())

    def _complain(self, text: str) -> None:
        if text != self.complaint:
            self.say(text)
            self.complaint = text
