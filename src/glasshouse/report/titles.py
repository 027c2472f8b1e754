"""Short names of worlds for headings and sentences; the full titles stand once, at the top of the page."""

from __future__ import annotations

from dataclasses import replace

from glasshouse.records.schema import Manifest


def shortened(manifest: Manifest) -> Manifest:
    """The manifest with titles cut at their colon; where that leaves two alike, the world's name tells them apart."""
    cut = {world.name: world.title.split(":", 1)[0].strip() or world.name for world in manifest.worlds}
    shown = list(cut.values())
    return replace(
        manifest,
        worlds=tuple(
            replace(
                world,
                title=cut[world.name] if shown.count(cut[world.name]) == 1 else f"{cut[world.name]} ({world.name})",
            )
            for world in manifest.worlds
        ),
    )
