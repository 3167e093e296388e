"""What sends mails beside the worker: a mail server that hangs holds no delivery up."""

from __future__ import annotations

import logging
import threading

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone

from accounts import mails

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between looks for mails


class Postman(threading.Thread):
    """Sends what is due until `stopping` is set; a mail that hangs then keeps no process alive."""

    def __init__(self, stopping: threading.Event) -> None:
        super().__init__(name="postman", daemon=True)
        self._stopping = stopping

    def run(self) -> None:
        while not self._stopping.wait(PAUSE):
            self.send_due()
        connection.close()

    def send_due(self) -> None:
        """Send all mails that are due; what goes wrong is logged, and the rest comes later."""
        try:
            while not self._stopping.is_set() and mails.send_next(now=timezone.now()):
                pass
        except (OperationalError, InterfaceError):  # the worker tells of it
            close_old_connections()
        except Exception:
            logger.exception("A mail could not be sent.")
