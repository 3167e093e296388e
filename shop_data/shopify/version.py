"""The version of the Admin API that we speak."""

API_VERSION = "2026-07"
