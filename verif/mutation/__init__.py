"""Mutation of the RTL: deliberately broken designs that the tests have to notice."""
