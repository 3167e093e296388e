"""What webhooks carry: records as the REST resources of API 2026-07 show them."""
