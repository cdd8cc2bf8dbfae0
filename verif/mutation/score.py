"""What a campaign has to reach."""

__all__ = ["MUTANTS", "SCORE"]

MUTANTS = 1000
"""So many must have been judged before their score says something."""

SCORE = 0.97
"""Share of the mutants that must be killed; those that do not compile, and those proven equivalent,
are none."""
