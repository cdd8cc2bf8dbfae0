"""Environments: agents, scoreboard and coverage of a design under test."""
