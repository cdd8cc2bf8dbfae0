"""Stimulus: layers as sequence items, random and by name, and the sequences that play them."""
