"""The report's colours, light and dark, and a tier palette for any number of tiers.

Tiers run from cold (best) over a neutral middle to warm (worst): straight lines in OKLab (Ottosson 2020)
between five anchors that keep apart for normal, protan, deutan and tritan eyes and against their background.
Colour never carries a meaning alone: tiers also have their letter and their order, worlds their line pattern.

Charts are drawn once, in light colours; `css_names` maps each of them to the CSS variable that a reader's
browser fills with the light or the dark one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Theme = dict[str, str]

LIGHT: Final[Theme] = {
    "surface": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#57606a",
    "grid": "#d8dee4",
    "panel": "#f6f8fa",
    "with": "#9a5b00",
    "without": "#6e7681",
    "mistaken": "#0b5cad",
    "both": "#3d2a66",
    "rule": "#b3541e",
    "heat": "#c2611f",
    "link": "#0b57c2",
}
DARK: Final[Theme] = {
    "surface": "#0d1218",
    "ink": "#e6edf3",
    "muted": "#9aa5b1",
    "grid": "#2b333d",
    "panel": "#151c24",
    "with": "#f0b24a",
    "without": "#8b949e",
    "mistaken": "#64b5ff",
    "both": "#c9b6f5",
    "rule": "#f0873a",
    "heat": "#d96a20",
    "link": "#7ab7ff",
}
ANCHORS: Final = {
    "light": ("#281c65", "#4756cf", "#868b92", "#c07c00", "#9b0229"),
    "dark": ("#54ffff", "#4e78db", "#9ca1a9", "#f7bf4c", "#db502a"),
}

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> NDArray[np.float64]:
    """Linear-light RGB in 0..1 of `#rrggbb`."""
    code = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def coded(light: NDArray[np.float64]) -> str:
    """`#rrggbb` of linear-light RGB, clipped to what a screen can show."""
    clipped = np.clip(light, 0, 1)
    code = np.where(clipped <= 0.0031308, clipped * 12.92, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in code)


def oklab(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """OKLab coordinates of linear-light RGB."""
    lab: NDArray[np.float64] = _TO_LAB @ np.cbrt(_TO_LMS @ light)
    return lab


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours after WCAG 2: from 1 to 21."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    low, high = sorted(float(weights @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def tier_palette(tiers: int, theme: str = "light") -> tuple[str, ...]:
    """Colours of `tiers` tiers, best first, in the theme "light" or "dark"."""
    labs = np.array([oklab(linear(colour)) for colour in ANCHORS[theme]])
    places = np.linspace(0, 1, tiers) if tiers > 1 else np.array([0.5])
    path = np.stack([np.interp(places, np.linspace(0, 1, len(labs)), labs[:, axis]) for axis in range(3)], axis=-1)
    to_light, to_lms = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)
    return tuple(coded(to_light @ (to_lms @ lab) ** 3) for lab in path)


def tier_name(place: int, tiers: int) -> str:
    """Name of the CSS variable of a tier's colour."""
    return f"tier-{tiers}-{place}"


def variables(theme: str, tier_counts: tuple[int, ...]) -> Theme:
    """CSS variable -> colour, for a theme and the numbers of tiers that the run's worlds have."""
    found = dict(LIGHT if theme == "light" else DARK)
    for tiers in sorted(set(tier_counts)):
        found |= {tier_name(place, tiers): colour for place, colour in enumerate(tier_palette(tiers, theme))}
    return found


def css_names(tier_counts: tuple[int, ...]) -> dict[str, str]:
    """Light colour -> CSS variable. What palettes of several sizes share, they share in both themes."""
    return {colour: name for name, colour in reversed(variables("light", tier_counts).items())}
