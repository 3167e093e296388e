"""The page and the report that say whether the figures can be trusted: one part of each app."""
