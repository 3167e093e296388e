"""The mails that people of the tests get."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from django.utils import timezone

from accounts import mails

_LINK = re.compile(r"https?://[^/\s]+(/\S+)")


def sent_mails() -> list[Any]:
    """Send what waits, as the worker does; return all mails of the test, the newest last."""
    while mails.send_next(now=timezone.now()):
        pass
    return list(mail.outbox)


def mailed_path(subject: str) -> str:
    """Return the path of the link in the newest mail that has these words in its subject."""
    found = [each for each in sent_mails() if subject in each.subject]
    return _LINK.findall(str(found[-1].body))[0]
