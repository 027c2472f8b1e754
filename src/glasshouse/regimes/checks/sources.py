"""Data sources and informers: registers that exist, and informers who have something to report."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.messages import quote

_INFORMING, _NEIGHBOUR = "informing", "neighbour"


def registers_and_informers(case: Case) -> None:
    """Registers exist and rest on known sources; neighbours tell only where informing is rewarded, and the reverse."""
    from glasshouse.evidence.registers import registers  # here, so that naming a regime does not read the evidence

    known = {register.id for register in registers()}
    for name, joining in (case.book.registers or {}).items():
        if name not in known:
            case.unknown(("registers", name), "register", name, known)
        if joining.source is not None:
            case.source(("registers", name, "source"), joining.source)
    deeds = case.book.deeds
    rewarded = _INFORMING in deeds and float(deeds[_INFORMING].points) > 0
    told = [name for name, deed in deeds.items() if _NEIGHBOUR in deed.seen_by]
    if told and not rewarded:
        text = f"neighbours report {quote(told[0])} but nobody is rewarded for it; give points to the deed informing"
        case.fault(("deeds", told[0], "seen_by"), f"{text}, or take {quote(_NEIGHBOUR)} out")
    if rewarded and not told:
        text = f"informing is rewarded but there is nothing to report; add {quote(_NEIGHBOUR)} to seen_by of a deed"
        case.fault(("deeds", _INFORMING), text)
