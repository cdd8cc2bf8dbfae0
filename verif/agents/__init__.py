"""Agents: what drives and watches the streams of a design under test."""
