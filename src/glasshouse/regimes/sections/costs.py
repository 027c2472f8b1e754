"""What a regime costs to run."""

from __future__ import annotations

from glasshouse.regimes.number import Amount, Section


class Costs(Section):
    """What the regime costs the town to run. What is left out is taken from the registry."""

    cameras: Amount | None = None
    "CNY a year for filming every passage of an adult under the regime; less in proportion to the coverage."
    office: Amount | None = None
    "CNY a year for each adult under the score."
