"""Rule books that provoke what is rare: crowded, piloted, national, guarded, unscored, random."""

from __future__ import annotations

import datetime as dt
import random
import tomllib
from collections.abc import Callable
from typing import Any

from glasshouse.regimes import RuleBook, regime
from glasshouse.regimes.checks import faults

Change = Callable[[dict[str, Any]], None]

# Deeds that happen often enough for every branch to be taken in a few weeks.
OFTEN: dict[str, Any] = {
    "loitering": {"kind": "offence", "occasions": 0.08, "committed": 0.5, "points": -7.25,
                  "seen_by": ["staff", "camera", "patrol"], "face": True},
    "gossip": {"kind": "speech", "occasions": 0.06, "committed": 0.6, "points": -11, "seen_by": ["platform", "office"]},
    "march": {"kind": "speech", "venue": "street", "occasions": 0.06, "committed": 0.6, "points": -12,
              "seen_by": ["office", "patrol", "platform"]},
    "complaint": {"kind": "speech", "venue": "office", "occasions": 0.02, "committed": 0.7, "points": -4,
                  "seen_by": ["office"]},
    "browsing": {"kind": "reading", "occasions": 0.05, "committed": 0.5, "points": -1, "seen_by": ["platform"]},
    "kindness": {"kind": "good", "occasions": 0.06, "committed": 0.4, "points": 6, "seen_by": ["organiser"]},
    "mishap": {"kind": "event", "occasions": 0.05, "committed": 1.0, "points": -40, "lawful": False,
               "seen_by": ["court"]},
    "singing": {"kind": "offence", "occasions": 0.06, "committed": 0.3, "points": -9, "lawful": True,
                "seen_by": ["camera", "victim", "staff", "patrol"], "face": True},
}  # fmt: skip

ABOUT = {"title": "t", "summary": "s", "place": "p", "years": [2020, 2020], "status": "assumed"}
TIERS: list[dict[str, Any]] = [
    {"name": "top", "from": 1004.5, "worth": 40},
    {"name": "good", "from": 1000, "worth": 20},
    {"name": "fair", "from": 960, "worth": 30},
    {"name": "poor", "from": 900, "worth": 60},
    {"name": "last"},
]


def book(raw: dict[str, Any]) -> RuleBook:
    made = RuleBook.model_validate(raw)
    found = faults(made, {(): 1})
    assert not found, found
    return made


def changed(name: str, change: Change) -> RuleBook:
    raw = tomllib.loads(regime(name).text)
    change(raw)
    return book(raw)


def crowded(raw: dict[str, Any]) -> None:
    """The article moved to where everything happens to everybody."""
    raw["deeds"] |= OFTEN
    raw["deeds"]["protest"]["face"] = False  # three face deeds are the most
    raw["score"] |= {"forgiveness": 0.75, "lowest": 820, "highest": 1012, "visible": 1, "association": 0.02}
    raw["tiers"] = [tier | {"from": bound} if bound else {"name": tier["name"]}
                    for tier, bound in zip(raw["tiers"], (1005, 1002.5, 990, 960, 900, None), strict=True)]  # fmt: skip
    raw["tiers"] = [t | {"worth": 30} if "from" in t else t for t in raw["tiers"]]
    way = {"tier": "D", "days": 10, "deeds": ["theft", "fraud", "violence"]}
    raw["lists"]["blacklist"] = {"title": "by tier", "term": 25, "exit_per_year": 6, "entry": way}
    raw["lists"]["shame"] = {"title": "by deed", "term": 5, "entry": {"deeds": ["mishap", "loitering", "singing"]},
                             "shaming": {"chance": 0.6, "days": 3}}  # fmt: skip
    raw["lists"]["forever"] = {
        "title": "never off",
        "permanent": True,
        "entry": {"deeds": ["gossip", "protest"]},
    }
    raw["lists"]["repair"] = {"title": "fifth, on the second block of exits", "exit_per_year": 9, "term": 65534,
                              "entry": {"deeds": ["utility_bill_late", "mishap", "jaywalking"]}}  # fmt: skip
    del raw["lists"]["redlist"]
    raw["lists"]["red"] = {"title": "red", "colour": "red", "term": 20, "entry": {"tier": "AAA"}}
    raw["consequences"]["red"] = {"prices": {"care": 0.5}, "promotion": 3, "job": 0.5, "tax": 0.5, "loan": -0.02}
    raw["consequences"]["shame"] = {
        "prices": {"care": 3, "bus": 1.25}, "denies": {"train": 1, "care": 0.4}, "tax": 1.3,
    }  # fmt: skip
    raw["consequences"]["D"]["denies"]["care"] = 0.3
    raw["consequences"]["repair"] = {"denies": {"bus": 0.1}}
    raw["channels"] = {"patrol": 0.3}
    raw["speech"] |= {"censored": 0.6, "propaganda": 0.1}
    raw["cameras"] |= {"threshold": 0.6, "gallery": 1_400_000_000, "review_false": 0.4}
    raw["timeline"] = [
        {"date": dt.date(2020, 8, 1), "districts": 1, "coverage": 0.7, "awareness": 0.4},
        {"date": dt.date(2020, 8, 19), "campaign": 0.3, "awareness": 0.9},
        {"date": dt.date(2020, 9, 12), "coverage": 1, "awareness": 1},
    ]


def piloted(raw: dict[str, Any]) -> None:
    """The same in half of the districts, then in more, then nowhere: pilots come and go in mid-month."""
    crowded(raw)
    raw["timeline"] = [
        {"date": dt.date(2020, 8, 5), "districts": 0.5, "coverage": 0.8, "awareness": 0.7},
        {"date": dt.date(2020, 8, 22), "districts": 0.8},
        {"date": dt.date(2020, 9, 20), "districts": 0.2, "campaign": 1},
    ]
    raw["lists"]["shame"] |= {"everywhere": True, "begins": dt.date(2020, 8, 9)}


def national(raw: dict[str, Any]) -> None:
    """The documented regime with a list that fills, in force outside the pilots too."""
    raw["deeds"] |= OFTEN | {"loitering": OFTEN["loitering"] | {"seen_by": ["patrol"], "face": False},
                             "singing": OFTEN["singing"] | {"seen_by": ["staff", "victim"], "face": False}}  # fmt: skip
    raw["lists"]["defaulters"] |= {"begins": dt.date(2020, 8, 11), "exit_per_year": 4.0}
    raw["lists"]["defaulters"]["entry"]["deeds"] += ["mishap", "singing"]
    raw["timeline"] = [{"date": dt.date(2019, 1, 1), "districts": 0.5, "coverage": 0, "awareness": 0.5}]


def guarded(raw: dict[str, Any]) -> None:
    """The crowded regime with every safeguard."""
    crowded(raw)
    raw["safeguards"] = {"score_free_essentials": True, "spare_lawful_acts": True, "human_review": 0.02,
                         "sunset": dt.date(2020, 10, 1)}  # fmt: skip


def unscored(raw: dict[str, Any]) -> None:
    """Ordinary law with one list and no score."""
    raw["deeds"] = {name: deed | {"points": 0} for name, deed in OFTEN.items()}
    raw["lists"] = {"court": {"title": "court", "everywhere": True, "term": 9, "entry": {"deeds": ["mishap"]},
                              "shaming": {"chance": 1, "days": 4}}}  # fmt: skip
    raw["consequences"] = {"court": {"denies": {"flight": 1, "bus": 0.5}}}
    raw["cameras"] = {"threshold": 0.55, "gallery": 5000}
    raw["timeline"] = [{"date": dt.date(2020, 8, 3), "districts": 1, "coverage": 0.5, "awareness": 0.5}]


def dissolved(raw: dict[str, Any]) -> None:
    """The court's list again, until a day on which people are on it."""
    unscored(raw)
    raw["lists"]["court"]["ends"] = dt.date(2020, 8, 20)


def ended(raw: dict[str, Any]) -> None:
    """The crowded regime, ending in the middle of a month."""
    crowded(raw)
    raw["safeguards"] = {"sunset": dt.date(2020, 9, 12)}


def random_book(number: int) -> RuleBook:
    """A rule book drawn from everything that may be written."""
    r = random.Random(number)
    channels = ["patrol", "staff", "victim", "customer", "office", "platform", "court"]
    services = ["care", "bus", "flight", "train", "school"]
    faces = r.sample(["jaywalking", "loitering", "singing", "theft", "gossip"], 3)
    deeds: dict[str, Any] = {}
    for name in ["jaywalking", "fare_evasion", "theft", "critical_post", "volunteering", *OFTEN]:
        new = {k: v for k, v in OFTEN.get(name, {}).items() if k in ("kind", "occasions", "committed", "venue")}
        good = name in ("volunteering", "kindness")
        deeds[name] = new | {"points": r.randint(1, 400) / 100 if good else -r.randint(0, 3000) / 100,
                             "seen_by": [*(["camera"] if name in faces or r.random() < 0.3 else []),
                                         *r.sample(channels, r.randint(1, 3))],
                             "face": name in faces}  # fmt: skip
        if r.random() < 0.3:
            deeds[name]["lawful"] = r.random() < 0.5
    bounds = sorted(r.sample(range(93000, 101000, 50), r.randint(1, 5)), reverse=True)
    tiers: list[dict[str, Any]] = [
        {"name": f"t{n}", "from": bound / 100, "worth": r.randint(10, 80)} for n, bound in enumerate(bounds)
    ]
    tiers.append({"name": "last"})
    lists: dict[str, Any] = {}
    for n in range(r.randint(1, 8)):
        entry: dict[str, Any] = {"deeds": r.sample(list(OFTEN), r.randint(1, 3))}
        lists[f"list{n}"] = {"title": "x", "entry": entry, "everywhere": r.random() < 0.3}
        if r.random() < 0.4:
            entry |= {"tier": r.choice(tiers)["name"], "days": r.choice([0, 1, 31])}
        way = r.choice(["term", "exit_per_year", "both", "permanent"])
        if way in ("term", "both"):
            lists[f"list{n}"]["term"] = r.choice([1, 2, 5, 30, 60000, 65534])
        if way in ("exit_per_year", "both"):
            lists[f"list{n}"]["exit_per_year"] = r.choice([0.5, 6, 1000])
        if way == "permanent":
            lists[f"list{n}"]["permanent"] = True
        if r.random() < 0.3:
            lists[f"list{n}"]["begins"] = dt.date(2020, 8, r.randint(1, 31))
        if r.random() < 0.3 and way != "permanent":
            lists[f"list{n}"]["ends"] = dt.date(2020, 9, r.randint(1, 30))
        if n == 0 or r.random() < 0.4:
            lists[f"list{n}"]["shaming"] = {"chance": r.choice([0.2, 0.7, 1]), "days": r.randint(1, 20)}
    red = {"title": "red", "colour": "red", "term": 40, "entry": {"tier": "t0", "days": r.choice([0, 20])}}
    place = r.randint(0, min(len(lists), 7))
    lists = dict([*list(lists.items())[:place], ("red", red), *list(lists.items())[place:7]])
    consequences: dict[str, Any] = {"red": {"prices": {"bus": r.choice([0, 0.5]), "care": 0.9}, "denies": {"train": 0}}}
    for name in [t["name"] for t in tiers] + [n for n in lists if n != "red"]:
        follows = {
            "denies": {s: r.choice([0, 0.01, 0.5, 1]) for s in r.sample(services, 2)},
            "prices": {s: r.choice([0.3, 0.995, 1, 1.5, 30]) for s in r.sample(services, 2)},
        }
        follows |= {t: r.choice([0.3, 1, 2.5]) for t in ("promotion", "job", "tax") if r.random() < 0.3}
        follows |= {"loan": r.choice([-0.03, 0, 0.08])} if r.random() < 0.3 else {}
        if (roll := r.random()) < 0.8:  # now and then the same as from the one above
            consequences[name] = follows if roll < 0.6 else list(consequences.values())[-1] if name != "t0" else {}
    return book({
        "about": ABOUT,
        "score": {"start": 1000, "visible": 0.7, "association": number % 2 / 40, "lowest": r.choice([0, 900]),
                  "highest": r.choice([1010, 1300]), "forgiveness": r.choice([0, 0.05, 2])},
        "tiers": tiers, "deeds": deeds, "lists": lists, "consequences": consequences,
        "channels": {name: r.choice([0.1, 0.5, 1]) for name in channels},
        "cameras": {"threshold": r.choice([0.5, 0.6, 0.7]), "gallery": r.choice([1, 10**4, 1_400_000_000]),
                    "review_true": r.choice([0.3, 1]), "review_false": r.choice([0, 0.3, 1])},
        "speech": {"surveillance": r.choice([0, 0.4, 1]), "censored": r.choice([0, 0.7, 1]),
                   "propaganda": r.choice([0, 0.2, 1])},
        "timeline": [
            {"date": dt.date(2020, 7, 25), "districts": r.choice([0.1, 0.5, 1]), "coverage": r.choice([0.2, 1]),
             "awareness": r.choice([0, 0.5, 1])},
            {"date": dt.date(2020, 8, r.randint(1, 31)), "districts": r.choice([0, 0.3, 1]),
             "campaign": r.choice([0.1, 0.9])},
            {"date": dt.date(2020, 9, r.randint(1, 15)), "districts": 0.7, "awareness": 1, "coverage": 1},
        ],
        "safeguards": {"spare_lawful_acts": r.random() < 0.3, "score_free_essentials": r.random() < 0.3}
        | ({"sunset": dt.date(2020, 9, 25)} if r.random() < 0.4 else {}),
    })  # fmt: skip
