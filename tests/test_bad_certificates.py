"""What a certificate may not say: one sentence with the line and the mend."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from glasshouse.errors import InputError, RuleBookError
from glasshouse.regimes import regime
from glasshouse.regimes.certificate_law import outbreak

GOOD = regime("certificate-creep").text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("begins = 2021-08-09", "begins = 2021-07-01", ("before it is announced",)),
        ("ends = 2022-03-14", "ends = 2021-08-09", ("ends on 2021-08-09", "before it begins")),
        ('services = ["train", "flight"]', 'services = ["trian"]', ("trian", "train")),
        ('services = ["train", "flight"]', 'services = ["train", "care"]', ("care", "essential")),
        ("valid_days = { value = 270, range = [120, 365]", "valid_days = { value = 0, range = [0, 365]", ("65534",)),
        ('deeds = ["petition", "protest", "critical_post"]', 'deeds = ["petiton"]', ("petiton", "petition")),
        ('deeds = ["petition", "protest", "critical_post"]', "deeds = []", ("no deed",)),
        ("days = { value = 14, range = [1, 30]", "days = { value = 0, range = [0, 30]", ("0 days",)),
        ("begins = 2021-11-01\n", "begins = 2021-11-01\nends = 2021-11-01\n", ("creep ends",)),
        ("ends = 2022-06-30", "ends = 2021-07-01", ("epidemic ends",)),
        ("checked = { value = 0.8", "checked = { value = 1.8", ("not between 0 and 1",)),
        ("doses = 2021-01-04", "", ("doses",)),
        ("recovery = true", "recovered = true", ("recovered", "recovery")),
    ],
)  # fmt: skip
def test_one_sentence_with_line_and_mend(old: str, new: str, words: tuple[str, ...], tmp_path: Path) -> None:
    assert GOOD.count(old) >= 1
    path = tmp_path / "book.toml"
    text = GOOD.replace(old, new, 1)
    path.write_text(text, "utf-8")
    with pytest.raises(RuleBookError, match=r"line \d+") as found:
        regime(path)
    said = str(found.value)
    assert all(word in said for word in words), said
    assert "\n" not in said.strip()


def test_one_run_has_one_epidemic() -> None:
    """All worlds of a run live through the same infection: two rule books must not differ about it."""
    one, other = regime("certificate").book, regime("certificate-creep").book
    assert one.certificate is not None
    assert outbreak([regime("ordinary-law").book]) is None
    assert outbreak([regime("ordinary-law").book, one, other]) == one.certificate.epidemic
    later = one.certificate.epidemic.model_copy(update={"begins": dt.date(2021, 9, 1)})
    changed = one.model_copy(update={"certificate": one.certificate.model_copy(update={"epidemic": later})})
    with pytest.raises(InputError, match=r"two different epidemics.*run them apart\."):
        outbreak([other, changed])
