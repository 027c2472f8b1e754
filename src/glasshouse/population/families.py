"""Who lives in a household: kinship, ages and sexes of its members, drawn together.

    partner      age = head's -+ g,  g ~ partner gap, the man being older on average
    child        age = older parent's - g,  g ~ parent gap; the limits hold for both parents
    parent       age = head's + g,  g ~ parent gap; a second parent is a partner of the first
    relative     age = head's + g,  g ~ relative gap; never below adult age

Each law is a normal curve on whole years, cut at the file's limits and at what the rest of the family allows.
The k children of a family take the k equal parts of the parent gap's law in turn, so siblings are spread as a
draw of all children would be. The head is an adult: no child lives alone.

Left out: couples of one sex, step families, several couples of one generation, homes and dormitories.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.population.country import Country, HouseholdType
from glasshouse.population.people import Kin

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Gap:
    """A difference of ages in whole years: a normal curve between two limits."""

    def __init__(self, mean: float, sd: float, low: float, high: float) -> None:
        """Mean and standard deviation before cutting; lowest and highest difference."""
        self.low, self.high = int(low), int(high)
        weight = np.exp(-0.5 * ((np.arange(self.low, self.high + 1) - mean) / sd) ** 2)
        self._below = np.concatenate([[0.0], np.cumsum(weight / weight.sum())])

    def draw(self, u: Floats, low: Any, high: Any) -> Ints:
        """The difference at quantile `u` of the law cut to [low, high]; int64 of the shape of `u`."""
        low, high = np.clip(low, self.low, self.high), np.clip(high, self.low, self.high)
        start, end = self._below[low - self.low], self._below[high - self.low + 1]
        found = self.low + np.searchsorted(self._below, start + u * (end - start), side="right") - 1
        return np.asarray(np.clip(found, low, high))


class Family(NamedTuple):
    """Members of all households, one row each.

    Attributes:
        kin: uint8, `Kin`.
        age: int64, years.
        male: bool; meaningful only where `paired` (elsewhere the sex is drawn later).
        paired: bool, whether the partner lives in the household.
    """

    kin: NDArray[np.uint8]
    age: Ints
    male: NDArray[np.bool_]
    paired: NDArray[np.bool_]


class FamilyLaws:
    """The laws of ages inside a household, read from a country."""

    def __init__(self, country: Country) -> None:
        """Take types and gaps of this country."""
        self.adult, self.oldest = int(country.number("people.adult")), int(country.number("people.oldest"))
        self.types = country.types()
        self.partner_gap, self.parent_gap, self.relative_gap = (
            Gap(*country.table(f"households.{name}_gap")) for name in ("partner", "parent", "relative")
        )
        self._partnered = np.array([t.partner for t in self.types])
        self._children = np.array([t.children for t in self.types])
        self._ends = _ends(self.types)

    def head_ages(self, kind: HouseholdType) -> range:
        """Ages a head may have: an adult, and with parents alive young enough to have them."""
        return range(self.adult, self.oldest + 1 - (self.parent_gap.low if kind.parents else 0))

    def compose(self, kind: Ints, head_age: Ints, sizes: Ints, u_age: Floats, u_sex: Floats) -> Family:
        """The members of households.

        Args:
            kind: index into `types`, shape [households].
            head_age: years, shape [households].
            sizes: members, shape [households], equal to the type's.
            u_age, u_sex: uniform draws, shape [people], people of a household next to each other.
        """
        home = np.repeat(np.arange(len(sizes)), sizes)
        first = np.cumsum(sizes) - sizes
        place = np.arange(len(home)) - first[home]
        kin = (place[:, None] >= self._ends[kind][home]).sum(axis=1).astype(np.uint8)
        age = head_age[home]
        male = u_sex < 0.5
        paired = (kin <= Kin.PARTNER) & self._partnered[kind][home]

        partner = np.flatnonzero(kin == Kin.PARTNER)
        male[partner] = ~male[partner - 1]
        age[partner] = self._partner_age(age[partner - 1], male[partner - 1], u_age[partner])
        self._parents(kin, age, male, paired, u_age)

        older, younger = head_age.copy(), head_age.copy()
        older[home[partner]] = np.maximum(age[partner - 1], age[partner])
        younger[home[partner]] = np.minimum(age[partner - 1], age[partner])
        child = np.flatnonzero(kin == Kin.CHILD)
        at = home[child]
        part = (place[child] - self._ends[kind[at], Kin.CHILD - 1] + u_age[child]) / self._children[kind[at]]
        gap = self.parent_gap.draw(part, self.parent_gap.low + older[at] - younger[at], older[at])
        age[child] = older[at] - gap

        relative = np.flatnonzero(kin == Kin.RELATIVE)
        near = head_age[home[relative]]
        age[relative] = near + self.relative_gap.draw(u_age[relative], self.adult - near, self.oldest - near)
        return Family(kin, age, male, paired)

    def _partner_age(
        self, age: Ints, male: NDArray[np.bool_], u: Floats, youngest: Any = None, oldest: Any = None
    ) -> Ints:
        """Age of the partner of a person of this age and sex, between the limits."""
        youngest = self.adult if youngest is None else youngest
        oldest = self.oldest if oldest is None else oldest
        low = np.where(male, age - oldest, youngest - age)
        high = np.where(male, age - youngest, oldest - age)
        gap = self.partner_gap.draw(u, low, high)
        return np.where(male, age - gap, age + gap)

    def _parents(self, kin: Any, age: Ints, male: Any, paired: Any, u: Floats) -> None:
        """Fill in the head's parents, whose rows still hold the head's age."""
        parent = kin == Kin.PARENT
        second = np.flatnonzero(parent[1:] & parent[:-1]) + 1
        first = np.setdiff1d(np.flatnonzero(parent), second)
        head = age.copy()
        age[first] += self.parent_gap.draw(u[first], self.parent_gap.low, self.oldest - age[first])
        male[second] = ~male[second - 1]
        paired[second] = paired[second - 1] = True
        age[second] = self._partner_age(
            age[second - 1], male[second - 1], u[second],
            head[second] + self.parent_gap.low, np.minimum(head[second] + self.parent_gap.high, self.oldest),
        )  # fmt: skip


def _ends(types: tuple[HouseholdType, ...]) -> Ints:
    """Place after the last head, partner, parent and child of each type; shape [types, 4]."""
    counts = [[1, int(t.partner), t.parents, t.children] for t in types]
    return np.cumsum(counts, axis=1)
