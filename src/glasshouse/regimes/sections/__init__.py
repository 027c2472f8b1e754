"""Sections of a rule book, one mechanism a file."""
