"""The registry's numbers of careers and budgets as integer coefficients."""

from __future__ import annotations

import numpy as np

from glasshouse.arithmetic import chance, q16
from glasshouse.evidence import Parameters
from glasshouse.mechanisms import budgets, careers
from glasshouse.population import Education

OWNERS = len(Education)
"Row of the career table of those who own a business, after the levels of schooling; then the same rows in town."


def career_numbers(parameters: Parameters) -> careers.Coefficients:
    """The career table: levels of schooling and owners, in the countryside and in town."""
    n = parameters.number
    above = np.arange(len(Education)) - Education.SECONDARY
    promotion = [*np.minimum(n("careers.promotion") * np.exp(n("careers.skill") * above), 1.0), 0.0]
    loss = np.repeat([n("careers.loss_countryside"), n("careers.loss_town")], len(promotion))
    return careers.Coefficients(
        promotion=chance(promotion * 2),
        loss=chance(loss),
        found=np.uint32(chance(n("careers.found"))),
        shown=np.uint32(chance(n("careers.shown_loss"))),
        isolation=np.int32(q16(n("careers.isolation"))),
    )


def budget_numbers(parameters: Parameters) -> budgets.Coefficients:
    """What households calculate with."""
    n = parameters.number
    rungs = np.arange(round(n("careers.rungs")))
    ladder = np.minimum((1 + n("careers.raise")) ** rungs, float(budgets.MOST >> 16))
    return budgets.Coefficients(
        ladder=np.rint(ladder * 2**16).astype(np.int64),
        allowance=np.int64(round(n("budgets.allowance"))),
        subsistence=np.int64(round(n("budgets.subsistence"))),
        limit=np.int64(-round(n("budgets.debt_limit"))),
        rate=np.int64(q16(n("budgets.tax_rate"))),
        benefit=np.int64(q16(n("budgets.benefit"))),
        propensity=np.int64(q16(n("budgets.propensity"))),
    )
