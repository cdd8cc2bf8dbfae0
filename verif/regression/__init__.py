"""The nightly regression: many tests and seeds in parallel, their history and their failures."""
