"""Deeds and the channels that see them."""

from __future__ import annotations

from glasshouse.errors import nearest
from glasshouse.regimes.checks.case import CAMERA, Case
from glasshouse.regimes.messages import quote
from glasshouse.regimes.places import Place
from glasshouse.regimes.schema import Deed

# Room in the day's marks (`words.MARKS`) and in the tables of a law (`regimes.tables`).
_MOST_DEEDS, _MOST_FACE_DEEDS, _MOST_CHANNELS = 60, 3, 3
_NEW = ("kind", "occasions", "committed")


def deeds_and_channels(case: Case) -> None:
    """Every deed is described, and one that counts can be seen."""
    deeds = case.book.deeds
    total = len(case.deeds | set(deeds))
    if total > _MOST_DEEDS:
        text = f"there are {total} deeds with those of the catalogue, and room for {_MOST_DEEDS}; take some out"
        case.fault(("deeds", list(deeds)[-1]), text)
    faced = [name for name, deed in deeds.items() if deed.face]
    if len(faced) > _MOST_FACE_DEEDS:
        text = f"{len(faced)} deeds use faces, and there is room for {_MOST_FACE_DEEDS}; take `face` out of some"
        case.fault(("deeds", faced[_MOST_FACE_DEEDS], "face"), text)
    for name, deed in deeds.items():
        _described(case, name, deed)
        _watched(case, name, deed)
        _counted(case, name, deed)
    for name in case.book.channels:
        if name == CAMERA:
            text = "what cameras see follows from [cameras] and from coverage in [[timeline]]; take it out here"
            case.fault(("channels", name), text)
        elif name not in case.sees:
            case.unknown(("channels", name), "channel", name, case.sees)


def _described(case: Case, name: str, deed: Deed) -> None:
    """A deed of the catalogue is described there, a new one here."""
    absent = [key for key in _NEW if getattr(deed, key) is None]
    place: Place = ("deeds", name)
    if name in case.deeds:
        for key in (*_NEW, "venue"):
            if getattr(deed, key) is not None:
                text = f"{key} of {quote(name)} stands in the catalogue of deeds already; take it out here"
                case.fault((*place, key), text)
    elif absent:
        text = (
            f"the deed {quote(name)} is not in the catalogue; "
            f"correct the name, or describe the new deed with {', '.join(absent)}"
        )
        case.fault(place, text, nearest(name, case.deeds) if len(absent) == len(_NEW) else "")
    elif deed.occasions is not None and float(deed.occasions) > 1:
        text = f"{quote(name)} has {float(deed.occasions):g} occasions a day; write at most 1"
        case.fault((*place, "occasions"), text)
    elif deed.venue is not None and deed.kind != "speech":
        text = f'only speech has a venue, and {quote(name)} is of another kind; take it out, or write kind = "speech"'
        case.fault((*place, "venue"), text)


def _watched(case: Case, name: str, deed: Deed) -> None:
    """Its channels exist, once each, and faces need cameras."""
    place: Place = ("deeds", name, "seen_by")
    for position, channel in enumerate(deed.seen_by):
        if channel != CAMERA and channel not in case.sees:
            case.unknown((*place, position), "channel", channel, {CAMERA, *case.sees})
        if channel in deed.seen_by[:position]:
            case.fault((*place, position), f"the channel {quote(channel)} stands twice; take one of them out")
    others = [channel for channel in deed.seen_by if channel != CAMERA]
    if len(others) > _MOST_CHANNELS:
        text = f"{quote(name)} has {len(others)} channels besides cameras; keep {_MOST_CHANNELS} of them"
        case.fault(place, text)
    if deed.face and CAMERA not in deed.seen_by:
        text = f"{quote(name)} uses faces but no camera watches it; add {quote(CAMERA)} to seen_by"
        case.fault(("deeds", name, "face"), text)


def _counted(case: Case, name: str, deed: Deed) -> None:
    """Points need an account, and somebody who sees the deed."""
    place: Place = ("deeds", name)
    case.points((*place, "points"), float(deed.points))
    if not float(deed.points):
        return
    if case.book.score is None:
        text = f"{quote(name)} has points but there is no score; add a section [score]"
        case.fault((*place, "points"), text)
    if CAMERA in deed.seen_by and case.book.cameras is None:
        text = f"cameras watch {quote(name)} but there are none; add a section [cameras] or take them out"
        case.fault((*place, "seen_by"), text)
    elif case.blind(deed):
        text = f"no channel can see {quote(name)}, so its points are never given; name a channel in seen_by"
        case.fault((*place, "seen_by"), text)
