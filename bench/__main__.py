"""`python -m bench <subject> [arguments]`: each subject is a module of this package with `main`.

`all` measures every subject but the soak, which is a test.
"""

from __future__ import annotations

import importlib
import sys

SUBJECTS = {
    "api": "requests to the REST API a second, by some clients at once",
    "import": "orders from bulk files to mirror, ledger and rollups, beside plain COPY",
    "hostile": "signed bodies that no shop would send, each timed",
    "ingest": "deliveries accepted and processed per second",
    "reports": "rebuild, recomputation and reports, beside SQL over the base tables",
    "soak": "nothing lost and nothing doubled while processes are killed",
}

MODULES = {"import": "imports"}  # where a subject's name is none that a module can have


def main() -> int:
    """Run the subject that the command line names."""
    name, *arguments = sys.argv[1:] or ["help"]
    if name == "all":
        return max(_run(subject, arguments) for subject in SUBJECTS if subject != "soak")
    if name not in SUBJECTS:
        print("\n".join(f"python -m bench {name:8} {what}" for name, what in SUBJECTS.items()))
        return 2
    return _run(name, arguments)


def _run(name: str, arguments: list[str]) -> int:
    code: int = importlib.import_module(f"bench.{MODULES.get(name, name)}").main(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
