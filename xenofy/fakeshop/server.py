"""The double over HTTP: any number of shops behind one port, told apart by `Host`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from xenofy.fakeshop.http import Answer, Hangup, Request
from xenofy.fakeshop.routes import answer
from xenofy.fakeshop.world import World

log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """Serves one world; a thread for each connection."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: World, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.world = world
        world.url = f"http://{host}:{self.server_port}"


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[Server]:
    """Serve a world from a thread for as long as the block runs."""
    server = Server(world, port=port)
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    timeout = 30

    def _answer(self) -> None:
        try:
            self._send(answer(self.server.world, self._request()))
        except Hangup:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _answer  # noqa: N815

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        host = headers.get("host", "").rsplit(":", 1)[0].lower()
        return Request(self.command, host, parts.path, parts.query, headers, body)

    def _send(self, found: Answer) -> None:
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if isinstance(found.body, bytes):
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)
        else:
            self._stream(found)

    def _stream(self, found: Answer) -> None:
        """Send a body of parts in chunks."""
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in found.body:
            if isinstance(part, bytes) and part:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:
        """Say what was asked to whoever listens to this logger; nothing on the terminal."""
        log.debug(format, *args)
