"""`glasshouse validate`: every fact has a finder, laws' values meet formulas of their own, misses are shown."""

from __future__ import annotations

import datetime as dt
import json
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri
from scipy.stats import poisson
from typer.testing import CliRunner

from conftest import SMALL
from glasshouse.cli.main import app
from glasshouse.cli.validating import summary, table
from glasshouse.errors import InputError
from glasshouse.evidence import deeds, parameters, sources
from glasshouse.evidence.registers import registers
from glasshouse.evidence.stylised import StylisedFact, Target, stylised_fact, stylised_facts
from glasshouse.population import invent
from glasshouse.regimes import regime
from glasshouse.validation import Finding, Result, chosen, validate
from glasshouse.validation.convention import tipped
from glasshouse.validation.finding import FINDERS
from glasshouse.validation.plays import Plays
from known.oracle import Z_LIMIT, uniform, z_of_count

Floats = NDArray[np.float64]
FACTS = stylised_facts()
P = parameters()
KAPPA, XI, PI0 = (P.number(f"deterrence.{name}") for name in ("kappa", "xi", "pi0"))


@cache
def found() -> dict[str, Result]:
    """The facts of single laws."""
    return {result.fact.id: result for result in validate(["unit"], people=6_000, towns=3)}


def value(id: str, name: str | None = None) -> float:
    values = found()[id].finding.values
    return values[name] if name else next(iter(values.values()))


# --- the data file


def test_there_are_34_facts_and_somebody_finds_each() -> None:
    assert list(FACTS) == [f"F{n:02}" for n in range(1, 35)]
    validate(["F06"])
    assert set(FINDERS) == set(FACTS)


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.id)
def test_a_fact_rests_on_sources_that_exist(fact: StylisedFact) -> None:
    assert set(fact.sources) <= set(sources())
    if fact.checked:
        assert all(sources()[key].seen for key in fact.sources)
    assert fact.role == ("calibrated" if int(fact.id[1:]) % 2 else "predicted")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"role": "predicted"}, "odd rows are calibrated"),
        ({"setting": "moon"}, "setting 'moon'"),
        ({"target": {}}, "has no target"),
        ({"target": {"x": [2, 1]}}, "write [low, high]"),
        ({"source": None}, "without a source"),
        ({"wot": 1}, 'unknown key "wot"; Did you mean "what"'),
    ],
)
def test_a_broken_row_is_refused_with_its_line(change: dict[str, Any], says: str) -> None:
    row = {
        "what": "x", "target": {"x": "+"}, "unit": "1", "setting": "unit", "role": "calibrated", "status": "documented",
        "source": "A", "checked": True, "confidence": "low",
    }  # fmt: skip
    with pytest.raises(InputError, match=r"stylised\.toml, line \d+: F01") as told:
        stylised_fact("F01", row | change)
    assert says in str(told.value)


def test_targets() -> None:
    assert Target(0.1, 0.2).met(0.1)
    assert not Target(0.1, 0.2).met(0.21)
    plus, minus = (Target(-math.inf, math.inf, sign) for sign in "+-")
    assert (plus.met(1e-9), plus.met(0.0), minus.met(-1e-9), minus.met(0.0)) == (True, False, True, False)
    assert not any(target.met(math.nan) for target in (plus, minus, Target(-1, 1)))


# --- laws, by formulas of their own


A, RHO = np.meshgrid(
    np.clip(P.number("deterrence.susceptibility_sd") * ndtri((np.arange(400) + 0.5) / 400), -4, 4),
    np.exp(P.number("deterrence.risk_sd") * ndtri((np.arange(100) + 0.5) / 100)),
)


def taken(committed: float, drag: Floats) -> float:
    """Mean of 1 / (1 + exp(-(b + a - D))), b such that it is `committed` at D = 0."""
    b = brentq(lambda b: float(expit(b + A[0]).mean()) - committed, -40, 40)
    return float(expit(b + A - drag).mean())


def offences(pi: float) -> float:
    rates = [float(deed.committed) for deed in deeds() if deed.kind == "offence"]
    drag = KAPPA * RHO * (pi - PI0)
    return float(np.mean([taken(rate, drag) / taken(rate, 0 * drag) - 1 for rate in rates]))


def test_cameras() -> None:
    assert value("F01") == pytest.approx(offences(P.number("validation.cameras_risk")), abs=2e-3)


def test_a_launch_wears_off() -> None:
    campaign, half = 0.15, P.number("perception.habituation_days")
    path = PI0 + campaign * (1 - PI0) * 2 ** (-np.arange(1, 550) / half)
    assert value("F02", "first 60 days") == pytest.approx(np.mean([offences(pi) for pi in path[:60:6]]), abs=4e-3)
    assert value("F02", "after 18 months") == pytest.approx(offences(path[548]), abs=1e-3)


def test_cut_offs_frighten_most() -> None:
    """D = kappa (pi S^xi - pi0), S = 1 + (V(s) - V(s + points)) / fine."""
    book, sigma = regime("article").book, P.number("deterrence.score_sd")
    cuts = [(float(t.from_), float(t.worth)) for t in book.tiers if t.from_ is not None]
    costly = {d.id: float(d.ordinary_fine) for d in deeds() if d.kind == "offence" and d.id in book.deeds}
    points = {name: float(book.deeds[name].points) for name in costly}

    def drag(score: float) -> float:
        def standing(s: float) -> float:
            return float(sum(worth * ndtr((s - cut) / sigma) for cut, worth in cuts))

        stakes = [
            1 + max(standing(score) - standing(score + points[n]), 0) / fine
            for n, fine in costly.items()
            if points[n] < 0
        ]
        return float(np.mean([KAPPA * (P.number("validation.cameras_risk") * s**XI - PI0) for s in stakes]))

    at = np.mean([drag(cut) for cut, _ in cuts])
    between = np.mean([drag((a + b) / 2) for (a, _), (b, _) in pairwise(cuts)])
    assert value("F03") == pytest.approx(at / between, rel=0.03)  # the law's table has steps of several points


def test_severity_matters_xi_times_as_much() -> None:
    assert value("F04") == pytest.approx(XI, rel=0.02)


def test_a_marked_site() -> None:
    rate = next(float(deed.committed) for deed in deeds() if deed.id == "traffic_violation")
    drag = KAPPA * RHO * (P.number("validation.marked_site") - PI0)
    assert value("F05") == pytest.approx(taken(rate, drag) / rate - 1, abs=3e-3)


def test_reading_and_who_stops() -> None:
    rate = next(float(deed.committed) for deed in deeds() if deed.kind == "reading")
    drag = KAPPA * RHO * P.number("validation.revealed")
    assert value("F07") == pytest.approx(taken(rate, drag) / rate - 1, abs=3e-3)
    assert value("F08") < 0


def test_news_takes_its_share_of_support() -> None:
    assert value("F11") == pytest.approx(-P.number("trust.support_told"), abs=1e-3)


@pytest.mark.parametrize(("id", "gallery"), [("F19", 1e4), ("F21", 1.4e9)])
def test_base_rates(id: str, gallery: float) -> None:
    q, hit = P.number("validation.sought"), P.number("faces.tpir")
    alarm = 1 - math.exp(gallery * math.log1p(-P.number("faces.fmr")))
    assert value(id) == pytest.approx((1 - q) * alarm / (q * hit + (1 - q) * alarm), abs=1e-9)


def test_groups_are_confused_unevenly() -> None:
    """(1 - (1 - 3 m)^N) / (1 - (1 - m)^N) for a factor of 3."""
    n, m = 100_000, P.number("faces.fmr")
    assert value("F20") == pytest.approx((1 - (1 - 3 * m) ** n) / (1 - (1 - m) ** n), rel=1e-6)


def test_errors_of_registers() -> None:
    """Shares with an error by closed form; shares that lose a class by throwing the records one by one."""
    people = invent(6_000, 3, 1)
    digital, years = people.digital[people.adult] / 255, P.number("registers.error_years")
    touch, book, n = P.number("registers.error_touch"), regime("article").book, int(people.adult.sum())
    clean, untouched, lost = np.ones(n), np.ones(n), np.zeros(n)
    for place, r in enumerate(registers()):
        cover = float(r.cover) * (digital if r.digital else np.ones(n))
        clean *= 1 - cover + cover * np.exp(-float(r.errors) * years)
        untouched *= 1 - cover + cover * np.exp(-touch * float(r.errors) * years)
        costly = [d for d in book.deeds.values() if float(d.points) < 0 and set(d.seen_by) & set(r.channels)]
        claims = [-float(d.points) for d in costly]
        u, *picks = uniform(n, day=place)
        covered = uniform(n, day=100 + place)[0] < cover
        count = poisson.ppf(u, touch * float(r.errors) * years) * covered
        for number, pick in enumerate(picks):
            if claims:
                lost += np.where(count > number, np.array(claims)[(pick * len(claims)).astype(int)], 0)
    assert value("F22", "any error") == pytest.approx(1 - clean.mean(), abs=1e-9)
    assert value("F22", "score touched") == pytest.approx(1 - untouched.mean(), abs=1e-9)
    assert abs(z_of_count((lost > 40).sum(), n, value("F22", "class changed"))) < Z_LIMIT


def test_the_census() -> None:
    people = invent(6_000, 3, 1)
    assert value("F34", "urban") == people.urban.sum() / 6_000
    assert value("F34", "people per household") == 6_000 / len(set(people.household.tolist()))


def test_silencing_takes_as_long_as_the_law_says() -> None:
    """Who thinks d shows it while psi < beta (d - tau) / ((1 - nu) d + nu)."""
    from glasshouse.validation.silence_facts import crowd, steps_to_silence

    nu, tau, step = P.number("validation.noticed"), P.number("expression.tolerance"), P.number("validation.hardening")
    d, beta = crowd(2_000)
    for mean in (0.5, 1.0, 2.0):
        bold = np.clip(beta * mean / beta.mean(), 1 / 16, 16)
        last = float((bold * (d - tau) / ((1 - nu) * d + nu)).max())
        assert abs(steps_to_silence(mean) - math.ceil(last / step)) <= 1


def test_a_cascade_without_warning() -> None:
    """Climbing from silence: m <- share with omega beta x + gamma m >= c + R min(1, mcap / m)."""
    from glasshouse.validation.silence_facts import crowd, settled

    x, beta = crowd(20_000)
    for cost in (0.36, 0.32, 0.31):
        m, before = 0.0, -1.0
        while m - before > 1e-6:
            before = m
            m = float((0.6 * beta * x + 0.25 * m >= cost + 0.3 * min(1.0, 0.1 / max(m, 1e-9))).mean())
        assert settled(cost, 0.3) == pytest.approx(m, abs=0.004)


def test_conventions() -> None:
    shares = np.array([0.0, 0.05, 0.25, 0.45, 0.9])
    most = tipped(shares, games=3, players=60, memory=5, meetings=120)
    assert not most[0].any()
    assert most[-1].all()
    assert (np.diff(most.mean(axis=1)) >= 0).all()


def test_a_longer_memory_is_harder_to_tip() -> None:
    shares = np.arange(0.05, 0.6, 0.05)
    short, long = (tipped(shares, 3, 60, memory, 200).sum() for memory in (3, 25))
    assert short > long


def test_a_pass_moves_nobody_before_it_is_announced() -> None:
    import jax.numpy as jnp

    from glasshouse.validation.pass_facts import extra

    use, distrust = jnp.array([0, 255, 128], jnp.uint8), jnp.array([2**29, 2**30 - 1, 2**29], jnp.int32)
    more = extra(use, distrust, 0)
    assert more[: 90 - 28] == pytest.approx(0, abs=1e-12)  # announced four weeks before
    assert (more >= -1e-12).all()
    assert more[-1] > 0


# --- societies


@pytest.fixture(scope="module")
def plays(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Plays:
    """A society of few people and two years, found in the folder that keeps runs."""
    keep = tmp_path_factory.mktemp("kept")
    (keep / "documented").symlink_to(run_folder)
    validate(["F06"])
    return Plays(SMALL["people"], SMALL["towns"], SMALL["seed"], keep)


def test_society_facts_are_sums_of_the_records(plays: Plays) -> None:
    def total(measure: str, where: str = "true") -> float:
        rows = plays.run("documented").records.sql(
            "SELECT sum(value)::DOUBLE AS v FROM totals WHERE world = 'documented' "
            f"AND measure = '{measure}' AND {where}"
        )
        return float(rows[0]["v"] or 0)

    values = {id: FINDERS[id](plays).values for id in ("F09", "F10", "F12", "F15", "F16", "F17", "F18", "F23", "F26")}
    assert values["F09"]["held and not voiced"] == total("silent_days", "dimension = 'all'") / total(
        "adult_days", "dimension = 'all'"
    )
    years = total("listed") / 12
    refused = total("refused", "dimension = 'service' AND key = 'flight'")
    assert values["F15"]["refusals"] == (
        pytest.approx(refused / years) if years else pytest.approx(math.nan, nan_ok=True)
    )
    assert 0 <= values["F16"]["in C or D"] <= 1
    assert values["F26"]["connected less others"] > 0
    filed = total("appeals", "key LIKE 'filed%'")
    could = total("wrong_entry", "dimension = 'cause'") + total("entered")
    assert values["F23"]["challenged"] == pytest.approx(filed / could)
    assert set(values["F17"]) == set(FACTS["F17"].targets)


def test_a_kept_run_of_other_people_is_refused(plays: Plays, tmp_path: Path) -> None:
    (tmp_path / "documented").symlink_to(plays.run("documented").folder)
    with pytest.raises(InputError, match="other people"):
        Plays(SMALL["people"] + 1, SMALL["towns"], SMALL["seed"], tmp_path).run("documented")


def test_the_stock_of_the_list_is_that_of_a_month(plays: Plays) -> None:
    from glasshouse.validation.society_facts import stock

    rows = plays.run("documented").records.sql(
        "SELECT sum(value)::DOUBLE AS v FROM totals WHERE world = 'documented' AND measure = 'listed' "
        "AND month = '2020-01-01'"
    )
    assert stock(plays.totals("documented"), dt.date(2020, 1, 1)) == float(rows[0]["v"] or 0)


def test_a_sign_that_chance_could_have_made_is_no_hit() -> None:
    """t interval of (-1, -2, -3): -2 +- 4.303 / sqrt 3; of (-2, -3, 4) it holds zero."""
    name = next(iter(FACTS["F25"].targets))
    clear = Finding.over_towns({name: [-4.0, -5.0, -6.0]}, "")
    assert clear.values == {name: -5.0}
    assert "[-7.5, -2.5]" in clear.detail
    assert Result(FACTS["F25"], clear).verdict == "hit"
    assert Result(FACTS["F25"], Finding.over_towns({name: [-2.0, -3.0, 4.0]}, "")).verdict == "miss"
    assert Result(FACTS["F25"], Finding.over_towns({name: [-2.0]}, "")).verdict == "hit"  # one town: no interval
    assert Result(FACTS["F25"], Finding.over_towns({name: [math.nan]}, "")).verdict == "miss"


# --- what is shown


def test_a_miss_and_a_gap_are_shown_as_such() -> None:
    hit, miss, gap = (
        Result(FACTS["F01"], Finding({"offences": -0.1})),
        Result(FACTS["F02"], Finding({"first 60 days": -0.2, "after 18 months": -0.2})),
        Result(FACTS["F06"], Finding(detail="nobody pays")),
    )
    assert [r.verdict for r in (hit, miss, gap)] == ["hit", "miss", "not modelled"]
    console = Console(width=160, record=True, file=Path("/dev/null").open("w"))  # noqa: SIM115
    console.print(table([hit, miss, gap]))
    lines = console.export_text().splitlines()
    assert [word for line in lines for word in ("hit", "miss", "not modelled") if f" {word} " in line] == [
        "hit", "miss", "not modelled",
    ]  # fmt: skip
    assert summary([hit, miss, gap]) == "Calibrated: 1 of 1 hit. Predicted: 0 of 1 hit, 1 not modelled"


def test_what_can_be_asked_for() -> None:
    assert chosen(None) == list(FACTS)
    assert chosen(["F19", "F01"]) == ["F01", "F19"]
    assert chosen(["predicted"]) == [f"F{n:02}" for n in range(2, 35, 2)]
    with pytest.raises(InputError, match='Did you mean "documented"'):
        chosen(["document"])


def test_the_command() -> None:
    done = CliRunner().invoke(app, ["validate", "--only", "F06,F19", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert [(row["id"], row["verdict"]) for row in told] == [("F06", "not modelled"), ("F19", "hit")]
    done = CliRunner().invoke(app, ["validate", "--only", "F19"])
    assert done.exit_code == 0
    assert "Calibrated: 1 of 1 hit" in done.stdout
