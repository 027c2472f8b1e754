"""From published margins to invented people: households first, then their members, then where they live."""

from glasshouse.population.country import Country
from glasshouse.population.inventing import invent
from glasshouse.population.people import PLACES, Education, Groups, Kin, Layout, Population, Role
from glasshouse.population.reading import load

__all__ = [
    "PLACES",
    "Country",
    "Education",
    "Groups",
    "Kin",
    "Layout",
    "Population",
    "Role",
    "invent",
    "load",
]
