"""A load generator: many kept connections, each sending its next request once it has an answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[], bytes]  # returns the bytes of the next request


@dataclass
class Result:
    """Answers by status line, and the time to each in seconds."""

    seconds: float = 0.0
    answers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the time in milliseconds within which `share` of the answers came."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1000


def load(port: int, request: Request, *, connections: int, seconds: float) -> Result:
    """Send for so many seconds over so many connections."""
    return asyncio.run(_load(port, request, connections, seconds))


async def _load(port: int, request: Request, connections: int, seconds: float) -> Result:
    result = Result()
    begun = time.perf_counter()
    clients = [_Client(request, result, begun + seconds) for _ in range(connections)]
    loop = asyncio.get_running_loop()
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(client.finished for client in clients))
    result.seconds = time.perf_counter() - begun
    return result


class _Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: Request, result: Result, until: float) -> None:
        self.request = request
        self.result = result
        self.until = until
        self.received = b""
        self.sent_at = 0.0
        self.finished = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if _is_whole(self.received):
            now = time.perf_counter()
            self.result.latencies.append(now - self.sent_at)
            self.result.answers[self.received[9:12].decode()] += 1
            self.received = b""
            if now < self.until:
                self._send()
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note an end that came too early: a measurement must not hide it."""
        if self.received or time.perf_counter() < self.until:
            self.result.answers["closed"] += 1
        self.finished.set_result(None)

    def _send(self) -> None:
        request = self.request()
        self.sent_at = time.perf_counter()
        self.transport.write(request)


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    head = head.lower()
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"0\r\n\r\n")
    _, _, length = head.partition(b"content-length:")
    return len(body) >= int(length.split(b"\r\n")[0] or 0)
