"""What a rule book stands on: years and sources, dates, cameras, every number's range and source."""

from __future__ import annotations

from itertools import pairwise

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.inventory import whereabouts

_MOST_FACES = 1e10


def about(case: Case) -> None:
    """A title, years in order, known sources."""
    about = case.book.about
    if not about.title.strip():
        case.fault(("about", "title"), "the title is empty; give the rule book a title of one line")
    first, last = about.years
    if first > last:
        case.fault(("about", "years"), f"the years {first} to {last} run backwards; write the earlier year first")
    for position, source in enumerate(about.sources):
        case.source(("about", "sources", position), source)


def timeline_and_cameras(case: Case) -> None:
    """Dates ascend; cameras have something to film."""
    phases = case.book.timeline
    for n, (before, phase) in enumerate(pairwise(phases), 1):
        if phase.date == before.date:
            case.fault(("timeline", n, "date"), f"the date {phase.date} stands twice; join the two phases")
        elif phase.date < before.date:
            text = f"{phase.date} stands after {before.date}; put the phases in order of date"
            case.fault(("timeline", n, "date"), text)
    for n, phase in enumerate(phases):
        if phase.source is not None:
            case.source(("timeline", n, "source"), phase.source)
    if (cameras := case.book.cameras) is None:
        return
    faces = float(cameras.gallery)
    if not (1 <= faces <= _MOST_FACES and faces == int(faces)):
        text = f"cameras.gallery is {faces:g} faces; write a whole number from 1 to {_MOST_FACES:,.0f}"
        case.fault(("cameras", "gallery"), text)
    if not any(phase.coverage is not None for phase in phases):
        text = "the cameras never film; give coverage in a [[timeline]], such as coverage = 0.3"
        case.fault(("cameras",), text)


def numbers(case: Case) -> None:
    """A range holds its value; what is more than assumed has a source."""
    for place, number in whereabouts(case.book):
        low, high = number.range or (number.value, number.value)
        if low > high:
            text = f"the range {low:g} to {high:g} runs backwards; write the lower end first"
            case.fault((*place, "range"), text)
        elif not low <= number.value <= high:
            text = f"the value {number.value:g} is not in its range {low:g} to {high:g}; correct one of them"
            case.fault((*place, "range"), text)
        if number.source is not None:
            case.source((*place, "source"), number.source)
        elif number.status != "assumed":
            text = f"a number that is {number.status} needs a source; add its source, or call it assumed"
            case.fault((*place, "status"), text)
