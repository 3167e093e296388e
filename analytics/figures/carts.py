"""Figures of checkouts: abandoned, recovered, completed."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

ABANDONED = Figure(
    key="abandoned",
    label="Abandoned carts",
    unit=Unit.COUNT,
    formula="Online checkouts with an e-mail or phone that are still open after 10 minutes.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
ABANDONED_VALUE = Figure(
    key="abandonedValue",
    label="Value of abandoned carts",
    unit=Unit.MONEY,
    formula="The total prices of abandoned carts.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
WITH_EMAIL = Figure(
    key="withEmail",
    label="Abandoned with an e-mail",
    unit=Unit.COUNT,
    formula="Abandoned carts whose buyer can be written to.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
RECOVERED = Figure(
    key="recovered",
    label="Recovered carts",
    unit=Unit.COUNT,
    formula="Online checkouts with an e-mail or phone completed after more than 10 minutes.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
RECOVERED_VALUE = Figure(
    key="recoveredValue",
    label="Value of recovered carts",
    unit=Unit.MONEY,
    formula="The total prices of recovered carts.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
COMPLETED = Figure(
    key="completed",
    label="Completed checkouts",
    unit=Unit.COUNT,
    formula="Online checkouts that became orders.",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
)
RECOVERY_RATE = Figure(
    key="recoveryRate",
    label="Recovery rate",
    unit=Unit.SHARE,
    formula="Recovered carts / (recovered + abandoned carts).",
    report="abandoned-carts",
    source=Source.CHECKOUTS,
    additive=False,
    above=("recovered",),
    below=("recovered", "abandoned"),
)

OF_CARTS = (
    *(ABANDONED, ABANDONED_VALUE, WITH_EMAIL, RECOVERED, RECOVERED_VALUE, COMPLETED),
    RECOVERY_RATE,
)
