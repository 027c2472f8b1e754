"""Regimes: rule books, their library, and what is wrong with yours.

library()            the names of the library and their titles
regime(name)         one rule book, from the library or from a file
numbers(book)        every number of it with its place
shares(book)         what share of them is documented, contested, alleged, assumed
json_schema()        for editors
write_copy(name, f)  a commented copy to edit
write_schema(folder) the schema beside it
"""

from glasshouse.regimes.editor import json_schema, write_schema
from glasshouse.regimes.inventory import numbers, shares
from glasshouse.regimes.load import Regime, library, regime, write_copy
from glasshouse.regimes.number import Number
from glasshouse.regimes.schema import RuleBook

__all__ = [
    "Number",
    "Regime",
    "RuleBook",
    "json_schema",
    "library",
    "numbers",
    "regime",
    "shares",
    "write_copy",
    "write_schema",
]
