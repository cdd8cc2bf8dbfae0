"""The functional coverage of the unit benches, a module a bench."""

from verif.coverage.groups import CoverGroup

__all__ = ["UNIT_GROUPS"]

UNIT_GROUPS: tuple[CoverGroup, ...] = ()
