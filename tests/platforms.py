"""What only some systems have."""

from __future__ import annotations

from pathlib import Path

import pytest

reads_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(),
    reason="Which processes live, and who started them, is read from /proc, as Linux has it.",
)
