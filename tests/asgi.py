"""What the web server is to an application: it hands requests over and takes answers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

Application = Callable[..., Awaitable[None]]
WITHHELD = None  # a part of a body that never comes
LEAVES = b"LEAVES"  # the sender ends the connection


@dataclass
class Request:
    """A request and what became of it; its body comes in `parts`."""

    path: str
    parts: Iterable[bytes | None] = (b"",)
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0  # how often the application has asked for more of the body

    def __post_init__(self) -> None:
        self._parts = list(self.parts)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def answered(self) -> dict[str, str]:
        """Return the headers of the answer."""
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])

    def json(self) -> Any:
        return json.loads(self.content)

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        part = self._parts.pop(0)
        if part is WITHHELD:
            await asyncio.Event().wait()
        if part is LEAVES:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": part, "more_body": bool(self._parts)}

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    def scope(self) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "server": ("127.0.0.1", "80"),
            "client": ("192.0.2.7", "40000"),
            "headers": [
                (name.lower().encode(), value.encode("latin-1"))
                for name, value in {"Host": "127.0.0.1", **self.headers}.items()
            ],
        }


def ask(application: Application, *requests: Request) -> None:
    """Let requests come at the same moment, and wait until each is answered."""

    async def all_of_them() -> None:
        await asyncio.gather(*(application(one.scope(), one.receive, one.send) for one in requests))

    asyncio.run(all_of_them())
