"""The certificate: its dates run forward, its gates exist, and it shuts nobody out of what is essential."""

from __future__ import annotations

from glasshouse.regimes.checks.case import Case
from glasshouse.regimes.messages import quote
from glasshouse.regimes.places import Place
from glasshouse.regimes.sections.certificate import Certificate, Creep, Epidemic

_SECTION: Place = ("certificate",)


def certificate(case: Case) -> None:
    """The section `[certificate]`, if there is one."""
    given = case.book.certificate
    if given is None:
        return
    if given.begins < given.announced:
        text = f"the certificate begins on {given.begins}, before it is announced; correct one of the dates"
        case.fault((*_SECTION, "begins"), text)
    _forward(case, "certificate", _SECTION, given)
    _services(case, given)
    if given.valid_days is not None and not 1 <= float(given.valid_days) <= 65_534:
        text = f"a paper holds {float(given.valid_days):g} days; write 1 to 65534, or leave valid_days out"
        case.fault((*_SECTION, "valid_days"), text)
    if given.creep is not None:
        _creep(case, given.creep)
    _forward(case, "epidemic", (*_SECTION, "epidemic"), given.epidemic)


def _forward(case: Case, what: str, place: Place, given: Certificate | Creep | Epidemic) -> None:
    if given.ends is not None and given.ends <= given.begins:
        text = f"the {what} ends on {given.ends}, before it begins; correct one of the dates"
        case.fault((*place, "ends"), text)


def _services(case: Case, given: Certificate) -> None:
    from glasshouse import evidence  # here, so that naming a regime does not read the evidence

    essential = {service.id for service in evidence.services() if service.essential}
    for position, name in enumerate(given.services):
        if name not in case.services:
            case.unknown((*_SECTION, "services", position), "service", name, case.services - essential)
        elif name in essential:
            text = f"{quote(name)} is essential, and no certificate may shut people out of it; take it out"
            case.fault((*_SECTION, "services", position), text)


def _creep(case: Case, given: Creep) -> None:
    place: Place = (*_SECTION, "creep")
    _forward(case, "creep", place, given)
    known = case.deeds | set(case.book.deeds)
    for position, name in enumerate(given.deeds):
        if name not in known:
            case.unknown((*place, "deeds", position), "deed", name, known)
    if not given.deeds:
        case.fault((*place, "deeds"), "no deed turns a code red; name deeds, or take the section out")
    if float(given.days) < 1:
        case.fault((*place, "days"), "a code that is red for 0 days shuts nobody out; write 1 day or more")
