"""Facts of faces, registers and the census: base rates, groups, errors, margins (F19 to F22, F34)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.evidence import parameters
from glasshouse.evidence.registers import Register, registers
from glasshouse.population import load
from glasshouse.regimes import regime
from glasshouse.regimes.faces import false_alarm, precision, true_match
from glasshouse.regimes.source_law import channels_of
from glasshouse.validation.finding import Finding, finds, law
from glasshouse.validation.plays import Plays

Floats = NDArray[np.float64]

_DIGITAL = 255


def _wrong_share(gallery: float) -> float:
    """Share of alerts that name the wrong person, at the reference threshold."""
    p = parameters()
    threshold = p.number("faces.reference_threshold")
    alarm = false_alarm(threshold, gallery, 1.0, p)
    return float(1 - precision(p.number("validation.sought"), true_match(threshold, p), alarm))


@law("F19")
def alerts() -> Finding:
    """A camera in the street, a list of wanted people, few of them passing."""
    p = parameters()
    sought, gallery = p.number("validation.sought"), p.number("validation.gallery")
    return Finding({"false alerts": _wrong_share(gallery)}, f"{sought:g} of passers-by sought, {gallery:,.0f} listed")


@law("F21")
def nobody_reviews() -> Finding:
    """The same faces searched in a nation's gallery, every alert a decision."""
    gallery = parameters().number("validation.nation")
    return Finding({"wrong decisions": _wrong_share(gallery)}, f"a stress test with {gallery:,.0f} faces, no review")


@law("F20")
def groups() -> Finding:
    """False matches by group, at the article's gallery."""
    factors, cameras = load("china").table("groups.face_factor"), regime("article").book.cameras
    assert cameras is not None
    alarm = false_alarm(float(cameras.threshold), float(cameras.gallery), factors, parameters())
    return Finding(
        {"most / least confused group": float(alarm.max() / alarm.min())}, f"{float(cameras.gallery):,.0f} faces"
    )


@finds("F22")
def errors(plays: Plays) -> Finding:
    """Closed form over the invented people, for as long as an error stands."""
    digital = plays.population.digital[plays.population.adult] / _DIGITAL
    touch, span = parameters().number("registers.error_touch"), _room()
    return Finding(
        {
            "any error": _with_record(digital, 1.0),
            "score touched": _with_record(digital, touch),
            "class changed": float(1 - _points_lost(digital, touch, span).sum(axis=1).mean()),
        },
        f"errors stand {parameters().number('registers.error_years'):g} years; a class is lost beyond {span} points",
    )


def _room() -> int:
    """Points that can be lost from the start before the article's next lower class."""
    book = regime("article").book
    assert book.score is not None
    start = float(book.score.start)
    return int(start - max(float(tier.from_) for tier in book.tiers if tier.from_ and float(tier.from_) <= start))


def _files(digital: Floats, touch: float) -> list[tuple[Register, Floats, float]]:
    """Each register, how it covers the people, and the false records that it makes while errors stand."""
    p = parameters()
    made = touch * p.number("registers.error_factor") * p.number("registers.error_years")
    everybody = np.ones(len(digital))
    return [(r, float(r.cover) * (digital if r.digital else everybody), made * float(r.errors)) for r in registers()]


def _with_record(digital: Floats, touch: float) -> float:
    """Share of people with a false record; where `touch` is below one, with a record of those that touch a score."""
    without = np.prod([1 - cover + cover * np.exp(-made) for _, cover, made in _files(digital, touch)], axis=0)
    return float(1 - without.mean())


def _points_lost(digital: Floats, touch: float, span: int) -> Floats:
    """Chance of having lost 0, 1, ... span points through false records, for each person [n, span + 1].

    Records of a register that covers a person are a Poisson process; each claims one of its deeds, so what is lost is
    compound Poisson (Panjer's recursion), and registers add up (convolution). A register without a deed that costs
    points claims nothing.
    """
    found = np.zeros((len(digital), span + 1))
    found[:, 0] = 1.0
    for register, cover, made in _files(digital, touch):
        if claims := _claims(register):
            lost = _compound(claims, made, span)
            added = np.stack([found[:, : s + 1] @ lost[s::-1] for s in range(span + 1)], axis=1)
            found = (1 - cover)[:, None] * found + cover[:, None] * added
    return found


def _claims(register: Register) -> list[int]:
    """Points lost by each deed that a false record of the register can claim under the article's book."""
    deeds = regime("article").book.deeds.values()
    costly = [deed for deed in deeds if float(deed.points) < 0 and set(channels_of(deed)) & set(register.channels)]
    return [round(-float(deed.points)) for deed in costly]


def _compound(claims: list[int], made: float, span: int) -> Floats:
    """P(sum of a Poisson number of claims, each as likely as the others, is 0, 1, ... span)."""
    one = np.bincount(claims, minlength=span + 1)[: span + 1] / len(claims)
    lost = np.zeros(span + 1)
    lost[0] = np.exp(-made)
    for s in range(1, span + 1):
        j = np.arange(1, s + 1)
        lost[s] = made / s * np.sum(j * one[j] * lost[s - j])
    return lost


@finds("F34")
def census(plays: Plays) -> Finding:
    """The invented people of the main runs."""
    people = plays.population
    size = len(people.age) / len(np.unique(people.household))
    return Finding(
        {"people per household": float(size), "urban": float(people.urban.mean())}, f"{len(people.age):,} people"
    )
