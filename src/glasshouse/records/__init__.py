"""The run folder: what is written (`schema`) and how it is read back (`read`)."""

from glasshouse.records.read import Records

__all__ = ["Records"]
