"""Encryption of secrets and tokens at rest: AES-256-GCM, bound to their row and column.

A ciphertext copied to another row or column does not decrypt. The first of `ENCRYPTION_KEYS`
encrypts; all of them decrypt, so a key is rotated by putting a new one in front and running
`manage.py rotate_keys`, after which the old one can go.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

KEY_ID_BYTES = 4
_NONCE_BYTES = 12
_SHORTEST_KEY = 40  # characters of random text: more than the 256 bits that are used


class Undecryptable(RuntimeError):
    """None of the keys fits, or the bytes belong to another row."""


def encrypt(text: str, *, context: str) -> bytes:
    """Return key id, nonce and ciphertext of `text`."""
    key = _keys()[0]
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _key_id(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode())


def decrypt(data: bytes, *, context: str) -> str:
    """Return the text that `encrypt` was given with the same context; raise `Undecryptable`."""
    key_id, rest = data[:KEY_ID_BYTES], data[KEY_ID_BYTES:]
    nonce, ciphertext = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    for key in _keys():
        if _key_id(key) == key_id:
            try:
                return AESGCM(key).decrypt(nonce, ciphertext, context.encode()).decode()
            except (InvalidTag, ValueError):  # a ValueError is a nonce that was cut off
                break
    raise Undecryptable(f"{context} cannot be decrypted: was a key removed from ENCRYPTION_KEYS?")


def newest_key_id() -> bytes:
    """Return with what a ciphertext of the newest key begins."""
    return _key_id(_keys()[0])


class Encrypted:
    """A text attribute of a model that stands encrypted in the BinaryField named `column`."""

    def __init__(self, column: str) -> None:
        self.column = column

    def __get__(self, row: models.Model | None, owner: type) -> Any:
        if row is None:
            return self
        data = getattr(row, self.column)
        return "" if data is None else decrypt(bytes(data), context=self._context(row))

    def __set__(self, row: models.Model, text: str) -> None:
        setattr(row, self.column, encrypt(text, context=self._context(row)) if text else None)

    def _context(self, row: models.Model) -> str:
        return f"{row._meta.db_table}.{self.column}:{row.pk}"


def _keys() -> list[bytes]:
    """Return the AES keys that follow from the configured texts, newest first."""
    if any(len(text) < _SHORTEST_KEY for text in settings.ENCRYPTION_KEYS):
        raise ImproperlyConfigured(
            f"Each of ENCRYPTION_KEYS must have {_SHORTEST_KEY} characters or more;"
            " `python manage.py secret` prints one."
        )
    return [hashlib.sha256(text.encode()).digest() for text in settings.ENCRYPTION_KEYS]


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()[:KEY_ID_BYTES]
