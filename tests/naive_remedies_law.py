"""The naive reading of what a rule book says of appeals, audits, review, delay and stacking."""

from __future__ import annotations

from glasshouse.evidence import Parameters
from glasshouse.regimes.schema import RuleBook
from naive_draws import chance


class Remedies:
    """What a rule book says of appeals, audits, review, delay and stacking."""

    def __init__(self, book: RuleBook, p: Parameters) -> None:
        given, guards, n = book.appeals, book.safeguards, p.number
        told = n("remedies.noticed")
        if given is not None and given.noticed is not None:
            told = given.noticed.value
        if guards.explanation:
            told = 1.0
        self.appeals, self.audits = given is not None, guards.audit is not None and guards.audit.value > 0
        self.file_wrong = chance(told * n("remedies.file_wrong")) if given else 0
        self.file_right = chance(told * n("remedies.file_right")) if given else 0
        self.corrects = self.lets_off = self.hearing = self.staff = 0
        if given is not None:
            self.corrects = chance(given.corrects.value if given.corrects else n("remedies.corrects"))
            self.lets_off = chance(given.lets_off.value if given.lets_off else n("remedies.lets_off"))
            self.hearing = int(given.hearing_days.value if given.hearing_days else n("remedies.hearing_days"))
            self.staff = int(min(given.staff.value / 100_000, 0.25) * 2**32)
        self.audit = chance(1 - (1 - guards.audit.value) ** (1 / 12)) if guards.audit else 0
        self.delay = int(guards.delay.value)
        self.cap = int(guards.stacking_cap.value) if guards.stacking_cap else None


class Staff:
    """Who reads alerts, and what passes unread."""

    def __init__(self, book: RuleBook, p: Parameters) -> None:
        cameras, own = book.cameras, book.safeguards.human_review
        self.a_head: int | None = None
        read = unread = 0.0
        if cameras is not None:
            read = unread = cameras.review_false.value if own is None else own.value
            if cameras.review_staff is not None:
                bias = cameras.automation_bias
                unread = p.number("remedies.automation_bias") if bias is None else bias.value
                self.a_head = round(min(cameras.review_staff.value / 100_000, 2) * 2**30)
        self.top = max(read, unread)
        self.read, self.unread = (round(rate / (self.top or 1) * 2**16) for rate in (read, unread))

    def passed(self, probes: list[int], alert: list[int], residents: int) -> int:
        """Share of a town's wrong matches that count today, of 2^16, by yesterday's probes of each group."""
        alerts = sum(n * (a >> 8) for n, a in zip(probes, alert, strict=True)) >> 8
        share = 2**16
        if self.a_head is not None:
            able = self.a_head * residents >> 14
            if able < alerts:
                share = (able << 16) // alerts
        return (share * self.read + (2**16 - share) * self.unread) >> 16
