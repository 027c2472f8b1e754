"""Rule books for the corners of the law, each a question on which engine and docstrings once parted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from glasshouse.regimes import RuleBook
from naive_books import ABOUT, OFTEN, TIERS, book, changed, dissolved, ended


def simple(**sections: Any) -> RuleBook:
    """A score, five tiers, the frequent deeds, cameras off, everybody aware from the first day."""
    raw: dict[str, Any] = {
        "about": ABOUT,
        "score": {"start": 1000, "lowest": 0, "highest": 1300},
        "tiers": TIERS,
        "deeds": {name: deed | {"face": False, "seen_by": ["court"]} for name, deed in OFTEN.items()},
        "timeline": [{"date": dt.date(2020, 8, 1), "districts": 1, "awareness": 1}],
    }
    return book(raw | sections)


def shown(*ways: tuple[list[str], float, int]) -> dict[str, Any]:
    """Lists that show people in public: deeds, chance, days."""
    return {
        f"list{n}": {
            "title": "x",
            "term": 4,
            "entry": {"deeds": deeds},
            "shaming": {"chance": p, "days": days},
        }
        for n, (deeds, p, days) in enumerate(ways)
    }


RED = {"title": "red", "colour": "red", "term": 90, "entry": {"deeds": ["kindness"]}}
BLACK = {"title": "black", "term": 90, "entry": {"deeds": ["mishap", "loitering"]}}
TIMELY = [{"date": dt.date(2020, 8, 1), "districts": 1, "awareness": 1},
          {"date": dt.date(2020, 8, 4), "campaign": 1}]  # fmt: skip


def halved(raw: dict[str, Any]) -> None:
    raw["share"] = 0.5


def partly(raw: dict[str, Any]) -> None:
    dissolved(raw)
    raw["share"] = 0.33


UNPAID = {
    name: deed | {"face": False, "seen_by": ["court"], "points": min(deed["points"], 0)} for name, deed in OFTEN.items()
}


def corners() -> dict[str, RuleBook]:
    return {
        "somebody listed for a long stay in a tier is newly listed, and may be shown": simple(
            lists={
                "low": {
                    "title": "x",
                    "term": 30,
                    "entry": {"tier": "last"},
                    "shaming": {"chance": 1, "days": 5},
                }
            },
            score={"start": 880, "lowest": 0, "highest": 1300},
        ),
        "a red list makes cheaper whether it stands before a blacklist or after it": simple(
            lists={"red": RED, "black": BLACK},
            consequences={"red": {"prices": {"bus": 0.5}}, "black": {"prices": {"bus": 3}}},
        ),
        "a red list may make a service free": simple(lists={"red": RED}, consequences={"red": {"prices": {"bus": 0}}}),
        "a second display never shortens the first": simple(
            lists=shown((["mishap", "singing"], 1, 30), (["loitering", "browsing"], 1, 2))
        ),
        "each list shows with its own chance for its own days": simple(
            lists=shown((["mishap", "loitering"], 1, 2), (["mishap", "loitering"], 0.1, 30))
        ),
        "who knows that a deed earns points is rewarded, however little a boundary is near": simple(
            tiers=[{"name": "top", "from": 1290, "worth": 40}, {"name": "last"}]
        ),
        "the largest stakes deter most": simple(
            tiers=[{"name": "top", "from": 1000, "worth": 20000}, {"name": "last"}],
            timeline=TIMELY,
            deeds={name: UNPAID[name] for name in OFTEN},
        ),
        "a regime for half of the people": changed("article", halved),
        "a nation-wide list for a third of the people": changed("ordinary-law", partly),
        "a list that ends, ends for everybody on it": changed("ordinary-law", dissolved),
        "nothing follows after the sunset": changed("article", ended),
    }
