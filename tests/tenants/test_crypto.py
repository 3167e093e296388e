"""Secrets at rest: readable with the key, in their own place, and nowhere else."""

from __future__ import annotations

import base64
import secrets
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from tenants.crypto import Undecryptable, decrypt, encrypt
from tenants.models import Connection, ShopifyApp
from tests.factories import ConnectionFactory, ShopifyAppFactory

CANARY = "shpss_canary_a1b2c3 – 日本 🔑"


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def keys(settings: Any) -> list[str]:
    settings.ENCRYPTION_KEYS = [key()]
    return settings.ENCRYPTION_KEYS  # type: ignore[no-any-return]


def test_what_is_encrypted_is_read_again(keys: list[str]) -> None:
    assert decrypt(encrypt(CANARY, context="here"), context="here") == CANARY


def test_the_same_text_is_never_the_same_ciphertext(keys: list[str]) -> None:
    assert encrypt(CANARY, context="here") != encrypt(CANARY, context="here")


def test_the_text_does_not_stand_in_the_ciphertext(keys: list[str]) -> None:
    assert CANARY.encode()[:12] not in encrypt(CANARY, context="here")


def test_another_context_does_not_decrypt(keys: list[str]) -> None:
    with pytest.raises(Undecryptable, match="there"):
        decrypt(encrypt(CANARY, context="here"), context="there")


def test_any_changed_byte_is_noticed(keys: list[str]) -> None:
    data = encrypt("secret", context="here")

    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 1
        with pytest.raises(Undecryptable):
            decrypt(bytes(changed), context="here")


def test_any_cut_is_noticed(keys: list[str]) -> None:
    data = encrypt("secret", context="here")

    for length in range(len(data)):
        with pytest.raises(Undecryptable):
            decrypt(data[:length], context="here")


@pytest.mark.threat(10)
def test_a_new_key_in_front_encrypts_and_the_old_one_still_decrypts(
    keys: list[str], settings: Any
) -> None:
    old = encrypt("secret", context="here")
    settings.ENCRYPTION_KEYS = [key(), *keys]
    new = encrypt("secret", context="here")

    assert decrypt(old, context="here") == decrypt(new, context="here") == "secret"
    assert old[:4] != new[:4]


def test_a_key_that_was_taken_away_is_named_as_the_likely_cause(
    keys: list[str], settings: Any
) -> None:
    data = encrypt("secret", context="here")
    settings.ENCRYPTION_KEYS = [key()]

    with pytest.raises(Undecryptable, match="was a key removed from ENCRYPTION_KEYS"):
        decrypt(data, context="here")


@pytest.mark.parametrize("wrong", ["", "short", base64.b64encode(b"x" * 16).decode(), "ключ"])
def test_a_wrong_key_is_refused_in_words(wrong: str, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [wrong]

    with pytest.raises(ImproperlyConfigured, match="ENCRYPTION_KEYS"):
        encrypt("secret", context="here")


def test_a_models_secret_is_read_again_after_saving(db: None) -> None:
    app = ShopifyAppFactory(secret=CANARY)

    assert ShopifyApp.objects.get().client_secret == CANARY
    assert app.previous_secret == ""


def test_an_empty_secret_is_stored_as_none(db: None) -> None:
    ShopifyAppFactory(secret="")

    assert ShopifyApp.objects.get().client_secret_encrypted is None


@pytest.mark.threat(10)
def test_a_ciphertext_copied_to_another_row_is_refused(db: None) -> None:
    first, second = ShopifyAppFactory(secret=CANARY), ShopifyAppFactory(secret="other")
    stolen = first.client_secret_encrypted
    ShopifyApp.objects.filter(pk=second.pk).update(client_secret_encrypted=stolen)

    with pytest.raises(Undecryptable):
        _ = ShopifyApp.objects.get(pk=second.pk).client_secret


def test_a_ciphertext_copied_to_another_column_is_refused(db: None) -> None:
    app = ShopifyAppFactory(secret=CANARY)
    app.previous_secret_encrypted = app.client_secret_encrypted

    with pytest.raises(Undecryptable):
        _ = app.previous_secret


@pytest.mark.threat(10)
def test_secrets_stand_in_no_column_in_the_clear(db: None) -> None:
    app = ShopifyAppFactory(secret=CANARY)
    shop = ConnectionFactory(app=app)
    shop.access_token = CANARY
    shop.save(update_fields=["access_token_encrypted"])

    with connection.cursor() as cursor:
        for table in ("tenants_shopifyapp", "tenants_connection"):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" AS t')
            (stored,) = cursor.fetchone()
            assert "canary" not in stored
            assert CANARY.encode().hex() not in stored


def test_secrets_stand_in_no_text_of_the_row(db: None) -> None:
    app = ShopifyAppFactory(secret=CANARY)
    shop = Connection(tenant_id=app.id, app=app, domain="a.myshopify.com")
    shop.access_token = CANARY

    for row in (app, shop):
        assert "canary" not in f"{row} {row!r} {vars(row)}"


def test_no_log_line_carries_a_secret(db: None, caplog: pytest.LogCaptureFixture) -> None:
    """At DEBUG Django logs statements with their parameters: there too it is ciphertext."""
    with caplog.at_level("DEBUG"):
        app = ShopifyApp(name="Xenofy")
        app.client_secret = CANARY
        app.save()
        assert ShopifyApp.objects.get(pk=app.pk).client_secret == CANARY
        with pytest.raises(Undecryptable) as caught:
            decrypt(encrypt(CANARY, context="here"), context="there")

    assert "canary" not in caplog.text + str(caught.value)
