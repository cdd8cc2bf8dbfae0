"""The report of a regression: one static HTML site that needs nothing from outside."""
