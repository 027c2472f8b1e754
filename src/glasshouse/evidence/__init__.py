"""Every number that stands for the real world, with what it rests on.

    parameters()   the symbols of the mechanisms' equations
    deeds()        what people do, how often, and what ordinary law makes of it
    channels()     who can see a deed
    services()     what people ask for and what it costs
    facts()        published figures to calibrate, validate and cite
    sources()      the bibliography

The rows are TOML files in `data/`; `glasshouse.evidence.quantity` says what a row must hold.
"""

from glasshouse.evidence.bibliography import Source, sources
from glasshouse.evidence.catalogue import DeedFact, ServiceFact, channels, deeds, services
from glasshouse.evidence.quantity import Quantity
from glasshouse.evidence.registry import Parameters, facts, parameters

__all__ = [
    "DeedFact",
    "Parameters",
    "Quantity",
    "ServiceFact",
    "Source",
    "channels",
    "deeds",
    "facts",
    "parameters",
    "services",
    "sources",
]
