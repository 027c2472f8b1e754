"""Requests: the refused are some of those who asked, the same people whatever the regime; prices by tier."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.arithmetic import CERTAIN, both, chance
from glasshouse.engine.devices import prepare
from glasshouse.mechanisms import access
from glasshouse.words import GRANTED, NO_REQUEST, REFUSED, UNAFFORDABLE
from known.oracle import binomial_fits, drawn

N = 200_000
SHARE = st.floats(0, 1)


@pytest.fixture(scope="module", autouse=True)
def jax_is_set_up() -> None:
    prepare(None)


def outcome(
    rate: float, refusal: float, price: int = 0, purse: int = 0, essential: bool = False, able: Any = True
) -> Any:
    """What becomes of N requests."""
    threshold = jnp.full(N, chance(rate))
    found = access.request(
        jnp.asarray(drawn(N).a), jnp.broadcast_to(able, N), threshold, jnp.full(N, chance(refusal)),
        jnp.full(N, price, jnp.int32), jnp.full(N, purse, jnp.int32), jnp.bool_(essential),
    )  # fmt: skip
    assert found.dtype == jnp.uint8
    return np.asarray(found)


@pytest.mark.parametrize(
    ("rate", "refusal"), [(0.3, 0.5), (0.004, 0.9), (1.0, 0.25), (0.5, 1.0), (1.0, 1.0), (0.7, 0.0)]
)
def test_requests_and_refusals_are_binomial(rate: float, refusal: float) -> None:
    """P(asked) = rate; P(refused) = rate * refusal."""
    found = outcome(rate, refusal)
    assert binomial_fits((found != NO_REQUEST).sum(), N, rate)
    assert binomial_fits((found == REFUSED).sum(), N, rate * refusal)


@settings(max_examples=30, deadline=None)
@given(SHARE, SHARE, SHARE)
def test_refusals_are_nested(rate: float, one: float, other: float) -> None:
    """Who is refused by the milder rule is refused by the harder one, and asked in any case."""
    mild, hard = sorted((one, other))
    free, milder, harder = (outcome(rate, refusal) for refusal in (0.0, mild, hard))
    asked = free != NO_REQUEST
    assert ((milder != NO_REQUEST) == asked).all()
    assert ((harder != NO_REQUEST) == asked).all()
    assert ((milder == REFUSED) <= (harder == REFUSED)).all()
    assert ((harder == REFUSED) <= asked).all()


def test_a_certain_refusal_refuses_exactly_those_who_ask() -> None:
    rates = chance(np.linspace(0, 1, 101))
    assert (both(rates, np.full_like(rates, CERTAIN)) == rates).all()
    assert (both(np.full_like(rates, CERTAIN), rates) == rates).all()
    found = outcome(0.3, 1.0)
    assert set(found.tolist()) == {NO_REQUEST, REFUSED}
    assert set(outcome(1.0, 0.0).tolist()) == {GRANTED}


def test_only_necessities_can_be_out_of_reach() -> None:
    assert set(outcome(1.0, 0.0, price=101, purse=100, essential=True).tolist()) == {UNAFFORDABLE}
    assert set(outcome(1.0, 0.0, price=100, purse=100, essential=True).tolist()) == {GRANTED}
    assert set(outcome(1.0, 0.0, price=101, purse=100).tolist()) == {GRANTED}
    assert set(outcome(1.0, 1.0, price=101, purse=100, essential=True).tolist()) == {REFUSED}
    limit = 2**31 - 1
    assert set(outcome(1.0, 0.0, price=limit, purse=limit, essential=True).tolist()) == {GRANTED}


def test_who_cannot_ask_does_not_ask() -> None:
    able = jnp.arange(N) % 2 == 0
    assert ((outcome(1.0, 1.0, able=able) == REFUSED) == np.asarray(able)).all()
