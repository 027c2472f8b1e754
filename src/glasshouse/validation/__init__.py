"""Stylised facts: does the laboratory reproduce what is known? Hits and misses alike.

validate(...)    runs what is needed and returns a `Result` for each fact of `evidence.stylised`
"""

from glasshouse.validation.finding import Finding, Result
from glasshouse.validation.validate import chosen, validate

__all__ = ["Finding", "Result", "chosen", "validate"]
