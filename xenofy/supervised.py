"""What a process does when `manage.py run`, or a test, has started it."""

from __future__ import annotations

import os
import signal
import threading
import time

from django.conf import settings

_PAUSE = 0.5  # seconds between looks at the parent


def end_with_parent() -> None:
    """End this process, cleanly, soon after the supervisor that started it has gone.

    Without a supervisor nothing happens. A killed supervisor cannot tell its children.
    """
    if settings.SUPERVISOR_PID:
        threading.Thread(target=_watch, args=[settings.SUPERVISOR_PID], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os.kill(os.getpid(), signal.SIGTERM)
