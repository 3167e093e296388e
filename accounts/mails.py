"""Mails on their way out: written down in the transaction of what they tell, and sent by the
worker, so that no page waits for a mail server and none is lost where one is down.

A mail to nobody costs as much as one to somebody: how long a page takes tells of no account.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.core.mail import send_mail
from django.db import transaction

from accounts.models import OutgoingMail

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)  # until a mail is tried again; twice as long each time
MOST_TRIES = 10  # within some 8 hours


def post(*, to: str, subject: str, text: str, now: datetime) -> None:
    """Send a mail soon; `to` is empty where nobody is to get it."""
    mail = OutgoingMail(email=to, subject=subject, due_at=now)
    mail.text = text
    mail.save(force_insert=True)


def send_next(*, now: datetime) -> bool:
    """Send the mail that has waited longest; False when none is due.

    Its try is counted before, so that one which ends the process is not tried for ever.
    """
    mail = _claimed(now)
    if mail is None:
        return False
    try:
        if mail.email:
            send_mail(mail.subject, mail.text, None, [mail.email])
    except OSError as error:  # of the network, or of what the mail server answers
        _keep(mail, error)
        return True
    mail.delete()
    return True


@transaction.atomic
def _claimed(now: datetime) -> OutgoingMail | None:
    due = OutgoingMail.objects.filter(due_at__lte=now).order_by("due_at")
    mail = due.select_for_update(skip_locked=True).first()
    if mail is not None:
        mail.due_at = now + FIRST_PAUSE * 2**mail.tries
        mail.tries += 1
        mail.save(update_fields=["due_at", "tries"])
    return mail


def _keep(mail: OutgoingMail, error: OSError) -> None:
    """Let a mail that could not be sent wait, or give it up; what is logged names nobody."""
    gives_up = mail.tries >= MOST_TRIES
    logger.warning(
        "A mail was not sent.",
        extra={"mail": mail.id, "tries": mail.tries, "why": type(error).__name__,
               "given_up": gives_up},
    )  # fmt: skip
    if gives_up:
        mail.delete()
