"""Sections of a rule book that need a page of their own."""
