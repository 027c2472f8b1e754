"""Requests for services: refused, paid for, or out of reach.

A request is drawn by the person's rate, identical in all worlds, and refused with the largest chance that the tier or
a list gives: the refused are a subset of those who asked, on the same word. What is not refused is paid for at the
price of the tier, or of the dearest blacklist; care that costs more than a share of a month's household income is
not bought and counts as unmet need.

    price = ordinary price * factor of tier or list;   P(refused | asked) = max over tier and lists

Left out: queues, seats and waiting (they come with their own mechanism), credit, substitution between services.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from glasshouse.arithmetic import both, happens
from glasshouse.words import GRANTED, NO_REQUEST, REFUSED, UNAFFORDABLE


def request(word: Any, able: Any, rate: Any, refusal: Any, price: Any, purse: Any, essential: Any) -> Any:
    """What becomes of one service's request on one day, uint8: words.NO_REQUEST, GRANTED, REFUSED or UNAFFORDABLE.

    Args:
        word: uint32, drawn.
        able: bool, the person asks for this service at all, and it is open today.
        rate: uint32, chance of a request.
        refusal: uint32, chance that it is refused.
        price: int32, hundredths, for this person.
        purse: int32, hundredths, the most that one purchase may cost.
        essential: bool, the service is a necessity: it is not bought on credit, so it can be out of reach.
    """
    asked = able & happens(word, rate)
    refused = (refusal > 0) & happens(word, both(rate, refusal))
    short = essential & (price > purse)
    outcome = jnp.where(refused, REFUSED, jnp.where(short, UNAFFORDABLE, GRANTED))
    return jnp.where(asked, outcome, NO_REQUEST).astype(jnp.uint8)
