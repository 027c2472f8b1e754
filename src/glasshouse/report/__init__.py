"""The report: one self-contained page a run, drawn from its records alone."""

from glasshouse.report.page import build, render

__all__ = ["build", "render"]
