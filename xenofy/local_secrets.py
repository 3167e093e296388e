"""Secrets of an installation on one machine, made on first use and kept beside its data.

In production every secret comes from the environment; here nobody has to invent one.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

NAMES = ("SECRET_KEY", "JWT_SIGNING_KEY", "ENCRYPTION_KEYS", "POSTGRES_PASSWORD")


def read_or_create(directory: Path) -> dict[str, str]:
    """Return the secrets kept in `directory`, creating the file (mode 0600) when it is missing."""
    path = directory / "secrets.env"
    if not path.exists():
        _write_once(path)
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _write_once(path: Path) -> None:
    """Write a new file in one step: of two processes that start together, one wins for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={fresh_key()}\n" for name in NAMES))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its file is the one that counts
    finally:
        draft.unlink()


def fresh_key() -> str:
    """Return 48 random bytes in URL-safe base64: 64 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(48)).decode()
