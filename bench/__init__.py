"""Benchmarks: `make bench` builds its own data and prints ratios measured side by side."""
