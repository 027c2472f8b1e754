"""Sections of the rule book that fill a page of their own."""
