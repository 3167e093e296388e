"""How far a command is."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

QUIET = 2.0  # seconds until progress is told
PAUSE = 5.0  # seconds between lines where they cannot be overwritten


class ProgressLine:
    """Tells how far long work is: in one line on a terminal, else in a line now and then."""

    def __init__(self, stream: OutputWrapper, verb: str) -> None:
        self.verb = verb  # what was done: "compared"
        self.stream = stream
        self.next_at = time.monotonic() + QUIET
        self.shown = False

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(self, *_: object) -> None:
        if self.shown and self.stream.isatty():
            self._write("\r\x1b[K")

    def show(self, what: str, done: int, total: int) -> None:
        """Say that `done` of `total` are done."""
        now = time.monotonic()
        if now < self.next_at:
            return
        self.shown = True
        text = f"  {done:,} of {total:,} {what} {self.verb}"
        if self.stream.isatty():
            self._write(f"\r\x1b[K{text}")
        else:
            self._write(f"{text}\n")
            self.next_at = now + PAUSE

    def _write(self, text: str) -> None:
        self.stream.write(text, lambda unstyled: unstyled, ending="")
        self.stream.flush()
