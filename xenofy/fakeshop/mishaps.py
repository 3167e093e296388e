"""What goes wrong with deliveries on purpose: shares of them, drawn from one seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random


@dataclass
class Mishaps:
    """The knobs of one world. Shares are between 0 and 1, seconds of the double's clock."""

    drop: float = 0.0  # is never sent
    duplicate: float = 0.0  # is sent twice, under one id
    delay: float = 0.0  # is sent later, by up to `delay_seconds`
    delay_seconds: int = 600
    stale: float = 0.0  # fails unseen at first, and comes again after newer bodies
    wrong_hmac: float = 0.0  # is signed with nobody's secret
    old_secret: float = 0.0  # is signed with the secret before, within an hour of its rotation
    shuffle: bool = False  # what is due goes out in any order
    pad_bytes: int = 0  # what the next order's body is made longer by, once
    random: Random = field(default_factory=lambda: Random(7))  # noqa: S311 – no secret

    def happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    def lateness(self) -> timedelta:
        """Return by how much a delivery is late."""
        if not self.happens(self.delay):
            return timedelta(0)
        return timedelta(seconds=self.random.randint(1, self.delay_seconds))
