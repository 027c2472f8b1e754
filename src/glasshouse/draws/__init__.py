"""Keyed randomness: one draw, one question."""
