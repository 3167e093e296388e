"""Mails are sent beside the worker, whatever becomes of one of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts import mails
from xenofy.postman import Postman

pytestmark = pytest.mark.django_db(transaction=True)


def post(to: str) -> None:
    mails.post(to=to, subject="Hello", text="A link", now=timezone.now())


def test_all_mails_that_are_due_are_sent() -> None:
    post("a@example.com")
    post("")
    post("b@example.com")

    Postman(threading.Event()).send_due()

    assert [each.to for each in mail.outbox] == [["a@example.com"], ["b@example.com"]]


def test_a_mail_that_nobody_can_send_keeps_no_other_from_going(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    send = mails.send_mail

    def send_but_one(subject: str, text: str, sender: None, to: list[str]) -> Any:
        if to == ["bad@example.com"]:
            raise ValueError("a fault of ours")
        return send(subject, text, sender, to)

    monkeypatch.setattr(mails, "send_mail", send_but_one)
    post("bad@example.com")
    post("a@example.com")
    postman = Postman(threading.Event())

    postman.send_due()
    postman.send_due()

    assert [each.to for each in mail.outbox] == [["a@example.com"]]
    assert "A mail could not be sent." in caplog.text
    assert "bad@example.com" not in caplog.text


def test_it_works_beside_the_worker_until_that_stops() -> None:
    post("a@example.com")
    stopping = threading.Event()
    postman = Postman(stopping)

    postman.start()
    sent = _within_seconds(lambda: bool(mail.outbox))
    stopping.set()
    postman.join(10)

    assert sent
    assert not postman.is_alive()


def _within_seconds(holds: Any) -> bool:
    pause = threading.Event()
    return any(holds() or pause.wait(0.1) for _ in range(100))
