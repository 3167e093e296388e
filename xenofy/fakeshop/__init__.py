"""A double of Shopify for development, tests and evaluation; see docs/double.md.

It imports nothing that it is held against: no reader, ledger or report of Xenofy.
"""
