"""The columns of an invented population, and where everybody lives."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

PLACES: Final = 32
"""Places in a building: one machine word of the engine."""


class Role(IntEnum):
    """What a person does all day. A child is younger than school age."""

    CHILD, STUDENT, WORKER, OWNER, UNEMPLOYED, RETIRED, AT_HOME = range(7)


class Kin(IntEnum):
    """What a person is to the head of the household."""

    HEAD, PARTNER, PARENT, CHILD, RELATIVE = range(5)


class Education(IntEnum):
    """The highest level a person has reached or attends."""

    NONE, PRIMARY, SECONDARY, COLLEGE = range(4)


@dataclass(frozen=True)
class Layout:
    """The padded grid of cells, buildings and places, the same in every town.

    Attributes:
        towns: independent populations (replicates).
        cells_per_town: cells of the grid in a town; the last ones may be empty.
        buildings_per_cell: 1 to 128.
        districts_per_town: runs of cells; 8, or fewer in a small town.
    """

    towns: int
    cells_per_town: int
    buildings_per_cell: int
    districts_per_town: int

    @property
    def places_per_cell(self) -> int:
        """Places in a cell, vacant ones included."""
        return self.buildings_per_cell * PLACES

    @property
    def shape(self) -> tuple[int, int]:
        """(cells of the run, places in a cell)."""
        return self.towns * self.cells_per_town, self.places_per_cell

    @property
    def places(self) -> int:
        """Places in the whole grid."""
        return self.shape[0] * self.shape[1]


@dataclass(frozen=True)
class Groups:
    """The groups people belong to.

    Attributes:
        labels: one per group; number 0 first.
        face_factor: how many times the false match rate each group suffers (f_g).
    """

    labels: tuple[str, ...]
    face_factor: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Population:
    """People of all towns, one row each, ordered by town, cell, building, household and member.

    Nobody here exists. Every column is an array of shape [people]. Nothing in it changes during a run: the
    population is stationary, ages are frozen, nobody is born, moves or dies.

    Where:
        person: uint32, 0 .. people-1, the row itself.
        number: uint32, number inside the town; with the town it keys every draw about the person.
        town, district: uint16; the district is counted inside the town.
        cell, building, household: uint32, counted through the run. Building b of the run stands in cell
            b // buildings_per_cell.
        place: uint8, 0 .. 31 inside the building.
        household_size, household_place: uint8, members, and the person's number among them (0 is the head).
        urban: bool, a town dweller. group: uint8, index into `groups`. Both are the household's.
    Who:
        kin: uint8 (`Kin`). age: uint8, years. female: bool. adult: bool, old enough to be scored. parent:
        bool,
            head or partner who lives with a child of theirs that is no adult. driver: bool.
        role: uint8 (`Role`). education: uint8 (`Education`).
        earnings: int32, CNY a year, what the person brings in (pensions and transfers included).
        income: int32, CNY a year, disposable per head: the household's earnings divided by its members.
    Temper:
        susceptibility: int32, a_i in logits * 2**16, within +-4. risk: uint16, rho * 2**8, 1/16 to 16.
        boldness: uint16, beta * 2**8, 1/16 to 16. opposition: uint32, private opposition x * 2**30.
        prosocial: uint8, 0 .. 255.
        passages: uint8, camera places passed a day. digital: uint8, share of life visible to firms * 255.
        lookalike: uint16, lambda * 2**8, 1/16 to 16.
        aware_word: uint32, the person is aware of the regime when the word is below the awareness threshold.
        lot: uint32, an experiment's regime that reaches only a share of people reaches this one when the lot is below.
    """

    person: NDArray[np.uint32]
    number: NDArray[np.uint32]
    town: NDArray[np.uint16]
    district: NDArray[np.uint16]
    cell: NDArray[np.uint32]
    building: NDArray[np.uint32]
    place: NDArray[np.uint8]
    household: NDArray[np.uint32]
    household_size: NDArray[np.uint8]
    household_place: NDArray[np.uint8]
    urban: NDArray[np.bool_]
    group: NDArray[np.uint8]

    kin: NDArray[np.uint8]
    age: NDArray[np.uint8]
    female: NDArray[np.bool_]
    adult: NDArray[np.bool_]
    parent: NDArray[np.bool_]
    driver: NDArray[np.bool_]
    role: NDArray[np.uint8]
    education: NDArray[np.uint8]
    earnings: NDArray[np.int32]
    income: NDArray[np.int32]

    susceptibility: NDArray[np.int32]
    risk: NDArray[np.uint16]
    boldness: NDArray[np.uint16]
    opposition: NDArray[np.uint32]
    prosocial: NDArray[np.uint8]
    passages: NDArray[np.uint8]
    digital: NDArray[np.uint8]
    lookalike: NDArray[np.uint16]
    aware_word: NDArray[np.uint32]
    lot: NDArray[np.uint32]

    layout: Layout
    groups: Groups
    country: str
    median_income: float
    "CNY a year per head, of the country, not of these people: a town does not depend on which others were invented."

    def __len__(self) -> int:
        """How many people there are."""
        return len(self.person)

    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays by name, in the order above."""
        held = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in held if isinstance(value, np.ndarray)}

    def grid_index(self) -> NDArray[np.int64]:
        """Index of each person in the flattened grid `layout.shape`; what is not named is vacant."""
        return self.building.astype(np.int64) * PLACES + self.place

    @property
    def vacancy(self) -> float:
        """Share of the grid's places where nobody lives."""
        return 1.0 - len(self) / self.layout.places
